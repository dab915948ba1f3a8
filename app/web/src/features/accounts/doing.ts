/** What can be done with accounts; each says what was done, and offers to undo it. */
import { api, ask, Problem } from '../../api/client';
import type { components } from '../../api/schema';
import type { Account } from '../../api/types';
import { tellUndoable, undoable } from '../../api/undo';
import { money } from '../../lib/format';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { said } from '../../lib/said';
import { reference } from '../../state/reference.svelte';
import { toasts } from '../../state/toasts.svelte';
import { differences, type Reading, settled } from '../manage/clash.svelte';
import { moved, type Placed } from '../manage/order';

export type AccountInput = components['schemas']['AccountInput'];
export type AccountPatch = components['schemas']['AccountPatch'];
export type Balances = components['schemas']['Balances'];

const READING: Reading<Account> = {
  name: { label: () => t('field.name'), show: (row) => row.name },
  kind: { label: () => t('field.kind'), show: (row) => t(`accounts.kind.${row.kind}`) },
  currency: { label: () => t('field.currency'), show: (row) => row.currency },
  opening_balance: {
    label: () => t('accounts.opening'),
    show: (row) => money(row.opening_balance, row.currency),
  },
  archived: {
    label: () => t('manage.archived'),
    show: (row) => t(row.archived ? 'manage.yes' : 'manage.no'),
  },
};

function path(id: string) {
  return { ledger: reference.ledger ?? '', id };
}

export async function addAccount(input: AccountInput): Promise<void> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const params = { path: { ledger, id: uuid7() }, header: { 'If-None-Match': '*' } };
  await ask(api.PUT('/api/v1/ledgers/{ledger}/accounts/{id}', { params, body: input, headers }));
  await reference.load('accounts');
  tellUndoable(t('manage.added', { name: input.name }), ledger, request);
}

/** False when the other version stays. */
export async function changeAccount(
  row: Account,
  patch: AccountPatch,
  text: string,
): Promise<boolean> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const answer = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: path(row.id), header: { 'If-Match': etag } };
      return ask(
        api.PATCH('/api/v1/ledgers/{ledger}/accounts/{id}', { params, body: patch, headers }),
      );
    },
    differences: (theirs: Account) => differences(patch as Partial<Account>, theirs, READING),
  });
  await reference.load('accounts');
  if (answer) tellUndoable(text, ledger, request);
  return answer !== null;
}

export async function reorderAccount(row: Account, steps: number): Promise<void> {
  const beside = reference.accounts.filter((one) => one.archived === row.archived);
  const at = beside.findIndex((one) => one.id === row.id);
  const places = moved(beside, at, at + steps);
  if (places.length === 0) return;
  const ids = new Set(places.map((one) => one.id));
  const before = beside.filter((one) => ids.has(one.id));
  await place(places);
  const run = () =>
    void place(before)
      .then(() => toasts.show(t('undo.done')))
      .catch((error: unknown) => toasts.fail(said(error)));
  const values = { name: row.name, place: at + steps + 1, total: beside.length };
  toasts.show(t('manage.placed', values), { action: { label: t('undo'), run } });
}

/** Places are set on top of whatever else changed: nobody's other change is lost by it. */
async function place(places: readonly Placed[]): Promise<void> {
  for (const { id, position } of places) {
    const params = { path: path(id), header: { 'If-Match': '*' } };
    const body = { position };
    await ask(api.PATCH('/api/v1/ledgers/{ledger}/accounts/{id}', { params, body }));
  }
  await reference.load('accounts');
}

/** "used" where rows, be it in the trash, still name it. */
export async function removeAccount(row: Account): Promise<'removed' | 'kept' | 'used'> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  try {
    const done = await settled({
      name: row.name,
      etag: row.etag,
      send: (etag) => {
        const params = { path: path(row.id), header: { 'If-Match': etag } };
        return ask(api.DELETE('/api/v1/ledgers/{ledger}/accounts/{id}', { params, headers }));
      },
      differences: (theirs: Account) => [
        { label: t('field.account'), mine: t('manage.deleted'), theirs: theirs.name },
      ],
    });
    await reference.load('accounts');
    if (done) tellUndoable(t('manage.removed', { name: row.name }), ledger, request);
    return done ? 'removed' : 'kept';
  } catch (error) {
    if (error instanceof Problem && error.status === 409) return 'used';
    throw error;
  }
}

export function loadBalances(
  id: string,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<Balances> {
  const params = { path: path(id), query: { from, to } };
  return ask(api.GET('/api/v1/ledgers/{ledger}/accounts/{id}/balances', { params, signal }));
}
