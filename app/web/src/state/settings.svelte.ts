/** Choices of this browser, kept by it. */
import type { Kind } from '../api/types';
import type { Language } from '../lib/i18n.svelte';

/** What was chosen for the expense recorded last: the next one begins with it. */
export interface Last {
  kind: Kind;
  category: string | null;
  account: string | null;
  toAccount: string | null;
}

export interface Choices {
  theme: 'auto' | 'light' | 'dark';
  /** Null follows the browser. */
  language: Language | null;
  shortcuts: boolean;
  /** The ledger shown last. */
  ledger: string | null;
  /** By ledger. */
  last: Record<string, Last>;
}

const KEY = 'outlay.choices';
const DEFAULTS: Choices = {
  theme: 'auto',
  language: null,
  shortcuts: true,
  ledger: null,
  last: {},
};

function load(): Choices {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choices>) };
  } catch {
    return { ...DEFAULTS };
  }
}

export const choices: Choices = $state(load());

/** Change a choice and keep it; a browser that keeps nothing forgets it with the page. */
export function choose(change: Partial<Choices>): void {
  Object.assign(choices, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Private windows may refuse: the choice then holds as long as the page.
  }
}
