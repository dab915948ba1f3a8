import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Category } from '../../api/types';
import { branches, isTaken, parentsFor, targetsFor } from './tree';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** Trees of two levels as the service gives them: what lies under another is of its kind. */
const trees = fc
  .array(
    fc.record({
      under: fc.option(fc.nat({ max: 2 })),
      income: fc.boolean(),
      archived: fc.boolean(),
      entries: fc.nat({ max: 9 }),
    }),
    { minLength: 1, maxLength: ids.length },
  )
  .map((given) => {
    const rows: Category[] = [];
    for (const [index, one] of given.entries()) {
      const top = rows.filter((row) => row.parent_id === null)[one.under ?? ids.length];
      rows.push({
        id: ids[index],
        name: `Name ${index}`,
        kind: top?.kind ?? (one.income ? 'income' : 'expense'),
        parent_id: top?.id ?? null,
        archived: one.archived,
        entries: one.entries,
      } as Category);
    }
    return rows;
  });

describe('the tree', () => {
  test('shows every category once, archived ones apart', () => {
    fc.assert(
      fc.property(trees, (rows) => {
        const shown = (['expense', 'income'] as const).flatMap((kind) => [
          ...branches(rows, kind),
          ...branches(rows, kind, true),
        ]);
        const seen = shown.flatMap(({ category, children }) => [category, ...children]);
        expect(seen.map((row) => row.id).sort()).toEqual(rows.map((row) => row.id).sort());
      }),
    );
  });

  test('counts with a category what lies under it, as the filtered list does', () => {
    fc.assert(
      fc.property(trees, (rows) => {
        for (const { category, entries } of branches(rows, 'expense')) {
          const below = rows.filter((row) => [row.id, row.parent_id].includes(category.id));
          expect(entries).toBe(below.reduce((sum, row) => sum + row.entries, 0));
        }
      }),
    );
  });
});

test('a category goes under no other that lies under one, and under none with children', () => {
  fc.assert(
    fc.property(trees, (rows) => {
      for (const row of rows) {
        const hasChildren = rows.some((one) => one.parent_id === row.id);
        const parents = parentsFor(rows, row.kind, row.id);
        if (hasChildren) expect(parents).toEqual([]);
        expect(parents.every((one) => one.parent_id === null && one.id !== row.id)).toBe(true);
        expect(parents.every((one) => one.kind === row.kind && !one.archived)).toBe(true);
      }
    }),
  );
});

test('a category is merged into another of its kind that can take what lies under it', () => {
  fc.assert(
    fc.property(trees, (rows) => {
      for (const row of rows) {
        const hasChildren = rows.some((one) => one.parent_id === row.id);
        for (const one of targetsFor(rows, row)) {
          expect([one.kind, one.archived, one.id === row.id]).toEqual([row.kind, false, false]);
          if (hasChildren) expect(one.parent_id).toBeNull();
        }
      }
    }),
  );
});

test('a name is taken beside another of its kind, whatever its case', () => {
  const row = { id: 'a', name: 'Food', kind: 'expense', parent_id: null, archived: false };
  const all = [row as Category];
  const place = { kind: 'expense' as const, parent_id: null, id: null };
  expect(isTaken(all, ' fOOd ', place)).toBe(true);
  expect(isTaken(all, 'Food', { ...place, id: 'a' })).toBe(false);
  expect(isTaken(all, 'Food', { ...place, kind: 'income' })).toBe(false);
  expect(isTaken(all, 'Food', { ...place, parent_id: 'b' })).toBe(false);
});
