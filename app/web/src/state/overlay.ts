/** Rows as this browser means them: what the service said, with what waits to be sent on top. */
import type { Expense, ExpenseInput, ListQuery } from '../api/types';
import type { Entry } from './local';

/** A row with what is still to happen to it: null when the service has it as shown. */
export type Shown = Expense & { pending: Entry['state'] | null };

export function shown(row: Expense, pending: Shown['pending'] = null): Shown {
  return { ...row, pending };
}

/** A row that only this browser knows, from what was typed. */
export function drafted(
  id: string,
  input: ExpenseInput,
  ledger: { currency: Expense['currency'] },
  today: string,
  at: number,
): Expense {
  const made = new Date(at).toISOString();
  return {
    id,
    kind: input.kind ?? 'expense',
    date: input.date ?? today,
    amount: input.amount,
    currency: input.currency ?? ledger.currency,
    description: input.description ?? '',
    note: input.note ?? '',
    category_id: input.category_id ?? null,
    tag_ids: input.tag_ids ?? [],
    account_id: input.account_id ?? null,
    to_account_id: input.to_account_id ?? null,
    to_amount: input.to_amount ?? null,
    to_currency: input.to_currency ?? null,
    purchase_id: input.purchase_id ?? null,
    refund_of: input.refund_of ?? null,
    reference: input.reference ?? '',
    source: 'web',
    import_id: null,
    version: 0,
    etag: '',
    created_by: null,
    created_at: made,
    updated_at: made,
    deleted_at: null,
  };
}

/** The row after one entry; null where the entry says nothing without a row. */
export function applied(
  row: Expense | null,
  entry: Entry,
  ledger: { currency: Expense['currency'] },
  today: string,
): Expense | null {
  switch (entry.op) {
    case 'create':
      return row ?? drafted(entry.expense, entry.input, ledger, today, entry.at);
    case 'change':
      return row && { ...row, ...(entry.patch as Partial<Expense>) };
    // Until the person decides, a row in conflict stays where it can be seen.
    case 'trash':
      if (entry.state !== 'waiting') return row;
      return row && { ...row, deleted_at: new Date(entry.at).toISOString() };
    case 'restore':
      return row && { ...row, deleted_at: null };
  }
}

/** The rows of a list with the outbox's entries of that ledger on top, in the list's order. */
export function overlaid(
  rows: readonly Expense[],
  entries: readonly Entry[],
  ledger: { id: string; currency: Expense['currency'] },
  today: string,
  belongs: (row: Expense) => boolean,
): Shown[] {
  const own = entries.filter((entry) => entry.ledger === ledger.id);
  if (own.length === 0) return rows.map((row) => shown(row));
  const byId = new Map<string, Shown>(rows.map((row) => [row.id, shown(row)]));
  for (const entry of own) {
    const before = byId.get(entry.expense) ?? entry.base;
    const after = applied(before, entry, ledger, today);
    if (after) byId.set(entry.expense, shown(after, worst(byId.get(entry.expense), entry)));
  }
  return [...byId.values()].filter((row) => row.pending === null || belongs(row)).sort(newestFirst);
}

function worst(row: Shown | undefined, entry: Entry): Entry['state'] {
  const order: Entry['state'][] = ['waiting', 'refused', 'conflict'];
  const before = row?.pending ?? 'waiting';
  return order.indexOf(before) > order.indexOf(entry.state) ? before : entry.state;
}

/** The rows with one that is being edited in its place, whatever happened to it elsewhere. */
export function pinned(rows: Shown[], opened: Shown | null): Shown[] {
  if (!opened) return rows;
  const now = rows.find((row) => row.id === opened.id);
  if (now?.date === opened.date) return rows;
  const kept = { ...(now ?? opened), date: opened.date };
  return [...rows.filter((row) => row.id !== opened.id), kept].sort(newestFirst);
}

export function newestFirst(one: Expense, other: Expense): number {
  return compare(other.date, one.date) || compare(other.id, one.id);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether a row is in a list of this filter, as far as a browser can tell without the service. */
export function matches(
  row: Expense,
  filter: ListQuery,
  parentOf: (category: string) => string | null,
): boolean {
  const { category, account, tag, min, max, q } = filter;
  const amount = Number(row.amount);
  return (
    (row.deleted_at !== null) === (filter.trashed ?? false) &&
    (!filter.from || row.date >= filter.from) &&
    (!filter.to || row.date <= filter.to) &&
    (!filter.kind || row.kind === filter.kind) &&
    (!filter.currency || row.currency === filter.currency) &&
    (!min || amount >= Number(min)) &&
    (!max || amount <= Number(max)) &&
    (!category || inCategory(row.category_id, category, parentOf)) &&
    (!account || row.account_id === account || row.to_account_id === account) &&
    (!tag || (tag === 'none' ? row.tag_ids.length === 0 : row.tag_ids.includes(tag))) &&
    (!q || hasWords(row, q))
  );
}

function inCategory(
  own: string | null,
  wanted: string,
  parentOf: (category: string) => string | null,
): boolean {
  if (wanted === 'none' || own === null) return wanted === 'none' && own === null;
  return own === wanted || parentOf(own) === wanted;
}

function hasWords(row: Expense, q: string): boolean {
  const text = folded(`${row.description} ${row.note}`);
  return folded(q)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Without case and accents. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
