import fc from 'fast-check';
import { expect, test } from 'vitest';

import { arrow, slice, ticks } from './scale';

test('an axis is round, reaches its largest value, and has few steps', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (most) => {
      const marks = ticks(most);
      expect(marks[0]).toBe(0);
      expect(marks.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      expect(marks.length).toBeLessThanOrEqual(6);
    }),
  );
  expect(ticks(0)).toEqual([0]);
  expect(ticks(87)).toEqual([0, 25, 50, 75, 100]);
});

test('a slice of nothing and a whole ring are paths too', () => {
  for (const [from, to] of [
    [0, 1],
    [0.3, 0.3],
    [0.25, 0.75],
  ] as const) {
    expect(slice(from, to, 100, 60)).not.toMatch(/NaN|Infinity/);
  }
});

test('arrow keys go round', () => {
  expect([arrow('ArrowRight', 2, 3), arrow('ArrowLeft', 0, 3), arrow('End', 0, 3)]).toEqual([
    0, 2, 2,
  ]);
  expect(arrow('a', 0, 3)).toBe(null);
});
