/** Splitting a purchase: parts are taken off the row, which keeps the rest. */
import type { Currency } from '../../api/types';
import { type Amount, fromMinor, readAmount, toMinor } from '../../lib/money';

export interface Part {
  amount: string;
  category: string | null;
  description: string;
}

export type Split =
  | { ok: true; rest: string; parts: (Part & { amount: string })[] }
  | { ok: false; part: number; fault: Extract<Amount, { ok: false }>['fault'] | 'over' };

/** What is left of `total` once every part is taken off; it must stay above zero. */
export function split(total: string, currency: Currency, parts: readonly Part[]): Split {
  let rest = toMinor(total, currency);
  const read: Part[] = [];
  for (const [index, part] of parts.entries()) {
    const amount = readAmount(part.amount, currency);
    if (!amount.ok) return { ok: false, part: index, fault: amount.fault };
    rest -= toMinor(amount.amount, currency);
    if (rest <= 0n) return { ok: false, part: index, fault: 'over' };
    read.push({ ...part, amount: amount.amount });
  }
  return { ok: true, rest: fromMinor(rest, currency), parts: read };
}
