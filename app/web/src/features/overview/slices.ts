/** From sums by category to the slices of a ring: parents with their children, then the children. */
import type { Summary } from '../../api/types';
import { toMinor } from '../../lib/money';

export interface Slice {
  /** A category's id; NONE for rows without one, REST for the small ones together. */
  key: string;
  spent: bigint;
  before: bigint;
  count: number;
  /** Of all that is shown, 0 to 1. */
  share: number;
  hasParts: boolean;
}

export const NONE = 'none';
export const REST = 'rest';
/** More slices than this are hard to tell apart; the smallest are shown together. */
const MOST = 8;

type Part = Summary['groups'][number];

/**
 * Slices, largest first. `inside` shows the parts of one category (its own rows under its own id), or
 * with REST those that were too small. Categories whose refunds exceed their spending have none.
 */
export function slices(
  parts: readonly Part[],
  currency: string,
  parentOf: (category: string) => string | null,
  inside: string | null = null,
): Slice[] {
  const found = new Map<string, Slice>();
  for (const part of parts) {
    if (part.currency !== currency) continue;
    const own = part.key ?? NONE;
    const top = part.key === null ? NONE : (parentOf(part.key) ?? part.key);
    if (inside !== null && inside !== REST && top !== inside) continue;
    const key = inside === null || inside === REST ? top : own;
    const before = found.get(key);
    found.set(key, {
      key,
      spent: (before?.spent ?? 0n) + toMinor(part.spent, currency),
      before: (before?.before ?? 0n) + toMinor(part.previous_spent, currency),
      count: (before?.count ?? 0) + part.count,
      share: 0,
      hasParts: (before?.hasParts ?? false) || own !== top,
    });
  }
  const all = [...found.values()].filter((one) => one.spent > 0n).sort(bySpending);
  const small = all.length > MOST ? all.slice(MOST - 1) : [];
  const shown = inside === REST ? small : inside === null ? gathered(all) : all;
  const total = shown.reduce((sum, one) => sum + one.spent, 0n);
  return shown.map((one) => ({ ...one, share: ratio(one.spent, total) }));
}

function gathered(all: Slice[]): Slice[] {
  if (all.length <= MOST) return all;
  const rest = all.slice(MOST - 1).reduce((sum, one) => ({
    key: REST,
    spent: sum.spent + one.spent,
    before: sum.before + one.before,
    count: sum.count + one.count,
    share: 0,
    hasParts: true,
  }));
  return [...all.slice(0, MOST - 1), { ...rest, key: REST, hasParts: true }];
}

function bySpending(one: Slice, other: Slice): number {
  return one.spent === other.spent
    ? one.key < other.key
      ? -1
      : 1
    : one.spent > other.spent
      ? -1
      : 1;
}

/** A part of a whole as a number for drawing. */
export function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1_000_000n) / whole) / 1_000_000;
}
