import type { Account } from '../../api/types';
import { type Amount, fromMinor, readAmount, toMinor } from '../../lib/money';

/** As `readAmount`, but nothing at all, zero and less than zero are balances too. */
export function readBalance(typed: string, currency: string): Amount {
  const zero: Amount = { ok: true, amount: fromMinor(0n, currency) };
  if (!typed.trim()) return zero;
  const read = readAmount(typed, currency);
  if (read.ok) return read;
  if (read.fault === 'zero') return zero;
  if (read.fault !== 'negative') return read;
  const turned = readAmount(`0-(${typed})`, currency);
  return turned.ok ? { ok: true, amount: `-${turned.amount}` } : turned;
}

export interface Total {
  currency: string;
  balance: string;
}

/** What is on the accounts in sum, a total for each currency. */
export function totals(accounts: readonly Account[]): Total[] {
  const sums = new Map<string, bigint>();
  for (const { balance, currency } of accounts) {
    sums.set(currency, (sums.get(currency) ?? 0n) + toMinor(balance, currency));
  }
  return [...sums].map(([currency, sum]) => ({ currency, balance: fromMinor(sum, currency) }));
}
