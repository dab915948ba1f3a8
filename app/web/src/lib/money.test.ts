import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DECIMALS } from '../api/currencies';
import { decimalsOf, fromMinor, isArithmetic, readAmount, toMinor } from './money';

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF');
const minor = fc.bigInt(1n, 10n ** 15n);

/** `amount` as people write it: grouped or not, with either mark. */
function written(amount: string, mark: '.' | ',', group: string): string {
  const [whole = '', part] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return part ? `${grouped}${mark}${part}` : grouped;
}

describe('amounts', () => {
  test('print and read without loss in every currency', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), currency, (value, code) => {
        expect(toMinor(fromMinor(value, code), code)).toBe(value);
      }),
    );
  });

  test.each([
    ['.', ','],
    [',', '.'],
    ['.', ' '],
    [',', '’'],
    [',', ''],
  ] as const)('are read with %s for decimals and %s between thousands', (mark, group) => {
    fc.assert(
      fc.property(minor, (value) => {
        const amount = fromMinor(value, 'EUR');
        expect(readAmount(written(amount, mark, group), 'EUR')).toEqual({ ok: true, amount });
      }),
    );
  });

  test('are added, multiplied and divided exactly', () => {
    fc.assert(
      fc.property(minor, fc.bigInt(1n, 1000n), (value, times) => {
        fc.pre(value * times < 10n ** 15n);
        const amount = fromMinor(value, 'EUR');
        expect(readAmount(`${amount}*${times}`, 'EUR')).toEqual({
          ok: true,
          amount: fromMinor(value * times, 'EUR'),
        });
        expect(readAmount(`${amount}*${times}/${times}`, 'EUR')).toEqual({ ok: true, amount });
        expect(readAmount(`(${amount}+${amount})-${amount}`, 'EUR')).toEqual({ ok: true, amount });
      }),
    );
  });

  test.each([
    ['12,50+3*2', 'EUR', '18.50'],
    ['10/3', 'EUR', '3.33'],
    ['0.125*1', 'EUR', '0.12'],
    ['0.375*1', 'EUR', '0.38'],
    ['1.234', 'EUR', '1234.00'],
    ['1.234', 'KWD', '1.234'],
    ['0.5', 'EUR', '0.50'],
    ['1.234,5', 'EUR', '1234.50'],
    ['12 × 3', 'JPY', '36'],
    ['-5+7', 'EUR', '2.00'],
    ['  7,3 ', 'EUR', '7.30'],
  ])('%s in %s is %s', (typed, code, amount) => {
    expect(readAmount(typed, code)).toEqual({ ok: true, amount });
  });

  test.each([
    ['', 'empty'],
    ['abc', 'syntax'],
    ['1e5', 'syntax'],
    ['12..5', 'syntax'],
    ['1,2.3,4', 'syntax'],
    ['(1+2', 'syntax'],
    ['1+', 'syntax'],
    ['Infinity', 'syntax'],
    ['12.3456', 'decimals'],
    ['0', 'zero'],
    ['5-7', 'negative'],
    ['5/0', 'division'],
    ['99999999999999,99', 'large'],
    ['1'.repeat(500), 'syntax'],
  ])('%s is refused as %s', (typed, fault) => {
    expect(readAmount(typed, 'EUR')).toEqual({ ok: false, fault });
  });

  test('never throw and never lose their currency’s decimals, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), currency, (typed, code) => {
        const read = readAmount(typed, code);
        if (read.ok) expect(fromMinor(toMinor(read.amount, code), code)).toBe(read.amount);
      }),
    );
  });

  test('know the decimals of currencies', () => {
    expect([decimalsOf('EUR'), decimalsOf('JPY'), decimalsOf('KWD')]).toEqual([2, 0, 3]);
    expect(Object.values(DECIMALS).every((decimals) => decimals !== 2)).toBe(true);
  });

  test('show a result only for arithmetic', () => {
    expect(['12', '-3', '12+1', '3*2'].map(isArithmetic)).toEqual([false, false, true, true]);
  });
});
