import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type Piece, textPieces } from './text';

const without = (pieces: Piece[], op: Piece['op']) =>
  pieces
    .filter((piece) => piece.op !== op)
    .map((piece) => piece.text)
    .join('');

const words = fc
  .array(fc.constantFrom('coffee', 'bus', 'Rossi', ' ', '  ', ',', '\n', 'é', '🙂'), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));
const texts = fc.oneof(words, fc.string({ unit: 'grapheme', maxLength: 40 }));

describe('the difference of two texts', () => {
  test('without what was added is the first, without what was removed the second', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const pieces = textPieces(before, after);
        expect(without(pieces, 'added')).toBe(before);
        expect(without(pieces, 'removed')).toBe(after);
      }),
    );
  });

  test('has no empty pieces, and no two of a kind side by side', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const pieces = textPieces(before, after);
        expect(pieces.filter((piece) => piece.text === '')).toEqual([]);
        const pairs = pieces.slice(1).map((piece, index) => [pieces[index]?.op, piece.op]);
        expect(pairs.filter(([one, other]) => one === other)).toEqual([]);
      }),
    );
  });

  test('is one piece that stayed for the same text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(textPieces(text, text)).toEqual(text ? [{ op: 'same', text }] : []);
      }),
    );
  });

  test('goes word by word', () => {
    expect(textPieces('Coffee at Rossi', 'Coffee with Ada at Rossi')).toEqual([
      { op: 'same', text: 'Coffee ' },
      { op: 'added', text: 'with Ada ' },
      { op: 'same', text: 'at Rossi' },
    ]);
  });

  test('takes very long texts whole', () => {
    const [before, after] = ['a b '.repeat(2000).trim(), 'c d '.repeat(2000).trim()];
    expect(textPieces(before, after).map((piece) => piece.op)).toEqual(['removed', 'added']);
  });
});
