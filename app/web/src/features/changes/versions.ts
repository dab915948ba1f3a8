/** Back to an earlier version of an expense: as a change of the row as it is now. */
import type { Expense, ExpensePatch } from '../../api/types';
import type { Image } from './diff';
import type { Lookup } from './values';

const FIELDS = [
  'kind',
  'date',
  'amount',
  'currency',
  'description',
  'note',
  'category_id',
  'tag_ids',
  'account_id',
  'to_account_id',
  'to_amount',
  'to_currency',
  'purchase_id',
  'refund_of',
  'reference',
] as const satisfies readonly (keyof ExpensePatch)[];

/** What to change of `now` so that it says what `version` says; empty when it does. */
export function patchTo(version: Image, now: Expense): ExpensePatch {
  const changed = FIELDS.filter(
    (name) => JSON.stringify(version[name] ?? null) !== JSON.stringify(now[name] ?? null),
  );
  return Object.fromEntries(changed.map((name) => [name, version[name]])) as ExpensePatch;
}

/** Whether the version names a category, an account or a tag that there is no more. */
export function lacks(version: Image, names: Lookup): boolean {
  const known = (entity: 'category' | 'account' | 'tag', id: unknown) =>
    typeof id !== 'string' || names(entity, id) !== null;
  const tags = (version['tag_ids'] as unknown[] | undefined) ?? [];
  return !(
    known('category', version['category_id']) &&
    known('account', version['account_id']) &&
    known('account', version['to_account_id']) &&
    tags.every((tag) => known('tag', tag))
  );
}
