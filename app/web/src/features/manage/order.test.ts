import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { last, moved, type Placed } from './order';

const rows = fc
  .array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 12 })
  .map((positions) =>
    positions
      .sort((one, other) => one - other)
      .map((position, index): Placed => ({ id: String.fromCharCode(97 + index), position })),
  );

function ordered(list: readonly Placed[]): string[] {
  return [...list]
    .sort((one, other) => one.position - other.position || one.id.localeCompare(other.id))
    .map((row) => row.id);
}

describe('a row that is moved', () => {
  test('stands where it was put, with all others in their order', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (list, one, other) => {
        const [from, to] = [one % list.length, other % list.length];
        const set = new Map(moved(list, from, to).map((row) => [row.id, row.position]));
        const after = list.map((row) => ({ ...row, position: set.get(row.id) ?? row.position }));
        const wanted = ordered(list);
        wanted.splice(to, 0, ...wanted.splice(from, 1));
        expect(ordered(after)).toEqual(wanted);
        expect([...set.values()].every((position) => position >= 0)).toBe(true);
      }),
    );
  });

  test('changes only itself where there is room, and one neighbour where there is none', () => {
    const wide = [10, 20, 30].map((position, index) => ({ id: String(index), position }));
    expect(moved(wide, 2, 1)).toEqual([{ id: '2', position: 15 }]);
    const tight = [4, 5, 6].map((position, index) => ({ id: String(index), position }));
    expect(moved(tight, 2, 1)).toEqual([
      { id: '2', position: 5 },
      { id: '1', position: 6 },
    ]);
  });

  test('stays where it is at either end', () => {
    const list = [0, 1].map((position, index) => ({ id: String(index), position }));
    expect(moved(list, 0, -1)).toEqual([]);
    expect(moved(list, 1, 2)).toEqual([]);
  });
});

test('a row that is added last stands behind all others', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const made = { id: 'zz', position: last(list) };
      expect(ordered([...list, made]).at(-1)).toBe('zz');
    }),
  );
});
