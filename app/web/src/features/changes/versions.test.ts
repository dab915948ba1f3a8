import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Expense } from '../../api/types';
import { lacks, patchTo } from './versions';

const text = fc.constantFrom('', 'a', 'b');
const id = fc.constantFrom(null, 'x', 'y');
const expense = fc.record({
  kind: fc.constantFrom('expense', 'income'),
  date: fc.constantFrom('2026-11-20', '2026-11-21'),
  amount: fc.constantFrom('1.00', '2.00'),
  currency: fc.constantFrom('EUR', 'USD'),
  description: text,
  note: text,
  category_id: id,
  tag_ids: fc.uniqueArray(text),
  account_id: id,
  version: fc.nat(),
  etag: text,
  deleted_at: fc.constantFrom(null, '2026-11-21T10:00:00Z'),
}) as unknown as fc.Arbitrary<Expense>;

test('what a version wants, laid on the row as it is, gives the version', () => {
  fc.assert(
    fc.property(expense, expense, (version, now) => {
      const { version: _, etag, deleted_at, ...rest } = { ...now, ...patchTo(version, now) };
      expect(rest).toEqual(
        Object.fromEntries(Object.keys(rest).map((name) => [name, version[name as keyof Expense]])),
      );
      expect({ etag, deleted_at }).toEqual({ etag: now.etag, deleted_at: now.deleted_at });
    }),
  );
});

test('a version is as the row is when nothing is to change', () => {
  fc.assert(
    fc.property(expense, (row) => {
      expect(patchTo(row, row)).toEqual({});
    }),
  );
});

test('a version that names what is gone cannot come back as a whole', () => {
  const names = (_: unknown, one: string) => (one === 'gone' ? null : 'Food');
  const version = { category_id: 'food', tag_ids: ['a'], account_id: null };
  expect(lacks(version, names)).toBe(false);
  expect(lacks({ ...version, category_id: 'gone' }, names)).toBe(true);
  expect(lacks({ ...version, tag_ids: ['a', 'gone'] }, names)).toBe(true);
});
