/** Values of rows as people read them: names for ids, amounts with their currency. */
import { asDate } from '../../lib/dates';
import { date, money, number } from '../../lib/format';
import { i18n, t } from '../../lib/i18n.svelte';
import { reference } from '../../state/reference.svelte';
import type { Entity, Field, Image, Op, Reader, RowChange, Tags } from './diff';

/** The name of a row; null where nobody knows it any more. */
export type Lookup = (
  entity: 'category' | 'account' | 'tag' | 'member',
  id: string,
) => string | null;

/** Names of the ledger as it is now, then those that the change itself tells, then of people. */
export function lookup(rows: readonly RowChange[], people: ReadonlyMap<string, string>): Lookup {
  const told = new Map(
    rows.map((row) => [`${row.entity} ${row.id}`, textOf(row.after ?? row.before, 'name')]),
  );
  return (entity, id) => {
    const now = {
      category: () => reference.categoryName(id),
      account: () => reference.accountById.get(id)?.name,
      tag: () => reference.tagById.get(id)?.name,
      member: () => people.get(id),
    }[entity]();
    return (now ?? '') || (told.get(`${entity} ${id}`) ?? '') || null;
  };
}

export function tagReader(names: Lookup): Tags {
  return (ids) => ids.map((id) => names('tag', id) ?? t('changes.gone'));
}

export function reader(names: Lookup): Reader {
  const named = (entity: Parameters<Lookup>[0], id: unknown) =>
    typeof id === 'string' ? (names(entity, id) ?? t('changes.gone')) : '';
  const readers: Partial<Record<Field, (image: Image) => string>> = {
    amount: (image) => money(textOf(image, 'amount'), textOf(image, 'currency')),
    to_amount: (image) => optionalMoney(image, 'to_amount', 'to_currency'),
    opening_balance: (image) => optionalMoney(image, 'opening_balance', 'currency'),
    kind: (image) => t(`kind.${image['kind'] as 'expense' | 'income' | 'transfer'}`),
    account_kind: (image) => t(`accounts.kind.${image['kind'] as 'cash'}`),
    role: (image) => t(`members.role.${image['role'] as 'owner'}`),
    date: (image) => date(textOf(image, 'date')),
    category_id: (image) => named('category', image['category_id']),
    parent_id: (image) => named('category', image['parent_id']),
    account_id: (image) => named('account', image['account_id']),
    to_account_id: (image) => named('account', image['to_account_id']),
    refund_of: (image) => (image['refund_of'] ? t('changes.anExpense') : ''),
    purchase_id: (image) => (image['purchase_id'] ? t('changes.aPurchase') : ''),
    archived: (image) => t(image['archived'] ? 'manage.yes' : 'manage.no'),
    hue: (image) => t(`hue.${image['hue'] as 0}`),
    position: (image) => number(Number(image['position']) + 1),
    first_day_of_week: (image) => weekday(Number(image['first_day_of_week'])),
  };
  return (field, image) => readers[field]?.(image) ?? textOf(image, field);
}

function optionalMoney(image: Image, amount: string, currency: string): string {
  return textOf(image, amount) ? money(textOf(image, amount), textOf(image, currency)) : '';
}

/** ISO's number of a weekday, Monday is 1. */
function weekday(day: number): string {
  const monday = asDate('2024-01-01');
  monday.setUTCDate(day);
  return new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: 'UTC' }).format(monday);
}

export function textOf(image: Image | null, name: string): string {
  const value = image?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** What a row is called: an expense by its description and amount, others by their names. */
export function labelOf(entity: Entity, id: string, image: Image | null, names: Lookup): string {
  if (entity === 'member') return names('member', id) ?? t('changes.somebody');
  if (entity !== 'expense') return textOf(image, 'name') || t('changes.gone');
  const amount = image ? money(textOf(image, 'amount'), textOf(image, 'currency')) : '';
  return [textOf(image, 'description') || t('list.untitled'), amount].filter(Boolean).join(', ');
}

export function opWord(op: Op): string {
  return t(`changes.op.${op}`);
}
