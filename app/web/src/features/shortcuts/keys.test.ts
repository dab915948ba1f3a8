import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { keyOf, type Press, step } from './keys';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

describe('the key of a shortcut', () => {
  test.each([
    ['a', press('a', { code: 'KeyQ' }), 'a'],
    ['A under caps lock', press('A', { code: 'KeyA' }), 'a'],
    ['A with shift', press('A', { code: 'KeyA', shiftKey: true }), null],
    ['ф, on the key of a', press('ф', { code: 'KeyA' }), 'a'],
    ['ㅁ, on the key of a', press('ㅁ', { code: 'KeyA' }), 'a'],
    ['é of a French row of digits', press('é', { code: 'Digit2' }), null],
    ['? by shift', press('?', { code: 'Slash', shiftKey: true }), '?'],
    ['# without shift, as in German', press('#', { code: 'Backslash' }), '#'],
    ['№, on the key of #', press('№', { code: 'Digit3', shiftKey: true }), '#'],
    ['Delete', press('Delete', { code: 'Delete' }), 'Delete'],
    ['Enter', press('Enter', { code: 'Enter' }), null],
    ['space', press(' ', { code: 'Space' }), null],
    ['a composed letter', press('a', { isComposing: true }), null],
  ])('%s', (_, given, wanted) => {
    expect(keyOf(given)).toBe(wanted);
  });

  test('is none with Control, Command or Alt', () => {
    const modifier = fc.constantFrom('ctrlKey', 'metaKey', 'altKey');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 1 }), modifier, (key, name) => {
        expect(keyOf(press(key, { code: 'KeyA', [name]: true }))).toBeNull();
      }),
    );
  });
});

describe('keys one after the other', () => {
  const known = ['a', 'g h', 'g a', '?'];

  test.each([
    ['', 'a', { type: 'run', keys: 'a' }],
    ['', 'g', { type: 'wait', keys: 'g' }],
    ['g', 'h', { type: 'run', keys: 'g h' }],
    ['g', 'a', { type: 'run', keys: 'g a' }],
    ['g', '?', { type: 'run', keys: '?' }],
    ['g', 'g', { type: 'wait', keys: 'g' }],
    ['g', 'z', { type: 'none' }],
    ['', 'h', { type: 'none' }],
  ])('after "%s" comes "%s"', (before, key, wanted) => {
    expect(step(known, before, key)).toEqual(wanted);
  });
});
