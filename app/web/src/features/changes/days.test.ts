import { expect, test } from 'vitest';

import type { ChangeSet } from '../../api/types';
import { byDay } from './days';

const at = (seq: number, moment: string) => ({ seq, at: moment }) as ChangeSet;

test('change sets stand under the day on which the reader’s clock has them', () => {
  const sets = [
    at(3, '2026-11-20T23:30:00Z'),
    at(2, '2026-11-20T22:30:00Z'),
    at(1, '2026-11-20T10:00:00Z'),
  ];
  const days = byDay(sets, 'Europe/Rome', new Date('2026-11-21T12:00:00Z'));
  expect(days.map((day) => [day.date, day.sets.map((set) => set.seq)])).toEqual([
    ['2026-11-21', [3]],
    ['2026-11-20', [2, 1]],
  ]);
  expect(days[0]?.name).toMatch(/^Today, /);
  expect(days[1]?.times[1]).toContain('11:00');
});
