import { execFileSync } from 'node:child_process';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readFilter } from '../list/filter';
import { archivePath, csvCommand, csvPath, exported, quoted } from './export';

const NAMES = { category: 'Food: Groceries', account: 'Giro', tag: 'Trip' };
const read = (text: string) => exported(readFilter(new URLSearchParams(text), 'EUR'));

describe('what an export takes with it', () => {
  test('the filters of the list, not its order', () => {
    expect(read('q=tea+%26+milk&from=2026-01-01&sort=amount')).toEqual({
      q: 'tea & milk',
      from: '2026-01-01',
    });
    expect(read('min=5')).toEqual({ min: '5', currency: 'EUR' });
    expect(read('trashed=true')).toEqual({ trashed: 'true' });
  });

  test('an address that says it', () => {
    expect(csvPath('home', { q: 'tea & milk' }, true)).toBe(
      '/api/v1/ledgers/home/export?format=csv&q=tea+%26+milk&compress=gzip',
    );
    expect(archivePath('home', true, false)).toBe(
      '/api/v1/ledgers/home/export?format=archive&history=true',
    );
  });

  test('a command that says it, in names', () => {
    expect(csvCommand({ category: 'x', tag: 'none', q: "Lea's" }, NAMES, false)).toBe(
      `outlay export --category 'Food: Groceries' --tag none --search 'Lea'\\''s' -o expenses.csv`,
    );
    expect(csvCommand({}, NAMES, true)).toBe('outlay export -o expenses.csv.gz');
    expect(csvCommand({ trashed: 'true' }, NAMES, false)).toBeNull();
  });

  test('a shell reads a quoted word as it was', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((one) => !one.includes('\0'));
    fc.assert(
      fc.property(text.filter(Boolean), (word) => {
        const said = execFileSync('sh', ['-c', `printf %s ${quoted(word)}`], { encoding: 'utf8' });
        expect(said).toBe(word);
      }),
      { numRuns: 30 },
    );
  });
});
