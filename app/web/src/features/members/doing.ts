/** What can be done about members; what can be undone offers it. */
import { api, ask } from '../../api/client';
import type { components } from '../../api/schema';
import type { Role } from '../../api/types';
import { tellUndoable, undoable } from '../../api/undo';
import { t } from '../../lib/i18n.svelte';
import { go } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { settled } from '../manage/clash.svelte';
import type { Member, People } from './people.svelte';

export type Link = components['schemas']['OneTimeLink'];
export type NewInvitation = components['schemas']['NewInvitation'];

export async function changeRole(people: People, row: Member, role: Role): Promise<void> {
  const { id: request, headers } = undoable();
  const { ledger } = people;
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const path = { ledger, user: row.user_id };
      const params = { path, header: { 'If-Match': etag } };
      return ask(
        api.PATCH('/api/v1/ledgers/{ledger}/members/{user}', { params, body: { role }, headers }),
      );
    },
    differences: (theirs: Member) => [
      {
        label: t('members.role'),
        mine: t(`members.role.${role}`),
        theirs: t(`members.role.${theirs.role}`),
      },
    ],
  });
  if (done) {
    const text = t('members.roleChanged', { name: row.name, role: t(`members.role.${role}`) });
    // Without the right to change members one cannot take it back either.
    if (row.is_me) toasts.show(text);
    else tellUndoable(text, ledger, request);
  }
  if (done && row.is_me) await session.loadLedgers();
  else await people.load();
}

export async function removeMember(people: People, row: Member): Promise<void> {
  const { id: request, headers } = undoable();
  const { ledger } = people;
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: async (etag) => {
      const path = { ledger, user: row.user_id };
      const params = { path, header: { 'If-Match': etag } };
      await ask(api.DELETE('/api/v1/ledgers/{ledger}/members/{user}', { params, headers }));
      return true;
    },
    differences: (theirs: Member) => [
      {
        label: t('members.role'),
        mine: t('members.isRemoved'),
        theirs: t(`members.role.${theirs.role}`),
      },
    ],
  });
  if (done) tellUndoable(t('members.removed', { name: row.name }), ledger, request);
  await people.load();
}

export async function leave(people: People): Promise<void> {
  const name = session.ledger?.name ?? '';
  const params = { path: { ledger: people.ledger } };
  await session.part(people.ledger, () =>
    ask(api.DELETE('/api/v1/ledgers/{ledger}/members/me', { params })),
  );
  await go('/');
  toasts.show(t('members.left', { name }));
}

export function makeResetLink(people: People, row: Member): Promise<Link> {
  const params = { path: { ledger: people.ledger, user: row.user_id } };
  return ask(api.POST('/api/v1/ledgers/{ledger}/members/{user}/password-reset', { params }));
}

export async function invite(people: People, role: Role, note: string): Promise<NewInvitation> {
  const params = { path: { ledger: people.ledger } };
  const body = { role, note };
  const made = await ask(api.POST('/api/v1/ledgers/{ledger}/invitations', { params, body }));
  await people.load();
  return made;
}

export async function revoke(people: People, id: string): Promise<void> {
  const params = { path: { ledger: people.ledger, id } };
  await ask(api.DELETE('/api/v1/ledgers/{ledger}/invitations/{id}', { params }));
  await people.load();
  toasts.show(t('members.revoked'));
}
