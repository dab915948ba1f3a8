/** The list's filter as the address has it: the API's own names, so that a link says what it shows. */
import { CURRENCIES } from '../../api/currencies';
import type { Currency, Kind, ListQuery } from '../../api/types';

export const NAMES = [
  'q', 'from', 'to', 'category', 'account', 'tag', 'kind', 'currency', 'min', 'max', 'trashed',
  'sort', 'purchase', 'import_id',
] as const; // prettier-ignore
export type Name = (typeof NAMES)[number];

const KINDS: readonly string[] = ['expense', 'income', 'transfer'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const AMOUNT = /^\d{1,15}(\.\d{1,4})?$/;
const ID = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|none)$/;
const PATTERNS: Partial<Record<Name, RegExp>> = {
  from: DATE,
  to: DATE,
  category: ID,
  account: ID,
  tag: ID,
  min: AMOUNT,
  max: AMOUNT,
  purchase: ID,
  import_id: ID,
};

/** The query for the API; what an address has that makes no sense is left out. */
export function readFilter(address: URLSearchParams, own: Currency): ListQuery {
  const found: Partial<Record<Name, string>> = {};
  for (const name of NAMES) {
    const value = address.get(name)?.trim();
    if (value && (PATTERNS[name]?.test(value) ?? true)) found[name] = value.slice(0, 200);
  }
  const { kind, currency, sort, trashed, ...rest } = found;
  const query: ListQuery = { ...rest };
  if (kind && KINDS.includes(kind)) query.kind = kind as Kind;
  if (currency && CURRENCIES.includes(currency)) query.currency = currency as Currency;
  if (sort === 'amount') query.sort = sort;
  if (trashed === 'true') query.trashed = true;
  // Amounts are compared within one currency only.
  if ((query.min || query.max || query.sort) && !query.currency) query.currency = own;
  return query;
}

/** How many of the filter's fields narrow the list; search, order and the trash are shown elsewhere. */
export function countFilters(query: ListQuery): number {
  const { q: _q, sort: _s, trashed: _t, limit: _l, cursor: _c, currency, ...rest } = query;
  const isForAmounts = Boolean(rest.min ?? rest.max ?? query.sort);
  return Object.values(rest).filter(Boolean).length + (currency && !isForAmounts ? 1 : 0);
}
