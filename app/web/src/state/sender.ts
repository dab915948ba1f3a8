/** Sends entries one after the other, and finds out of each what became of it. */
import { Problem, SignedOut, Unreachable } from '../api/fault';
import type { Expense } from '../api/types';
import type { Box } from './box';
import { acknowledged, attempted, isAlready, nextToSend, refused } from './entries';
import type { Entry } from './local';

/** What the sender asks of the service; each throws Problem or Unreachable. */
export interface Service {
  /** Ask for what the entry wants; the row as it is then. */
  send(entry: Entry): Promise<Expense>;
  /** The row now; null once it was removed for good. A Problem where the ledger is not ours. */
  read(entry: Entry): Promise<Expense | null>;
  /** The row as this very entry left it; null when it never arrived. */
  landed(entry: Entry): Promise<Expense | null>;
}

export interface Hooks {
  /** The entries there are, as far as this tab knows. */
  entries(): readonly Entry[];
  changed(expense: string, own: Entry[]): void;
  /** The service has it: the row as it is now (null: gone), and as the entry left it. */
  took(entry: Entry, own: Entry[], row: Expense | null, left: Expense | null): void;
}

/** done: nothing is left that can be sent; later: nobody answers; out: the session is over. */
export type Outcome = 'done' | 'later' | 'out';

/** Statuses that say "not now", and nothing about what was asked. */
const PASSING: readonly number[] = [408, 425, 429];
const MISSING = 404;
const CLASH = 409;
const STALE = 412;

export class Sender {
  constructor(
    private readonly box: Box,
    private readonly service: Service,
    private readonly hooks: Hooks,
  ) {}

  /** Sends until nothing is left, somebody does not answer, or `isOver`. */
  async drain(isOver: () => boolean): Promise<Outcome> {
    for (;;) {
      const entry = nextToSend(this.hooks.entries());
      if (!entry || isOver()) return 'done';
      const outcome = await this.one(entry);
      if (outcome !== 'done') return outcome;
    }
  }

  private async one(entry: Entry): Promise<Outcome> {
    const own = await this.box.change(entry.expense, (there) => attempted(there, entry.n));
    this.hooks.changed(entry.expense, own);
    const now = own.find((one) => one.n === entry.n);
    // Another tab was quicker.
    if (now?.state !== 'waiting') return 'done';
    try {
      if (await this.wasRestored(now)) return 'done';
      const row = await this.service.send(now);
      await this.took(now, row, await this.left(now, row, own));
      return 'done';
    } catch (error) {
      return this.failed(now, error);
    }
  }

  /** A restore names no version: sent again, it would take back that somebody trashed the row since. */
  private async wasRestored(entry: Entry): Promise<boolean> {
    const left = entry.op === 'restore' && entry.tries > 1 && (await this.service.landed(entry));
    if (!left) return false;
    await this.took(entry, await this.service.read(entry), left);
    return true;
  }

  /** A create that is sent again is answered with the row as others made it since. */
  private async left(entry: Entry, row: Expense, own: Entry[]): Promise<Expense> {
    const isOld = entry.op === 'create' && entry.tries > 1 && row.version > 1 && own.length > 1;
    return isOld ? ((await this.service.landed(entry)) ?? row) : row;
  }

  private async failed(entry: Entry, error: unknown): Promise<Outcome> {
    if (!isNo(error)) return outcomeOf(error);
    try {
      await this.settle(entry, error);
    } catch (further) {
      if (!isNo(further)) return outcomeOf(further);
      await this.refuse(entry, 'refused', further, null);
    }
    return 'done';
  }

  /** The service said no: to something new, to something it has already, or to an old version. */
  private async settle(entry: Entry, error: Problem): Promise<void> {
    const left = entry.tries > 1 ? await this.service.landed(entry) : null;
    const told = error.body.current as Expense | undefined;
    const isAbout = [MISSING, CLASH, STALE].includes(error.status);
    const current = told ?? (left || isAbout ? await this.service.read(entry) : undefined);
    if (current !== undefined && (left || isAlready(entry, current))) {
      await this.took(entry, current, left);
      return;
    }
    const isGone = current === null && entry.op !== 'create';
    const isConflict = error.status === STALE || told !== undefined || isGone;
    await this.refuse(entry, isConflict ? 'conflict' : 'refused', error, current ?? null);
  }

  private async took(entry: Entry, row: Expense | null, left: Expense | null): Promise<void> {
    const shown = row && { ledger: entry.ledger, row };
    const own = await this.box.change(
      entry.expense,
      (there) => acknowledged(there, entry.n, left),
      shown,
    );
    this.hooks.took(entry, own, row, left);
  }

  private async refuse(
    entry: Entry,
    state: 'refused' | 'conflict',
    error: Problem,
    current: Expense | null,
  ): Promise<void> {
    const own = await this.box.change(entry.expense, (there) =>
      refused(there, entry.n, state, error.body, current),
    );
    this.hooks.changed(entry.expense, own);
  }
}

/** An answer about what was asked, and not about the moment. */
function isNo(error: unknown): error is Problem {
  return error instanceof Problem && !PASSING.includes(error.status);
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof SignedOut) return 'out';
  if (error instanceof Unreachable || error instanceof Problem) return 'later';
  throw error;
}
