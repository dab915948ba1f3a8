/** What this browser keeps of one person's ledgers: the outbox, and what is shown without a network. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

import type { Expense, ExpenseInput, ExpensePatch, ProblemBody } from '../api/types';

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
  ledger: string;
  expense: string;
  epoch: string;
  base: Expense | null;
  /** Milliseconds since 1970. */
  at: number;
  /** Tries that found nobody to answer. */
  tries: number;
  state: 'waiting' | 'refused' | 'conflict';
  problem?: ProblemBody;
  /** With a conflict: the row as the service has it; null where it is gone. */
  current?: Expense | null;
};

interface Schema extends DBSchema {
  outbox: { key: number; value: Entry };
  kept: { key: string; value: unknown };
  rows: {
    key: [string, string];
    value: { ledger: string; row: Expense };
    indexes: { byDate: [string, string, string] };
  };
}

export type Local = IDBPDatabase<Schema>;

/** Rows kept of a ledger: enough for the pages somebody looks at without a network. */
export const MOST_ROWS = 2000;

/** Opens the database of one person at one installation. */
export function openLocal(instance: string, user: string): Promise<Local> {
  return openDB<Schema>(`outlay-${instance}-${user}`, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'n', autoIncrement: true });
      db.createObjectStore('kept');
      const rows = db.createObjectStore('rows', { keyPath: ['ledger', 'row.id'] });
      rows.createIndex('byDate', ['ledger', 'row.date', 'row.id']);
    },
    blocking(_old, _new, event) {
      (event.target as IDBDatabase).close();
    },
  });
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
