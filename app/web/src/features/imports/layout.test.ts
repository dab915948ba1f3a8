import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { changed, examples, type Field, FIELDS, fieldsOf, headerFrom, made } from './layout';
import type { Layout } from './types';

const BARE: Layout = {
  encoding: 'utf-8', delimiter: ',', quote: '"', escape: '', skip_lines: 0, header: [], width: 6,
  date: 0, date_order: 'ymd', decimal: '.', thousands: '', currency: 'EUR', amount: 2,
  spending: 'negative', debit: null, credit: null, debit_written: 'positive',
  credit_written: 'positive', sign: null, out_words: [], in_words: [], fee: null, balance: null,
  currency_column: null, status: null, payee: 1, payer: null, description: [3, 4], fallback: null,
  note: [], category: null, account: null, tags: null, reference: null,
}; // prettier-ignore

const column = fc.integer({ min: 0, max: 5 });
const field = fc.constantFrom<Field | null>(null, ...FIELDS);
const choices = fc.array(fc.tuple(column, field), { maxLength: 12 });

/** The layout after a person has gone through several choices. */
function after(steps: readonly (readonly [number, Field | null])[]): Layout {
  return steps.reduce((layout, [at, to]) => changed(layout, made(layout, at, to)), BARE);
}

describe('which column is what', () => {
  test('a column is what was chosen for it, and nothing else', () => {
    fc.assert(
      fc.property(choices, column, field, (steps, at, to) => {
        const layout = after([...steps, [at, to]]);
        expect(fieldsOf(layout, at)).toEqual(to === null ? [] : [to]);
      }),
    );
  });

  test('choosing what it is already changes nothing', () => {
    fc.assert(
      fc.property(choices, column, field, (steps, at, to) => {
        const layout = after([...steps, [at, to]]);
        expect(made(layout, at, to)).toEqual({});
      }),
    );
  });

  test('an amount is in one column or in two, never both', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        const layout = after(steps);
        expect(layout.amount === null || (layout.debit ?? layout.credit) === null).toBe(true);
      }),
    );
  });

  test('no choice gives another column a field', () => {
    fc.assert(
      fc.property(choices, column, field, (steps, at, to) => {
        const before = after(steps);
        const layout = changed(before, made(before, at, to));
        for (let other = 0; other < 6; other += 1) {
          if (other === at) continue;
          const had = fieldsOf(before, other);
          expect(fieldsOf(layout, other).filter((one) => !had.includes(one))).toEqual([]);
        }
      }),
    );
  });

  test('a date that moves leaves its old column unused', () => {
    expect(made(BARE, 5, 'date')).toEqual({ date: 5 });
    expect(fieldsOf(changed(BARE, made(BARE, 5, 'date')), 0)).toEqual([]);
  });

  test('texts are put together in the order of the columns', () => {
    expect(made(BARE, 1, 'description')).toEqual({ payee: null, description: [1, 3, 4] });
  });
});

test('examples leave out empty cells and repetitions', () => {
  const rows = [['a', ''], ['a', ' '], ['b', 'x'], ['c'], ['d']];
  expect(examples(rows, 0)).toEqual(['a', 'b', 'c']);
  expect(examples(rows, 1)).toEqual(['x']);
});

test('a header is as wide as the file, and tells equal names apart', () => {
  expect(headerFrom(['Date', 'Currency', '', 'Currency '], 5)).toEqual([
    'Date', 'Currency', '', 'Currency (2)', '',
  ]); // prettier-ignore
});
