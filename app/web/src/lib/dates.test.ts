import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  daysBetween,
  monthStart,
  periodOf,
  plusDays,
  plusMonths,
  readDate,
  todayIn,
} from './dates';

const date = fc
  .date({ min: new Date('1900-02-01'), max: new Date('2200-11-30'), noInvalidDate: true })
  .map((found) => found.toISOString().slice(0, 10));
const firstDay = fc.integer({ min: 1, max: 31 });
const words = { today: 'Today', yesterday: 'Yesterday' };

describe('a ledger’s months', () => {
  test('follow each other without a gap, whatever their first day', () => {
    fc.assert(
      fc.property(date, firstDay, (at, day) => {
        const { from, to } = periodOf(at, 'month', day);
        expect(from <= at && at <= to).toBe(true);
        expect(periodOf(plusDays(to, 1), 'month', day).from).toBe(plusDays(to, 1));
        expect(monthStart(from, day)).toBe(from);
      }),
    );
  });

  test.each(['quarter', 'year'] as const)('make whole %ss', (span) => {
    fc.assert(
      fc.property(date, firstDay, fc.integer({ min: -5, max: 5 }), (at, day, steps) => {
        const period = periodOf(at, span, day);
        expect(period.from <= at && at <= period.to).toBe(true);
        const next = periodOf(at, span, day, 1);
        expect(next.from).toBe(plusDays(period.to, 1));
        const there = periodOf(at, span, day, steps);
        expect(periodOf(there.from, span, day, -steps).from).toBe(period.from);
      }),
    );
  });

  test('clamp a first day that a month has not', () => {
    expect(periodOf('2026-02-28', 'month', 31)).toEqual({ from: '2026-02-28', to: '2026-03-30' });
    expect(periodOf('2026-01-30', 'month', 31)).toEqual({ from: '2025-12-31', to: '2026-01-30' });
    expect(plusMonths('2026-01-31', 1, 31)).toBe('2026-02-28');
    expect(periodOf('2026-11-21', 'month', 25)).toEqual({ from: '2026-10-25', to: '2026-11-24' });
  });
});

describe('days', () => {
  test('are counted as they are added', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -20000, max: 20000 }), (at, days) => {
        fc.pre(plusDays(at, days) >= '1900-01-01' && plusDays(at, days) <= '2200-12-31');
        expect(daysBetween(at, plusDays(at, days))).toBe(days);
      }),
    );
  });

  test('are those of the ledger’s time zone', () => {
    const late = new Date('2026-11-21T23:30:00Z');
    expect([todayIn('Europe/Rome', late), todayIn('America/New_York', late)]).toEqual([
      '2026-11-22',
      '2026-11-21',
    ]);
  });
});

describe('what is typed as a date', () => {
  test.each([
    ['today', '2026-03-05'],
    ['y', '2026-03-04'],
    ['Yest', '2026-03-04'],
    ['-3', '2026-03-02'],
    ['+1', '2026-03-06'],
    ['5', '2026-03-05'],
    ['14', '2026-02-14'],
    ['14.1', '2026-01-14'],
    ['14.11', '2025-11-14'],
    ['14.11.', '2025-11-14'],
    ['29.2.24', '2024-02-29'],
    ['2026-04-01', '2026-04-01'],
  ])('%s on 5 March is %s', (typed, expected) => {
    expect(readDate(typed, '2026-03-05', words)).toBe(expected);
  });

  test.each([
    '',
    'soon',
    '31.2',
    '32',
    '0',
    '1.13',
    '1.1.1',
    '29.2.25',
    '1899-12-31',
    '14.11.20.1',
  ])('%s is none', (typed) => {
    const read = readDate(typed, '2026-03-05', words);
    expect(read === null || read === '2001-01-01').toBe(true);
  });

  test('is read to a real date or to none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), date, (typed, today) => {
        const read = readDate(typed, today, words);
        if (read !== null) expect(plusDays(plusDays(read, 1), -1)).toBe(read);
      }),
    );
  });
});
