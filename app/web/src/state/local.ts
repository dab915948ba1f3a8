/** What this browser keeps of one person's ledgers: the outbox, and what is shown without a network. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { Expense, ExpenseInput, ExpensePatch, ProblemBody } from '../api/types';
import type { Lease, Ledge } from '../lib/exclusive';

export type Doing =
  | { op: 'create'; input: ExpenseInput }
  | { op: 'change'; patch: ExpensePatch }
  | { op: 'trash' }
  | { op: 'restore' };

/**
 * One change that waits to be sent. It is bound to who made it, where, and what it was based on:
 * `base` is the row as it was shown, null for a create.
 */
export type Entry = Doing & {
  /** Order of sending; the store's key. */
  n: number;
  /** The request's id, the same each time it is sent: the change log tells whether it arrived. */
  key: string;
  user: string;
  ledger: string;
  expense: string;
  epoch: string;
  base: Expense | null;
  /** Milliseconds since 1970. */
  at: number;
  /** Times it was sent, counted before each: 0 means that nobody can have taken it. */
  tries: number;
  state: 'waiting' | 'refused' | 'conflict';
  problem?: ProblemBody;
  /** With a conflict: the row as the service has it; null where it is gone. */
  current?: Expense | null;
};

export interface KeptRow {
  ledger: string;
  row: Expense;
}

interface Schema extends DBSchema {
  outbox: { key: number; value: Entry; indexes: { byExpense: string } };
  kept: { key: string; value: unknown };
  rows: {
    key: [string, string];
    value: KeptRow;
    indexes: { byDate: [string, string, string] };
  };
}

export type Local = IDBPDatabase<Schema>;

/** Rows kept of a ledger: enough for the pages somebody looks at without a network. */
export const MOST_ROWS = 2000;

/**
 * Opens the database of one person at one installation. `onlost` tells that the browser closed it:
 * another tab removes it, or a newer version changes it.
 */
export function openLocal(instance: string, user: string, onlost?: () => void): Promise<Local> {
  return openDB<Schema>(`outlay-${instance}-${user}`, 1, {
    upgrade(db) {
      const outbox = db.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true });
      outbox.createIndex('byExpense', 'expense');
      db.createObjectStore('kept');
      const rows = db.createObjectStore('rows', { keyPath: ['ledger', 'row.id'] });
      rows.createIndex('byDate', ['ledger', 'row.date', 'row.id']);
    },
    blocking(_old, _new, event) {
      (event.target as IDBDatabase).close();
      onlost?.();
    },
    terminated() {
      onlost?.();
    },
  });
}

/** Forgets what was kept to be shown; what waits to be sent stays. */
export async function forgetShown(local: Local): Promise<void> {
  const change = local.transaction(['kept', 'rows'], 'readwrite');
  void change.objectStore('kept').clear();
  void change.objectStore('rows').clear();
  await change.done;
}

/** Keeps rows as the service sent them; rows in the trash are forgotten. */
export async function keepRows(local: Local, ledger: string, rows: Expense[]): Promise<void> {
  const change = local.transaction('rows', 'readwrite');
  for (const row of rows) {
    if (row.deleted_at === null) void change.store.put({ ledger, row });
    else void change.store.delete([ledger, row.id]);
  }
  await change.done;
}

/** The newest kept rows, newest first. */
export async function keptRows(local: Local, ledger: string, most: number): Promise<Expense[]> {
  const found: Expense[] = [];
  const range = IDBKeyRange.bound([ledger, '', ''], [ledger, '\uffff', '\uffff']);
  const index = local.transaction('rows').store.index('byDate');
  for (
    let cursor = await index.openCursor(range, 'prev');
    cursor && found.length < most;
    cursor = await cursor.continue()
  ) {
    found.push(cursor.value.row);
  }
  return found;
}

/** Forgets the oldest rows beyond MOST_ROWS. */
export async function trimRows(local: Local, ledger: string): Promise<void> {
  const change = local.transaction('rows', 'readwrite');
  const range = IDBKeyRange.bound([ledger, '', ''], [ledger, '\uffff', '\uffff']);
  const keys = await change.store.index('byDate').getAllKeys(range);
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_ROWS))) {
    void change.store.delete(key);
  }
  await change.done;
}

/** Where the tabs of this person agree who works, when the browser has no locks. */
export function ledgeOf(local: Local | null, name: string): Ledge | null {
  if (!local) return null;
  return {
    async change(work) {
      const change = local.transaction('kept', 'readwrite');
      const held = (await change.store.get(`lease ${name}`)) as Lease | undefined;
      const next = work(held);
      if (next) void change.store.put(next, `lease ${name}`);
      else void change.store.delete(`lease ${name}`);
      await change.done;
    },
  };
}
