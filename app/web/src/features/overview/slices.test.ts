import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { fromMinor } from '../../lib/money';
import { NONE, REST, slices } from './slices';

const part = (key: string | null, spent: bigint, currency = 'EUR') => ({
  key,
  currency: currency as 'EUR',
  spent: fromMinor(spent, currency),
  income: '0.00',
  count: 1,
  previous_spent: '0.00',
});
const parentOf = (id: string) => (id.includes('/') ? (id.split('/')[0] ?? null) : null);
const amounts = fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 30 });

describe('slices', () => {
  test('are the whole, however many there are, and none twice', () => {
    fc.assert(
      fc.property(amounts, (minors) => {
        const parts = minors.map((one, index) => part(`c${index}`, one));
        const found = slices(parts, 'EUR', parentOf);
        expect(found.length).toBeLessThanOrEqual(8);
        expect(found.reduce((sum, one) => sum + one.spent, 0n)).toBe(
          minors.reduce((a, b) => a + b),
        );
        const rest = slices(parts, 'EUR', parentOf, REST).reduce((sum, one) => sum + one.spent, 0n);
        expect(rest).toBe(found.find((one) => one.key === REST)?.spent ?? 0n);
      }),
    );
  });

  test('hold the children of a parent, and open into them', () => {
    const parts = [
      part('food', 100n),
      part('food/coffee', 50n),
      part(null, 30n),
      part('rent', 900n),
    ];
    expect(slices(parts, 'EUR', parentOf).map((one) => [one.key, one.spent, one.hasParts])).toEqual(
      [
        ['rent', 900n, false],
        ['food', 150n, true],
        [NONE, 30n, false],
      ],
    );
    expect(slices(parts, 'EUR', parentOf, 'food').map((one) => [one.key, one.spent])).toEqual([
      ['food', 100n],
      ['food/coffee', 50n],
    ]);
  });

  test('leave out other currencies and what was refunded whole', () => {
    expect(slices([part('a', 5n, 'CHF'), part('b', 0n), part('c', -5n)], 'EUR', parentOf)).toEqual(
      [],
    );
  });
});
