/** Entries and fields in words. */
import type { Expense, ExpensePatch } from '../../api/types';
import { date, money } from '../../lib/format';
import { type Key, t } from '../../lib/i18n.svelte';
import { type Field, wish } from '../../state/conflict';
import { UNPLACED } from '../../state/entries';
import type { Entry } from '../../state/local';
import { drafted } from '../../state/overlay';
import { reference } from '../../state/reference.svelte';
import { session } from '../../state/session.svelte';

/** The row as this browser means it, all entries of it together; null where there is none. */
export function meant(own: readonly Entry[], from: number = UNPLACED): Expense | null {
  const first = own.find((entry) => entry.n >= from);
  if (!first) return null;
  const { row, patch } = wish(own, first.n);
  if (first.op !== 'create') return row;
  const ledger = session.ledgers.find((one) => one.id === first.ledger) ?? { currency: 'EUR' };
  const made = drafted(first.expense, first.input, ledger, '', first.at);
  return { ...made, ...(patch as Partial<Expense>) };
}

/** What a row names that is not there any more, taken off it. */
export function dropped(
  row: Expense,
): Pick<ExpensePatch, 'category_id' | 'account_id' | 'tag_ids'> {
  const { categoryById, accountById, tagById } = reference;
  const tags = row.tag_ids.filter((id) => tagById.has(id));
  return {
    ...(row.category_id && !categoryById.has(row.category_id) ? { category_id: null } : {}),
    ...(row.account_id && !accountById.has(row.account_id) ? { account_id: null } : {}),
    ...(tags.length < row.tag_ids.length ? { tag_ids: tags } : {}),
  };
}

export function nameOf(row: Expense | null): string {
  return row?.description || t('list.untitled');
}

/** What a group of fields holds, on one line. */
export function fieldText(field: Field, row: Expense): string {
  switch (field) {
    case 'amount':
      return money(row.amount, row.currency);
    case 'date':
      return date(row.date);
    case 'kind':
      return row.kind === 'transfer'
        ? `${t('kind.transfer')} → ${account(row.to_account_id)}`
        : t(`kind.${row.kind}`);
    case 'category_id':
      return row.category_id ? reference.categoryName(row.category_id) || '…' : t('category.none');
    case 'account_id':
      return row.account_id ? account(row.account_id) : t('account.none');
    case 'tag_ids':
      return row.tag_ids.map((id) => reference.tagById.get(id)?.name ?? '…').join(', ');
    case 'refund_of':
    case 'purchase_id':
      return row[field] ? t(`conflict.${field}`) : '';
    default:
      return String(row[field] ?? '');
  }
}

function account(id: string | null): string {
  return (id && reference.accountById.get(id)?.name) || '…';
}

const LABELS: Partial<Record<Field, Key>> = {
  amount: 'field.amount',
  description: 'field.description',
  date: 'field.date',
  kind: 'field.kind',
  category_id: 'field.category',
  account_id: 'field.account',
  to_account_id: 'field.to',
  currency: 'field.currency',
  tag_ids: 'field.tags',
  note: 'field.note',
  refund_of: 'conflict.refund_of',
  purchase_id: 'conflict.purchase_id',
  reference: 'conflict.reference',
};

export function fieldLabel(field: Field): string {
  const key = LABELS[field];
  return key ? t(key) : field;
}

/** "/category_id" of a refusal as the form's own word for it. */
export function pointerLabel(pointer: string): string {
  return fieldLabel(pointer.slice(1) as Field);
}
