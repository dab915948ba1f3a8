/** What may happen to entries of the outbox: pure, each from the entries of one expense to the next. */
import type { Expense, ExpensePatch, ProblemBody } from '../api/types';
import type { Doing, Entry } from './local';

/** An entry that has no place yet: its store gives it one behind all others. */
export const UNPLACED = 0;

/**
 * The next to send. One that was refused holds up what comes after it for the same expense, and
 * for refunds of that, and so on; nothing else.
 */
export function nextToSend(entries: readonly Entry[]): Entry | undefined {
  const held = new Set<string>();
  for (const entry of entries) {
    if (entry.state === 'waiting' && !needs(entry).some((id) => held.has(id))) return entry;
    held.add(entry.expense);
  }
  return undefined;
}

/** The expenses that must be there before this entry can be. */
function needs(entry: Entry): string[] {
  const refunded = entry.op === 'create' ? entry.input.refund_of : null;
  return refunded ? [entry.expense, refunded] : [entry.expense];
}

/** About to be sent: noted first, so that a browser that dies meanwhile knows of it. */
export function attempted(own: readonly Entry[], n: number): Entry[] {
  return own.map((entry) =>
    entry.n === n && entry.state === 'waiting' ? { ...entry, tries: entry.tries + 1 } : entry,
  );
}

/**
 * The service has it: what comes after it is based on the row as this entry left it, which is not
 * always the row as it is by now. Null where nobody knows: what comes after it keeps its own base.
 */
export function acknowledged(own: readonly Entry[], n: number, left: Expense | null): Entry[] {
  const rest = own.filter((entry) => entry.n !== n);
  if (rest.length === own.length || left === null) return rest;
  return rest.map((entry) =>
    entry.n > n && entry.op !== 'create' && entry.state === 'waiting'
      ? { ...entry, base: left }
      : entry,
  );
}

/** The service said no; with a conflict, `current` is the row as it has it. */
export function refused(
  own: readonly Entry[],
  n: number,
  state: 'refused' | 'conflict',
  problem: ProblemBody,
  current: Expense | null,
): Entry[] {
  return own.map((entry) => (entry.n === n ? { ...entry, state, problem, current } : entry));
}

/** The same entry as a new request that waits to be sent. */
export function anew(entry: Entry, key: string, base: Expense | null = entry.base): Entry {
  const { problem: _, current: __, ...rest } = entry;
  return { ...rest, key, base, tries: 0, state: 'waiting' };
}

/** The person takes it back. Without its create nothing else of an expense can be. */
export function discarded(own: readonly Entry[], n: number): Entry[] {
  const gone = own.find((entry) => entry.n === n);
  return own.filter((entry) => entry.n !== n && !(gone?.op === 'create' && entry.n > n));
}

/** Other values for an entry that nobody can have taken. */
export function amended(entry: Entry, patch: ExpensePatch): Entry {
  if (entry.op === 'create') {
    return { ...entry, input: { ...entry.input, ...(patch as Partial<typeof entry.input>) } };
  }
  return entry.op === 'change' ? { ...entry, patch: { ...entry.patch, ...patch } } : entry;
}

/** What takes an entry back that may have been sent, given the row as it was shown after it. */
export function inverse(entry: Entry): Doing {
  switch (entry.op) {
    case 'create':
    case 'restore':
      return { op: 'trash' };
    case 'trash':
      return { op: 'restore' };
    case 'change':
      return { op: 'change', patch: pick(entry.base, Object.keys(entry.patch)) };
  }
}

function pick(row: Expense | null, fields: readonly string[]): ExpensePatch {
  return Object.fromEntries(
    fields.map((field) => [field, row?.[field as keyof Expense] ?? null]),
  ) as ExpensePatch;
}

/** Whether the row is already what the entry wants; null is a row that is gone for good. */
export function isAlready(entry: Entry, current: Expense | null): boolean {
  if (current === null) return entry.op === 'trash';
  const isTrashed = current.deleted_at !== null;
  switch (entry.op) {
    case 'create':
      return false;
    case 'change':
      return (
        !isTrashed &&
        Object.entries(entry.patch).every(([field, value]) =>
          isSame(current[field as keyof Expense], value),
        )
      );
    case 'trash':
      return isTrashed;
    case 'restore':
      return !isTrashed;
  }
}

/** Equal values of a field; tags are a set. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as string[])].sort() : (value ?? null));
}

/** Whether the service cannot have taken it: never sent, or answered with a no that counts. */
export function isUnsent(entry: Entry): boolean {
  return entry.state === 'waiting' ? entry.tries === 0 : (entry.problem?.status ?? 0) < 500;
}
