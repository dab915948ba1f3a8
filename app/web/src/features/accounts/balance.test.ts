import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Account } from '../../api/types';
import { fromMinor } from '../../lib/money';
import { readBalance, totals } from './balance';

const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
const currency = fc.constantFrom('EUR', 'JPY', 'KWD');

describe('an opening balance', () => {
  test('reads back as it is written, below zero too', () => {
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        const text = fromMinor(amount, code);
        expect(readBalance(text, code)).toEqual({ ok: true, amount: text });
      }),
    );
  });

  test('is zero where nothing is typed', () => {
    expect(readBalance(' ', 'EUR')).toEqual({ ok: true, amount: '0.00' });
    expect(readBalance('-0', 'JPY')).toEqual({ ok: true, amount: '0' });
  });

  test('may be a sum, and is refused where it cannot be read', () => {
    expect(readBalance('10-12,5', 'EUR')).toEqual({ ok: true, amount: '-2.50' });
    expect(readBalance('-1.234', 'EUR')).toEqual({ ok: true, amount: '-1234.00' });
    expect(readBalance('-1.23456', 'EUR')).toEqual({ ok: false, fault: 'decimals' });
    expect(readBalance('lots', 'EUR')).toEqual({ ok: false, fault: 'syntax' });
  });
});

test('balances are added up within each currency', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(minor, currency)), (rows) => {
      const accounts = rows.map(
        ([amount, code]) => ({ balance: fromMinor(amount, code), currency: code }) as Account,
      );
      const sums = new Map(totals(accounts).map((one) => [one.currency, one.balance]));
      for (const code of new Set(rows.map(([, code]) => code))) {
        const own = rows.filter(([, other]) => other === code);
        const sum = own.reduce((all, [amount]) => all + amount, 0n);
        expect(sums.get(code)).toBe(fromMinor(sum, code));
      }
    }),
  );
});
