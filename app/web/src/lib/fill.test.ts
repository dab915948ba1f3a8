import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { filled, type Message } from './fill';

const say = (message: Message, values: Record<string, string | number> = {}, locale = 'en') =>
  filled(message, values, new Intl.PluralRules(locale), locale);

describe('a message', () => {
  test('is filled in by name', () => {
    expect(say('Added {what}, {amount}', { what: 'Bus', amount: '€3' })).toBe('Added Bus, €3');
    expect(say('{nobody} knows')).toBe('{nobody} knows');
  });

  test('takes the plural form of the language', () => {
    const rows = { one: '{count} row', other: '{count} rows' };
    expect([0, 1, 2, 1234].map((count) => say(rows, { count }))).toEqual([
      '0 rows',
      '1 row',
      '2 rows',
      '1,234 rows',
    ]);
  });

  test('keeps what is filled in from being filled in again', () => {
    expect(say('{a} and {b}', { a: '{b}', b: 'x' })).toBe('{b} and x');
  });

  test('shuts a text that turns the writing into itself', () => {
    const turned = '\u202Eecilops\u202C';
    expect(say('{name} joined', { name: turned })).toBe(`\u2068${turned}\u2069 joined`);
    expect(say('{name} joined', { name: 'עדה' })).toBe('\u2068עדה\u2069 joined');
    expect(say('{name} joined', { name: 'Ada' })).toBe('Ada joined');
  });

  test('without placeholders says itself, whatever the values', () => {
    const plain = fc.string().filter((text) => !text.includes('{'));
    fc.assert(
      fc.property(plain, fc.dictionary(fc.string(), fc.string()), (text, values) => {
        expect(say(text, values)).toBe(text);
      }),
    );
  });
});
