/** What an export takes with it, as addresses and as commands. */
import type { ListQuery } from '../../api/types';

/** The filters that a CSV can have; order and pages mean nothing to it. */
const NAMES = [
  'q', 'from', 'to', 'category', 'account', 'tag', 'kind', 'currency', 'min', 'max', 'trashed',
  'purchase', 'import_id',
] as const; // prettier-ignore

export type Filter = Partial<Record<(typeof NAMES)[number], string>>;

/** The list's filter as far as an export has it. */
export function exported(query: ListQuery): Filter {
  const found: Filter = {};
  for (const name of NAMES) {
    const value = query[name];
    if (value !== undefined && value !== null && value !== false) found[name] = String(value);
  }
  // The list names a currency for its order by amount; alone it would narrow the export.
  if (query.sort === 'amount' && !found.min && !found.max) delete found.currency;
  return found;
}

export function csvPath(ledger: string, filter: Filter, isPacked: boolean): string {
  return path(ledger, { format: 'csv', ...filter, ...(isPacked && { compress: 'gzip' }) });
}

export function archivePath(ledger: string, withHistory: boolean, isPacked: boolean): string {
  return path(ledger, {
    format: 'archive',
    ...(withHistory && { history: 'true' }),
    ...(isPacked && { compress: 'gzip' }),
  });
}

function path(ledger: string, query: Record<string, string>): string {
  return `/api/v1/ledgers/${ledger}/export?${new URLSearchParams(query).toString()}`;
}

/** Names of what the filter has ids of; the command line speaks in names. */
export interface Names {
  category: string;
  account: string;
  tag: string;
}

/** The command that writes the same CSV; null where the command line lacks one of the filters. */
export function csvCommand(filter: Filter, names: Names, isPacked: boolean): string | null {
  if (filter.trashed || filter.purchase || filter.import_id) return null;
  const options: [string, string | undefined][] = [
    ['--from', filter.from],
    ['--to', filter.to],
    ['--category', filter.category === 'none' ? 'none' : filter.category && names.category],
    ['--account', filter.account && names.account],
    ['--tag', filter.tag === 'none' ? 'none' : filter.tag && names.tag],
    ['--kind', filter.kind],
    ['--currency', filter.currency],
    ['--min', filter.min],
    ['--max', filter.max],
    ['--search', filter.q],
  ];
  const given = options.flatMap(([name, value]) => (value ? [name, quoted(value)] : []));
  return ['outlay export', ...given, `-o expenses.csv${isPacked ? '.gz' : ''}`].join(' ');
}

/** A word as a POSIX shell takes it: in single quotes unless it is plain. */
export function quoted(text: string): string {
  return /^[\w.,:@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
