/** What can be done with ledgers as a whole. */
import { api, ask } from '../../api/client';
import type { components } from '../../api/schema';
import type { Ledger } from '../../api/types';
import { tellUndoable, undoable } from '../../api/undo';
import { i18n, t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { go } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { differences, type Reading, settled } from '../manage/clash.svelte';

type LedgerPatch = components['schemas']['LedgerPatch'];
export type LedgerFields = Required<LedgerPatch>;

const READING: Reading<Ledger> = {
  name: { label: () => t('field.name'), show: (row) => row.name },
  currency: { label: () => t('field.currency'), show: (row) => row.currency },
  time_zone: { label: () => t('ledger.zone'), show: (row) => row.time_zone },
  first_day_of_month: {
    label: () => t('ledger.monthDay'),
    show: (row) => String(row.first_day_of_month),
  },
  first_day_of_week: {
    label: () => t('ledger.weekDay'),
    show: (row) => weekday(row.first_day_of_week),
  },
};

/** The name of a day of the week, 1 for Monday. */
export function weekday(day: number): string {
  const format = new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: 'UTC' });
  return format.format(new Date(Date.UTC(2024, 0, day, 12)));
}

export async function changeLedger(row: Ledger, patch: LedgerPatch): Promise<void> {
  const { id: request, headers } = undoable();
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: { ledger: row.id }, header: { 'If-Match': etag } };
      return ask(api.PATCH('/api/v1/ledgers/{ledger}', { params, body: patch, headers }));
    },
    differences: (theirs: Ledger) => differences(patch, theirs, READING),
  });
  await session.loadLedgers();
  if (done) tellUndoable(t('ledger.changed'), row.id, request);
}

export async function makeLedger(
  fields: LedgerFields,
  categories: 'default' | 'none',
): Promise<void> {
  const body = { ...fields, id: uuid7(), categories };
  const made = await ask(api.POST('/api/v1/ledgers', { body }));
  await session.loadLedgers();
  session.show(made.id);
  await go('/');
  toasts.show(t('ledger.made', { name: made.name }), { tone: 'good' });
}

/** The one that is shown first, and meant where none is named. */
export async function makeDefault(row: Ledger): Promise<void> {
  const before = session.ledgers.find((one) => one.is_default);
  await setDefault(row.id);
  const run = () => {
    if (before) void setDefault(before.id).catch((error: unknown) => toasts.fail(String(error)));
  };
  const text = t('ledger.isDefaultNow', { name: row.name });
  toasts.show(text, before ? { action: { label: t('undo'), run } } : {});
}

async function setDefault(id: string): Promise<void> {
  const params = { header: { 'If-Match': '*' } };
  await ask(api.PATCH('/api/v1/me', { params, body: { default_ledger_id: id } }));
  await session.loadLedgers();
}

/** For good, with all that is in it. */
export async function deleteLedger(row: Ledger): Promise<void> {
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: async (etag) => {
      const header = { 'If-Match': etag };
      const params = { path: { ledger: row.id }, query: { confirm: row.name }, header };
      await session.part(row.id, () => ask(api.DELETE('/api/v1/ledgers/{ledger}', { params })));
      return true;
    },
    differences: (theirs: Ledger) => [
      { label: t('field.name'), mine: t('manage.deleted'), theirs: theirs.name },
    ],
  });
  if (!done) {
    await session.loadLedgers();
    return;
  }
  await go('/');
  toasts.show(t('manage.removed', { name: row.name }));
}
