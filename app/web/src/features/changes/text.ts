/** Two texts as one: what stayed, what went, what came, word by word. */
export interface Piece {
  op: 'same' | 'removed' | 'added';
  text: string;
}

/** Beyond so many pairs of words the texts are shown whole: nobody reads such a difference. */
const MOST_PAIRS = 400_000;

/** Leaving out what was added gives `before`, leaving out what was removed gives `after`. */
export function textPieces(before: string, after: string): Piece[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++;
  }
  return joined([
    ...old.slice(0, start).map(same),
    ...between(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end).map(same),
  ]);
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];
}

function same(text: string): Piece {
  return { op: 'same', text };
}

function between(old: string[], now: string[]): Piece[] {
  if (old.length * now.length > MOST_PAIRS) {
    return [
      { op: 'removed', text: old.join('') },
      { op: 'added', text: now.join('') },
    ];
  }
  const common = commonLengths(old, now);
  const width = now.length + 1;
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      pieces.push(same(was));
      i++;
      j++;
    } else if (
      was !== undefined &&
      (is === undefined || at(common, (i + 1) * width + j) >= at(common, i * width + j + 1))
    ) {
      pieces.push({ op: 'removed', text: was });
      i++;
    } else {
      pieces.push({ op: 'added', text: is ?? '' });
      j++;
    }
  }
  return pieces;
}

/** By place in both lists, row by row: how many words they have in common from there on. */
function commonLengths(old: string[], now: string[]): Uint16Array {
  const width = now.length + 1;
  const found = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      found[i * width + j] =
        old[i] === now[j]
          ? at(found, (i + 1) * width + j + 1) + 1
          : Math.max(at(found, (i + 1) * width + j), at(found, i * width + j + 1));
    }
  }
  return found;
}

function at(numbers: Uint16Array, index: number): number {
  return numbers[index] ?? 0;
}

/** Neighbours of one kind as one piece; between two that stayed, what went comes before what came. */
function joined(pieces: Piece[]): Piece[] {
  const found: Piece[] = [];
  let [removed, added] = ['', ''];
  const settle = () => {
    if (removed) found.push({ op: 'removed', text: removed });
    if (added) found.push({ op: 'added', text: added });
    [removed, added] = ['', ''];
  };
  for (const { op, text } of pieces) {
    if (op === 'removed') removed += text;
    else if (op === 'added') added += text;
    else {
      settle();
      const last = found.at(-1);
      if (last?.op === 'same') last.text += text;
      else found.push({ op, text });
    }
  }
  settle();
  return found;
}
