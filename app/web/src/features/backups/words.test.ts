import { expect, test } from 'vitest';

import { relative, size } from './words';

const NOW = Date.parse('2026-11-27T12:00:00Z');

test.each([
  ['2026-11-27T12:00:30Z', 'now'],
  ['2026-11-27T11:59:00Z', '1 minute ago'],
  ['2026-11-27T09:00:00Z', '3 hours ago'],
  ['2026-11-28T11:59:00Z', 'in 23 hours'],
  ['2026-11-28T12:00:00Z', 'tomorrow'],
  ['2026-11-20T11:00:00Z', '7 days ago'],
])('%s is %s', (at, words) => {
  expect(relative(at, NOW)).toBe(words);
});

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1000, '1 kB'],
  [12_345_678, '12.3 MB'],
  [4_200_000_000_000_000, '4,200 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(size(bytes)).toBe(words);
});
