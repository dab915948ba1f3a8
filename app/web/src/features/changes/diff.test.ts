import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { changedFields, type Difference, differences, type Image } from './diff';

const coffee: Image = {
  id: '1',
  kind: 'expense',
  date: '2026-11-21',
  amount: '4.20',
  currency: 'EUR',
  description: 'Coffee at Rossi',
  note: '',
  category_id: 'food',
  tag_ids: ['work', 'ada'],
  account_id: null,
  to_account_id: null,
  to_amount: null,
  to_currency: null,
  purchase_id: null,
  refund_of: null,
  reference: '',
  version: 3,
  etag: '"a.3"',
  updated_at: '2026-11-21T10:00:00Z',
  deleted_at: null,
};

const read = (field: string, image: Image) => {
  if (field === 'amount') return `${String(image['amount'])} ${String(image['currency'])}`;
  const value = image[field];
  return typeof value === 'string' ? value : '';
};
const diff = (before: Image | null, after: Image | null): Difference[] =>
  differences('expense', before, after, read, (ids) => ids.map((id) => `#${id}`));

describe('what differs between two versions of a row', () => {
  test('leaves out versions, times and the trash', () => {
    const after = { ...coffee, version: 4, etag: '"a.4"', updated_at: 'x', deleted_at: 'y' };
    expect(diff(coffee, after)).toEqual([]);
  });

  test('takes an amount and its currency as one', () => {
    expect(diff(coffee, { ...coffee, currency: 'USD' })).toEqual([
      { type: 'value', field: 'amount', before: '4.20 EUR', after: '4.20 USD' },
    ]);
  });

  test('shows texts word by word where something stayed', () => {
    expect(diff(coffee, { ...coffee, description: 'Tea at Rossi' })[0]).toEqual({
      type: 'text',
      field: 'description',
      pieces: [
        { op: 'removed', text: 'Coffee' },
        { op: 'added', text: 'Tea' },
        { op: 'same', text: ' at Rossi' },
      ],
    });
    expect(diff(coffee, { ...coffee, description: 'Bus' })[0]).toMatchObject({ type: 'value' });
  });

  test('tells which tags came and went', () => {
    expect(diff(coffee, { ...coffee, tag_ids: ['ada', 'bus'] })).toEqual([
      { type: 'set', field: 'tag_ids', removed: ['#work'], added: ['#bus'] },
    ]);
  });

  test('of a new row tells what it says, and of one that is gone what it said', () => {
    const fields = ['amount', 'kind', 'date', 'description', 'category_id', 'tag_ids'];
    expect(diff(null, coffee).map((one) => one.field)).toEqual(fields);
    expect(diff(coffee, null).map((one) => one.field)).toEqual(fields);
  });

  test('is nothing between two versions that say the same, however tags are ordered', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 6 }), (tags) => {
        const one = { ...coffee, tag_ids: tags };
        expect(changedFields('expense', one, { ...one, tag_ids: tags.toReversed() })).toEqual([]);
      }),
    );
  });

  test('names the same fields in both directions', () => {
    const value = fc.constantFrom('', 'a', 'b', null);
    const image = fc.record({
      name: value,
      parent_id: value,
      hue: fc.nat({ max: 2 }),
      archived: fc.boolean(),
    });
    fc.assert(
      fc.property(image, image, (one, other) => {
        expect(changedFields('category', one, other)).toEqual(
          changedFields('category', other, one),
        );
      }),
    );
  });
});
