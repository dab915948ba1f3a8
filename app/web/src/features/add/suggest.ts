/** Descriptions written before, from the rows this browser keeps and then from the service. */
import { api, ask, Problem, Unreachable } from '../../api/client';
import type { Expense } from '../../api/types';
import { folded } from '../../state/overlay';
import { keptRows, MOST_ROWS } from '../../state/local';
import { session } from '../../state/session.svelte';

export interface Suggestion {
  description: string;
  category: string | null;
  account: string | null;
  kind: Expense['kind'];
  tags: string[];
  times: number;
  last: string;
}

const MOST = 8;
const ASKED = 50;
/** The service searches for so many characters. */
const MOST_ASKED = 200;

/** Distinct descriptions that begin with, or have a word that begins with, `text`; best first. */
export function suggestions(rows: Iterable<Expense>, text: string): Suggestion[] {
  const wanted = folded(text).trim();
  if (!wanted) return [];
  const found = new Map<string, Suggestion>();
  for (const row of rows) {
    const key = folded(row.description).trim();
    if (!key || rank(key, wanted) === null) continue;
    const known = found.get(key);
    if (known === undefined) found.set(key, suggestion(row));
    else {
      known.times += 1;
      if (row.date > known.last) found.set(key, { ...suggestion(row), times: known.times });
    }
  }
  return [...found.entries()]
    .sort(([one, a], [other, b]) => {
      const order = (rank(one, wanted) ?? 9) - (rank(other, wanted) ?? 9);
      return order || b.times - a.times || (a.last < b.last ? 1 : -1);
    })
    .slice(0, MOST)
    .map(([, one]) => one);
}

function suggestion(row: Expense): Suggestion {
  return {
    description: row.description,
    category: row.category_id,
    account: row.account_id,
    kind: row.kind,
    tags: row.tag_ids,
    times: 1,
    last: row.date,
  };
}

function rank(key: string, wanted: string): number | null {
  if (key === wanted) return 0;
  if (key.startsWith(wanted)) return 1;
  return key.split(/\s+/).some((word) => word.startsWith(wanted)) ? 2 : null;
}

/** The rows of this browser's own memory; none where it has none. */
export async function rememberedRows(ledger: string): Promise<Expense[]> {
  return session.local ? keptRows(session.local, ledger, MOST_ROWS) : [];
}

/** The service's newest rows with these words; none where it does not answer. */
export async function askedRows(
  ledger: string,
  text: string,
  signal: AbortSignal,
): Promise<Expense[]> {
  try {
    const page = await ask(
      api.GET('/api/v1/ledgers/{ledger}/expenses', {
        params: { path: { ledger }, query: { q: text.slice(0, MOST_ASKED), limit: ASKED } },
        signal,
      }),
    );
    return page.items;
  } catch (error) {
    // A service that is away, or busy, or cannot search for this, suggests nothing.
    if (error instanceof Unreachable || error instanceof Problem) return [];
    if (error instanceof DOMException && signal.aborted) return [];
    throw error;
  }
}
