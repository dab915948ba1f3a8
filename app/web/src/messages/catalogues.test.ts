import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { type Catalogue, LANGUAGES, type Message } from '../lib/i18n.svelte';
import { de } from './de';
import { en } from './en';
import { first } from './en/first';

const CATALOGUES: Record<keyof typeof LANGUAGES, Catalogue> = { en, de };
const SOURCE = join(dirname(fileURLToPath(import.meta.url)), '..');

const textsOf = (message: Message) =>
  typeof message === 'string' ? [message] : Object.values(message);
/** Said by the first page's program, but only after a form, a page or a key that brought all the words. */
const LATER = ['split.done', 'refund.done', 'row.purge', 'row.purgeAsk', 'date.wrong'];
const isNoCount = (name: string) => name !== '{count}';
const namesOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted();

describe.each(Object.entries(CATALOGUES))('the catalogue "%s"', (language, catalogue) => {
  const entries = Object.entries(catalogue) as [keyof Catalogue, Message][];

  test('has the keys of English, and no others', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual(Object.keys(en).toSorted());
  });

  test('has no empty texts, and none with a space at its ends', () => {
    const odd = entries.filter(([, message]) =>
      textsOf(message).some((text) => !text || text !== text.trim()),
    );
    expect(odd).toEqual([]);
  });

  test('names the same values as English; a form for one may leave out the count', () => {
    for (const [key, message] of entries) {
      const wanted = namesOf(textsOf(en[key]).at(-1) ?? '');
      const [other = '', ...rest] = textsOf(message).toReversed();
      expect([key, namesOf(other)]).toEqual([key, wanted]);
      for (const text of rest) {
        expect([key, ...namesOf(text).filter(isNoCount)]).toEqual([
          key,
          ...wanted.filter(isNoCount),
        ]);
      }
    }
  });

  test('has every plural form of its language where it counts', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    for (const [key, message] of entries) {
      if (typeof message === 'string') continue;
      expect([key, Object.keys(message).toSorted()]).toEqual([key, forms]);
      expect([key, typeof en[key]]).toEqual([key, 'object']);
    }
  });
});

test('every language has a name of its own', () => {
  const names = Object.values(LANGUAGES);
  expect(new Set(names).size).toBe(names.length);
});

describe('the words of the first page', () => {
  test('are all that its program says', () => {
    const said = keysOf(programOf('main.ts'));
    expect(said.size).toBeGreaterThan(50);
    expect([...said].filter((key) => key in en && !(key in first) && !LATER.includes(key))).toEqual(
      [],
    );
  });
});

/** The file and all that it imports at once, each with its text. */
function programOf(path: string, found = new Map<string, string>()): Map<string, string> {
  const file = [path, `${path}.ts`, `${path}/index.ts`]
    .map((name) => join(SOURCE, name))
    .find((name) => /\.(ts|svelte)$/.test(name) && isFile(name));
  if (!file || found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  if (file.includes('/messages/')) return found;
  for (const [, from = ''] of text.matchAll(
    /^\s*(?:import|export)(?! type)[^;]*?from '(\.[^']+)'/gm,
  )) {
    programOf(join(dirname(file), from).slice(SOURCE.length + 1), found);
  }
  return found;
}

function isFile(name: string): boolean {
  try {
    readFileSync(name);
    return true;
  } catch {
    return false;
  }
}

/** Texts that are named whole; those put together from parts stand beside others of their page. */
function keysOf(program: Map<string, string>): Set<string> {
  const texts = [...program]
    .filter(([file]) => !file.includes('/messages/'))
    .map(([, text]) => text);
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'([\w.]+)'/g)].map(([, key]) => key ?? '')),
  );
}
