/**
 * Every change of an expense goes through here: kept first, shown at once, sent in order, and never
 * dropped but by the service's yes or the person's own no.
 */
import type { Expense, ExpensePatch } from '../api/types';
import { exclusively } from '../lib/exclusive';
import { copied } from '../lib/copied';
import { uuid7 } from '../lib/ids';
import { Box } from './box';
import * as rules from './entries';
import { type Doing, type Entry, ledgeOf, type Local } from './local';
import { applied } from './overlay';
import type { Hooks, Outcome, Sender } from './sender';
import { session } from './session.svelte';

const FIRST_WAIT_MS = 1000;
const MOST_WAIT_MS = 60_000;

type Listener = (ledger: string, row: Expense) => void;
/** Between tabs: what waits for an expense changed; or was sent, and what it became. */
type Said =
  | { type: 'changed'; expense: string }
  | { type: 'sent'; entry: Entry; row: Expense | null; left: Expense | null };

/** One person's outbox in this tab; what still runs for one who left touches nobody else's. */
interface Desk {
  user: string;
  local: Local | null;
  box: Box;
  hooks: Hooks;
  channel: BroadcastChannel;
  isOver: boolean;
}

/** The program that sends, loaded with the first thing there is to send. */
async function senderOf(desk: Desk): Promise<Sender> {
  const [{ Sender }, { service }] = await Promise.all([import('./sender'), import('./service')]);
  return new Sender(desk.box, service, desk.hooks);
}

class Outbox {
  entries = $state.raw<Entry[]>([]);
  isSending = $state(false);
  /** Something waits, and the last try found nobody. */
  isStuck = $state(false);
  /** Something could not be kept by this browser, and would be lost with this page. */
  isLoose = $state(false);
  private desk: Desk | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private readonly listeners = new Set<Listener>();
  /** Rows as our own entries left them, by the version these were based on. */
  private left = new Map<string, Expense>();
  private running: Promise<void> | null = null;
  private isAskedAgain = false;

  readonly waiting = $derived(this.entries.filter((entry) => entry.state === 'waiting'));
  /** Refused, or in conflict: they wait for the person. */
  readonly refused = $derived(this.entries.filter((entry) => entry.state !== 'waiting'));

  /** Begin with what this browser keeps of the person. */
  async start(local: Local | null, user: string): Promise<void> {
    const loose = this.desk?.user === user ? this.desk.box.loose : [];
    this.stop();
    const desk = this.open(local, user, loose);
    this.desk = desk;
    addEventListener('online', this.wake);
    addEventListener('beforeunload', this.hold);
    const entries = await desk.box.all();
    if (desk.isOver) return;
    this.entries = entries;
    this.isLoose = desk.box.isLoose;
    this.flush();
  }

  stop(): void {
    removeEventListener('online', this.wake);
    removeEventListener('beforeunload', this.hold);
    clearTimeout(this.timer);
    if (this.desk) {
      this.desk.isOver = true;
      this.desk.channel.close();
    }
    this.desk = null;
    this.entries = [];
    this.left = new Map();
    this.isStuck = false;
    this.isLoose = false;
  }

  /** Be told of each row that the service took. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Keep a change and send it as soon as can be; resolves once it is kept. */
  async add(ledger: string, expense: string, base: Expense | null, doing: Doing): Promise<Entry> {
    const entry = copied<Entry>({
      ...doing,
      n: rules.UNPLACED,
      key: uuid7(),
      user: this.need().user,
      ledger,
      expense,
      base: this.latest(expense, base),
      epoch: session.entered?.instance.epoch ?? '',
      at: Date.now(),
      tries: 0,
      state: 'waiting',
    });
    const own = await this.keep(entry);
    this.flush();
    return own.at(-1) ?? entry;
  }

  /** Undo one of them: drop it when nobody can have it yet, else do the opposite. */
  async takeBack(made: Entry): Promise<void> {
    await this.discard(made.n, made);
  }

  /**
   * The person's own no: returns what was dropped, with what cannot be without it. Where the
   * service may have it already nothing is dropped, and the opposite waits to be sent as well.
   */
  async discard(n: number, made = this.entries.find((one) => one.n === n)): Promise<Entry[]> {
    if (!made) return [];
    let gone: Entry[] = [];
    await this.change(made.expense, (own) => {
      const there = own.find((one) => one.n === n);
      const left = there && rules.isUnsent(there) ? rules.discarded(own, n) : own;
      gone = own.filter((one) => !left.includes(one));
      return left;
    });
    if (gone.length > 0) this.flush();
    else await this.add(made.ledger, made.expense, this.shownAfter(made), rules.inverse(made));
    return gone;
  }

  /** Wait again, after all. */
  async putBack(gone: readonly Entry[]): Promise<void> {
    for (const entry of gone) {
      const again = { ...entry, n: rules.UNPLACED };
      await this.change(entry.expense, (own) => [...own, again]);
    }
    this.flush();
  }

  /** Send a refused one again. */
  async retry(n: number): Promise<void> {
    await this.each(n, (entry) => rules.anew(entry, uuid7()));
    this.flush();
  }

  /** Other values for an entry whose row is shown as `row`; behind it where it may have arrived. */
  async edit(n: number, row: Expense, patch: ExpensePatch): Promise<void> {
    const values = copied(patch);
    let isAmended = false;
    const entry = await this.each(n, (there) => {
      isAmended = rules.isUnsent(there) && (there.op === 'create' || there.op === 'change');
      return isAmended ? rules.anew(rules.amended(there, values), uuid7()) : there;
    });
    if (isAmended) this.flush();
    else if (entry) await this.add(entry.ledger, entry.expense, row, { op: 'change', patch });
  }

  /** Settle a conflict as the person decided, with all that waits behind it for the same row. */
  async settle(n: number, work: (own: Entry[]) => Entry[]): Promise<void> {
    const entry = this.entries.find((one) => one.n === n);
    if (entry) await this.change(entry.expense, work);
    this.flush();
  }

  /** Look again at the row that a conflict is about. Throws Problem or Unreachable. */
  async lookAgain(n: number): Promise<void> {
    const entry = this.entries.find((one) => one.n === n);
    if (!entry) return;
    const { service } = await import('./service');
    const current = await service.read(entry);
    await this.each(n, (one) => (one.state === 'conflict' ? { ...one, current } : one));
  }

  /** Send what waits, now; harmless when nothing does. */
  flush(): void {
    clearTimeout(this.timer);
    const desk = this.desk;
    if (!desk) return;
    if (this.running) {
      this.isAskedAgain = true;
      return;
    }
    this.running = this.run(desk).finally(() => {
      this.running = null;
      if (!this.isAskedAgain) return;
      this.isAskedAgain = false;
      this.flush();
    });
  }

  /** Resolves once nothing is being sent. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  /** The network is back, or somebody signed in: no more waiting. */
  readonly wake = (): void => {
    this.failures = 0;
    this.flush();
  };

  /** The browser asks before it closes a page that alone knows of something. */
  private readonly hold = (event: BeforeUnloadEvent) => {
    if (this.isLoose) event.preventDefault();
  };

  private open(local: Local | null, user: string, loose: Entry[]): Desk {
    const box = new Box(local, loose);
    const channel = new BroadcastChannel(`outlay-outbox ${user}`);
    const hooks: Hooks = {
      entries: () => (this.desk === desk ? this.entries : []),
      changed: (expense, own) => this.changed(desk, expense, own),
      took: (entry, own, row, left) => {
        if (desk.isOver) return;
        this.took(entry, row, left);
        this.merge(desk, entry.expense, own);
        channel.postMessage({ type: 'sent', entry, row, left } satisfies Said);
      },
    };
    const desk: Desk = { user, local, box, hooks, channel, isOver: false };
    channel.onmessage = (message: MessageEvent<Said>) => void this.hear(desk, message.data);
    return desk;
  }

  private async hear(desk: Desk, said: Said): Promise<void> {
    const expense = said.type === 'sent' ? said.entry.expense : said.expense;
    const own = await desk.box.of(expense);
    if (desk.isOver) return;
    if (said.type === 'sent') this.took(said.entry, said.row, said.left);
    this.merge(desk, expense, own);
    // The tab that brought it may be gone before it is sent.
    if (this.waiting.length > 0 && !this.isStuck) this.later(desk);
  }

  private async run(desk: Desk): Promise<void> {
    if (!rules.nextToSend(this.entries)) {
      this.failures = 0;
      this.isStuck = false;
      return;
    }
    try {
      const sure = await session.confirm();
      const outcome = sure === 'in' ? await this.drain(desk) : sure;
      if (desk.isOver) return;
      this.isStuck = outcome === 'later';
      if (outcome === 'later' || outcome === 'busy') this.later(desk);
      else this.failures = 0;
    } catch (error) {
      // Entries are where they were; whatever it was is worth another try, and to be known of.
      this.later(desk);
      reportError(error);
    }
  }

  private async drain(desk: Desk): Promise<Outcome | 'busy'> {
    this.isSending = true;
    try {
      const sender = await senderOf(desk);
      return await exclusively(`outlay-send ${desk.user}`, ledgeOf(desk.local, 'sending'), () =>
        sender.drain(() => desk.isOver || session.status !== 'in'),
      );
    } finally {
      this.isSending = false;
    }
  }

  private later(desk: Desk): void {
    clearTimeout(this.timer);
    if (desk.isOver) return;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(this.failures, 10), MOST_WAIT_MS);
    this.failures += 1;
    this.timer = setTimeout(() => this.flush(), wait * (0.75 + Math.random() / 2));
  }

  /** Puts a new one behind the others of its expense. */
  private async keep(entry: Entry): Promise<Entry[]> {
    const desk = this.need();
    let own: Entry[];
    try {
      own = await desk.box.change(entry.expense, (there) => [...there, entry], null, 'strict');
    } catch {
      // No room, or the browser closed its store: it lasts as long as this page.
      const known = this.entries.filter((one) => one.expense === entry.expense);
      own = [...known, ...desk.box.addLoose(entry)];
    }
    this.changed(desk, entry.expense, own);
    return own;
  }

  private async change(expense: string, work: (own: Entry[]) => Entry[]): Promise<void> {
    const desk = this.need();
    this.changed(desk, expense, await desk.box.change(expense, work));
  }

  /** Changes one entry, if it is still there. */
  private async each(n: number, work: (entry: Entry) => Entry): Promise<Entry | undefined> {
    const entry = this.entries.find((one) => one.n === n);
    if (!entry) return undefined;
    await this.change(entry.expense, (own) => own.map((one) => (one.n === n ? work(one) : one)));
    return entry;
  }

  private need(): Desk {
    if (!this.desk) throw new Error('nobody is signed in');
    return this.desk;
  }

  private changed(desk: Desk, expense: string, own: Entry[]): void {
    if (desk.isOver) return;
    this.merge(desk, expense, own);
    for (const each of new Set([expense, ...own.map((one) => one.expense)])) {
      desk.channel.postMessage({ type: 'changed', expense: each } satisfies Said);
    }
  }

  private merge(desk: Desk, expense: string, own: Entry[]): void {
    const others = this.entries.filter((one) => one.expense !== expense);
    this.entries = [...others, ...own].sort((one, other) => one.n - other.n);
    this.isLoose = desk.box.isLoose;
  }

  private took(entry: Entry, row: Expense | null, left: Expense | null): void {
    if (left && left.etag !== entry.base?.etag) {
      this.left.set(place(entry.expense, entry.base), left);
    }
    if (row) for (const listener of this.listeners) listener(entry.ledger, row);
  }

  /** The row as our own entries have left it by now, when `base` is what they were based on. */
  private latest(expense: string, base: Expense | null): Expense | null {
    let row = base;
    for (let next = row; next; next = row && (this.left.get(place(expense, row)) ?? null))
      row = next;
    return row;
  }

  private shownAfter(made: Entry): Expense | null {
    const ledger = session.ledgers.find((one) => one.id === made.ledger);
    return applied(made.base, made, ledger ?? { currency: 'EUR' }, '');
  }
}

function place(expense: string, base: Expense | null): string {
  return `${expense} ${base?.etag ?? ''}`;
}

export const outbox = new Outbox();
