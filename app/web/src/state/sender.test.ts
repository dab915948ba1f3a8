import 'fake-indexeddb/auto';

import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';

import { Problem, Unreachable } from '../api/fault';
import type { Expense } from '../api/types';
import { Box } from './box';
import { UNPLACED } from './entries';
import { type Doing, type Entry, type Local, openLocal } from './local';
import { Sender, type Service } from './sender';

const LEDGER = 'home';
const ME = 'me';

interface Written {
  key: string;
  expense: string;
  op: string;
  /** The version that was changed, and who had made it. */
  before: number;
  maker: string;
  after: Expense;
}

/** The service's promises, as expenses/routes.py gives them. */
class Ledger {
  readonly rows = new Map<string, Expense>();
  readonly makers = new Map<string, string>();
  readonly written: Written[] = [];
  epoch = 'e1';

  private write(entry: { key: string; expense: string; op: string }, by: string, row: Expense) {
    const old = this.rows.get(entry.expense);
    const version = (old?.version ?? 0) + 1;
    const after = { ...row, version, etag: this.etag(version) };
    this.written.push({
      ...{ key: entry.key, expense: entry.expense, op: entry.op, after },
      before: version - 1,
      maker: this.makers.get(`${entry.expense} ${version - 1}`) ?? '',
    });
    this.rows.set(entry.expense, after);
    this.makers.set(`${entry.expense} ${version}`, by);
    return after;
  }

  etag(version: number): string {
    return `"${this.epoch}.${version}"`;
  }

  ask(entry: Entry): Expense {
    const row = this.rows.get(entry.expense);
    if (entry.op === 'create') {
      if (row) {
        const first = this.written.find((one) => one.expense === entry.expense);
        if (first?.key === entry.key) return row;
        throw problem(409, row);
      }
      const made = { id: entry.expense, ...entry.input, deleted_at: null } as unknown as Expense;
      return this.write(entry, ME, made);
    }
    if (entry.op === 'restore') {
      if (!row) throw problem(404);
      if (row.deleted_at === null) throw problem(409);
      return this.write(entry, ME, { ...row, deleted_at: null });
    }
    if (!entry.base?.etag.startsWith(`"${this.epoch}.`)) throw problem(412);
    if (!row) throw problem(404);
    if (row.deleted_at !== null) throw problem(409, row);
    if (row.etag !== entry.base.etag) throw problem(412, row);
    if (entry.op === 'trash') return this.write(entry, ME, { ...row, deleted_at: 'now' });
    return this.write(entry, ME, { ...row, ...(entry.patch as Partial<Expense>) });
  }

  /** Somebody else changes it, trashes it, or takes it out of the trash. */
  meddle(expense: string, note: string): void {
    const row = this.rows.get(expense);
    if (!row) return;
    const isOut = note === 'trash' || row.deleted_at !== null;
    const change = isOut ? { deleted_at: row.deleted_at === null ? 'now' : null } : { note };
    this.write({ key: '', expense, op: 'foreign' }, 'them', { ...row, ...change });
  }

  landed(entry: Entry): Expense | null {
    return this.written.find((one) => one.key === entry.key)?.after ?? null;
  }
}

function problem(status: number, current?: Expense): Problem {
  const body = { type: 'urn:test', title: 'No', status, detail: 'No', errors: [] };
  return new Problem(status, current ? { ...body, current } : body);
}

/** Cut off before the service hears of it, after it, or while the tab dies; or a gateway's word. */
type Luck = 'fine' | 'lost' | 'unanswered' | 'killed before' | 'killed after' | 'too many';

class Killed extends Error {}

function line(
  ledger: Ledger,
  luck: () => Luck,
  wait: () => Promise<void> = async () => {},
): Service {
  async function over<T>(work: () => T): Promise<T> {
    const what = luck();
    await wait();
    if (what === 'lost') throw new Unreachable();
    if (what === 'too many') throw problem(429);
    if (what === 'killed before') throw new Killed();
    let answer: T | null = null;
    let no: unknown = null;
    try {
      answer = work();
    } catch (error) {
      no = error;
    }
    // An answer of either kind gets lost alike.
    if (what === 'unanswered') throw new Unreachable();
    if (what === 'killed after') throw new Killed();
    if (no) throw no;
    return answer as T;
  }
  return {
    send: (entry) => over(() => ledger.ask(entry)),
    read: (entry) => over(() => ledger.rows.get(entry.expense) ?? null),
    landed: (entry) => over(() => ledger.landed(entry)),
  };
}

/** One tab: what it knows of the box, and its sender. */
class Tab {
  entries: Entry[] = [];
  private readonly left = new Map<string, Expense>();
  readonly sender: Sender;

  constructor(
    readonly box: Box,
    service: Service,
    onrow: (row: Expense) => void,
  ) {
    this.sender = new Sender(box, service, {
      entries: () => this.entries,
      changed: (expense, own) => this.merge(expense, own),
      took: (entry, own, row, left) => {
        if (row) onrow(row);
        if (left) this.left.set(`${entry.expense} ${entry.base?.etag ?? ''}`, left);
        this.merge(entry.expense, own);
      },
    });
  }

  private merge(expense: string, own: Entry[]): void {
    this.entries = [...this.entries.filter((one) => one.expense !== expense), ...own].sort(
      (one, other) => one.n - other.n,
    );
  }

  async reload(): Promise<void> {
    this.entries = await this.box.all();
  }

  async add(expense: string, base: Expense | null, doing: Doing, key: string): Promise<Entry> {
    let seen = base;
    for (let next = seen; next; next = this.left.get(`${expense} ${seen?.etag}`) ?? null)
      seen = next;
    const entry: Entry = {
      ...doing,
      ...{
        n: UNPLACED,
        key,
        user: ME,
        ledger: LEDGER,
        expense,
        base: seen,
        epoch: 'e1',
        at: 0,
        tries: 0,
      },
      state: 'waiting',
    };
    this.merge(expense, await this.box.change(expense, (own) => [...own, entry]));
    return entry;
  }
}

const opened: Local[] = [];
let databases = 0;

async function freshLocal(): Promise<Local> {
  const local = await openLocal('i', `u${databases++}`);
  opened.push(local);
  return local;
}

afterEach(() => {
  for (const local of opened.splice(0)) local.close();
});

type Step =
  | { do: 'create' | 'trash' | 'restore'; expense: number }
  | { do: 'change'; expense: number; amount: number };

/** Some steps, then a try to send, and what others do before the next. */
interface Round {
  steps: Step[];
  luck: Luck[];
  meddle: { expense: number; note: string }[];
  restart: boolean;
}

const expense = fc.nat(1);
const luck = fc.constantFrom<Luck>(
  ...(['fine', 'lost', 'unanswered', 'unanswered', 'killed before', 'killed after'] as const),
  'too many',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const), expense }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('change' as const), expense, amount: fc.nat(9) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('trash' as const, 'restore' as const), expense }),
  },
);
const round: fc.Arbitrary<Round> = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  luck: fc.array(luck, { maxLength: 5 }),
  meddle: fc.array(fc.record({ expense, note: fc.constantFrom('x', 'y', 'z', 'trash') }), {
    maxLength: 1,
  }),
  restart: fc.boolean(),
});
const rounds = fc.array(round, { minLength: 1, maxLength: 6 });

interface Lived {
  ledger: Ledger;
  tab: Tab;
  /** Every entry as it was added. */
  added: Map<string, Entry>;
}

class Life {
  readonly ledger = new Ledger();
  readonly added = new Map<string, Entry>();
  /** The rows as this browser was shown them last. */
  private readonly known = new Map<string, Expense>();
  private lucks: Luck[] = [];
  private readonly service = line(this.ledger, () => this.lucks.shift() ?? 'fine');
  private tab: Tab;

  constructor(private readonly local: Local) {
    this.tab = this.open();
  }

  private open(): Tab {
    return new Tab(new Box(this.local), this.service, (row) => this.known.set(row.id, row));
  }

  async live(all: readonly Round[]): Promise<Lived> {
    for (const one of all) {
      for (const each of one.steps) await this.take(each);
      await this.send(one.luck);
      for (const each of one.meddle) this.ledger.meddle(`x${each.expense}`, each.note);
      if (one.restart) await this.restart();
    }
    await this.send([]);
    return { ledger: this.ledger, tab: this.tab, added: this.added };
  }

  private async take(one: Step): Promise<void> {
    const id = `x${one.expense}`;
    const row = this.seen(id);
    const doing = this.doing(one, row);
    if (!doing) return;
    const key = `key-${this.added.size}`;
    this.added.set(key, await this.tab.add(id, row, doing, key));
  }

  private doing(one: Step, row: Expense | null): Doing | null {
    if (one.do === 'create') {
      // An id is given once.
      const isNew = [...this.added.values()].every((each) => each.expense !== `x${one.expense}`);
      return isNew ? { op: 'create', input: { amount: '1', kind: 'expense' } } : null;
    }
    if (!row || (row.deleted_at === null) === (one.do === 'restore')) return null;
    if (one.do === 'change') return { op: 'change', patch: { amount: String(one.amount) } };
    return { op: one.do };
  }

  /** What the person sees of an expense: the row shown last, with what waits on top. */
  private seen(id: string): Expense | null {
    let row = this.known.get(id) ?? null;
    for (const entry of this.tab.entries.filter((one) => one.expense === id)) {
      if (entry.op === 'create') {
        row ??= { id, ...entry.input, etag: '', deleted_at: null } as unknown as Expense;
      } else if (entry.op === 'change') row &&= { ...row, ...(entry.patch as Partial<Expense>) };
      else row &&= { ...row, deleted_at: entry.op === 'trash' ? 'now' : null };
    }
    return row;
  }

  private async send(lucks: readonly Luck[]): Promise<void> {
    this.lucks = [...lucks];
    try {
      const outcome = await this.tab.sender.drain(() => false);
      // On the network the list is read again.
      if (outcome === 'done') for (const [id, row] of this.ledger.rows) this.known.set(id, row);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      await this.restart();
    }
  }

  private async restart(): Promise<void> {
    this.tab = this.open();
    await this.tab.reload();
  }
}

async function live(all: Round[]): Promise<Lived> {
  return new Life(await freshLocal()).live(all);
}

describe('whatever the network does and however often the tab dies', () => {
  test('every entry takes effect once or is still there with its reason; none is dropped', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const { ledger, tab, added } = await live(all);
        const kept = await tab.box.all();
        expect(tab.entries).toEqual(kept);
        for (const [key, entry] of added) {
          const times = ledger.written.filter((one) => one.key === key).length;
          const isKept = kept.some((one) => one.key === key);
          expect(times + (isKept ? 1 : 0)).toBeLessThanOrEqual(1);
          // What somebody else did already needs not be done again; nothing else may vanish.
          const isOthers = ledger.written.some((one) => one.expense === entry.expense && !one.key);
          if (times === 0 && !isKept) expect(isOthers).toBe(true);
        }
        const held = new Set(
          kept.filter((one) => one.state !== 'waiting').map((one) => one.expense),
        );
        expect(kept.every((one) => held.has(one.expense))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('what has no rival takes effect, and is not kept back as a conflict', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const { ledger, tab, added } = await live(all.map((one) => ({ ...one, meddle: [] })));
        expect(await tab.box.all()).toEqual([]);
        expect(ledger.written.map((one) => one.key)).toHaveLength(added.size);
      }),
      { numRuns: 300 },
    );
  });

  test('the entries of one expense take effect in their order', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const { ledger, added } = await live(all);
        for (const id of new Set(ledger.written.map((one) => one.expense))) {
          const mine = ledger.written.filter((one) => one.key && one.expense === id);
          const order = mine.map((one) => [...added.keys()].indexOf(one.key));
          expect(order).toEqual([...order].sort((one, other) => one - other));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('nobody else’s change is overwritten that was not seen', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const { ledger, added } = await live(all);
        for (const one of ledger.written) {
          if (one.op !== 'change' || one.maker !== 'them') continue;
          expect(added.get(one.key)?.base?.version).toBe(one.before);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a restore that arrived unheard of does not take back what somebody did since', async () => {
    const step = (one: Step['do']) => ({ do: one, expense: 1 }) as Step;
    const still: Round = { steps: [], luck: [], meddle: [], restart: false };
    const { ledger, tab } = await live([
      { ...still, steps: [step('create')] },
      { ...still, steps: [step('trash')] },
      {
        ...still,
        steps: [step('restore')],
        luck: ['killed after'],
        meddle: [{ expense: 1, note: 'trash' }],
      },
    ]);
    expect(ledger.rows.get('x1')?.deleted_at).toBe('now');
    expect(await tab.box.all()).toEqual([]);
  });
});
