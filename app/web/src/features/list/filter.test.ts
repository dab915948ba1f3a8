import { describe, expect, test } from 'vitest';

import { countFilters, readFilter } from './filter';

const read = (text: string) => readFilter(new URLSearchParams(text), 'EUR');

describe('the filter of an address', () => {
  test('keeps text as text', () => {
    expect(read('q=007&min=12.50&currency=CHF')).toEqual({
      q: '007',
      min: '12.50',
      currency: 'CHF',
    });
  });

  test('leaves out what makes no sense', () => {
    expect(read('from=yesterday&kind=gift&currency=XXXX&category=1&sort=name&limit=9&x=1')).toEqual(
      {},
    );
  });

  test('compares amounts in the ledger’s currency unless told otherwise', () => {
    expect(read('min=10')).toEqual({ min: '10', currency: 'EUR' });
    expect(read('sort=amount')).toEqual({ sort: 'amount', currency: 'EUR' });
  });

  test('counts what narrows', () => {
    expect(countFilters(read('q=a&trashed=true'))).toBe(0);
    expect(countFilters(read('min=1&max=2&kind=income'))).toBe(3);
    expect(countFilters(read('currency=CHF'))).toBe(1);
  });
});
