import { describe, expect, test } from 'vitest';

import { BOUND, LETTERS } from './bound';
import { step } from './keys';

describe('the keys of shortcuts', () => {
  const keys = [
    ...Object.values(BOUND).flat(),
    ...Object.values(LETTERS).map((letter) => `g ${letter}`),
  ] as string[];

  test('are no two the same', () => {
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  test('keep none of the others from being typed', () => {
    for (const one of keys) {
      const typed = one.split(' ');
      const before = typed.slice(0, -1).join(' ');
      const last = typed.at(-1) ?? '';
      expect(step(keys, before, last)).toEqual({ type: 'run', keys: one });
    }
  });
});
