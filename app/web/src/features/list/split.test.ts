import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fromMinor, toMinor } from '../../lib/money';
import { split } from './split';

const part = (amount: string) => ({ amount, category: null, description: '' });
const CURRENCIES = fc.constantFrom('EUR' as const, 'JPY' as const, 'KWD' as const);

test('the parts and the rest are the whole, to the last minor unit', () => {
  fc.assert(
    fc.property(
      CURRENCIES,
      fc.array(fc.bigInt(1n, 10n ** 12n), { maxLength: 9 }),
      fc.bigInt(1n, 10n ** 12n),
      (currency, minors, rest) => {
        const total = minors.reduce((sum, one) => sum + one, rest);
        const done = split(
          fromMinor(total, currency),
          currency,
          minors.map((one) => part(fromMinor(one, currency))),
        );
        expect(done.ok && toMinor(done.rest, currency)).toBe(rest);
      },
    ),
  );
});

test('nothing is left over for the row itself: the part that takes too much is named', () => {
  expect(split('10.00', 'EUR', [part('4'), part('6')])).toEqual({
    ok: false,
    part: 1,
    fault: 'over',
  });
  expect(split('10.00', 'EUR', [part('')])).toEqual({ ok: false, part: 0, fault: 'empty' });
});
