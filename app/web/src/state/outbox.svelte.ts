/**
 * Every change of an expense goes through here: kept first, shown at once, sent in order, and never
 * dropped but by the service's yes or the person's own no.
 */
import { api, ask, Problem, Unreachable } from '../api/client';
import type { Expense } from '../api/types';
import type { Doing, Entry, Local } from './local';
import { keepRows } from './local';
import { session } from './session.svelte';

const FIRST_WAIT_MS = 1000;
const MOST_WAIT_MS = 60_000;

type Listener = (ledger: string, row: Expense) => void;
type Said = { type: 'changed' } | { type: 'sent'; ledger: string; row: Expense };

class Outbox {
  entries = $state.raw<Entry[]>([]);
  isSending = $state(false);
  /** Something waits, and the last try found nobody. */
  isStuck = $state(false);
  private local: Local | null = null;
  private next = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private channel: BroadcastChannel | null = null;
  private readonly listeners = new Set<Listener>();
  private running: Promise<void> | null = null;
  private isAskedAgain = false;

  readonly refused = $derived(this.entries.filter((entry) => entry.state !== 'waiting'));

  /** Begin with what this browser keeps of the person. */
  async start(local: Local | null, user: string): Promise<void> {
    this.stop();
    this.local = local;
    this.channel = new BroadcastChannel(`outlay-outbox ${user}`);
    this.channel.onmessage = (message: MessageEvent<Said>) => {
      if (message.data.type === 'sent') this.tell(message.data.ledger, message.data.row);
      void this.reload();
    };
    addEventListener('online', this.wake);
    await this.reload();
    this.flush();
  }

  stop(): void {
    removeEventListener('online', this.wake);
    clearTimeout(this.timer);
    this.channel?.close();
    this.channel = null;
    this.local = null;
    this.entries = [];
  }

  /** Be told of each row that the service took. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Keep a change and send it as soon as can be; resolves once it is kept. */
  async add(ledger: string, expense: string, base: Expense | null, doing: Doing): Promise<void> {
    const entry: Omit<Entry, 'n'> = {
      ...doing,
      ledger,
      expense,
      base: $state.snapshot(base),
      epoch: session.entered?.instance.epoch ?? '',
      at: Date.now(),
      tries: 0,
      state: 'waiting',
    };
    const n = this.local ? await this.local.add('outbox', entry as Entry) : this.next++;
    this.entries = [...this.entries, { ...entry, n } as Entry];
    this.flush();
  }

  /** Take one back that was not sent: the person's own no. */
  async discard(n: number): Promise<void> {
    await this.drop(n);
    this.say({ type: 'changed' });
    this.flush();
  }

  /** Send a refused one again; with `base` on top of the row as it is there now. */
  async retry(n: number, base?: Expense): Promise<void> {
    const entry = this.entries.find((one) => one.n === n);
    if (!entry) return;
    const { problem: _, current: __, ...rest } = entry;
    await this.keep({ ...rest, base: base ?? entry.base, state: 'waiting', tries: 0 } as Entry);
    this.flush();
  }

  /** Send what waits, now; harmless when nothing does. */
  flush(): void {
    clearTimeout(this.timer);
    if (this.running) {
      this.isAskedAgain = true;
      return;
    }
    this.running = this.exclusively(() => this.drain()).finally(() => {
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

  private readonly wake = () => this.flush();

  /** One tab sends at a time. Without locks two may: the service takes the same entry twice as once. */
  private async exclusively(work: () => Promise<void>): Promise<void> {
    const user = session.entered?.user.id;
    if (!user) return;
    if ('locks' in navigator) await navigator.locks.request(`outlay-send ${user}`, work);
    else await work();
  }

  private async drain(): Promise<void> {
    await this.reload();
    for (let entry = this.sendable(); entry; entry = this.sendable()) {
      this.isSending = true;
      const goesOn = await this.send(entry);
      this.isSending = false;
      if (!goesOn) return;
    }
    this.isStuck = false;
  }

  /** The next that waits on none that was refused: the same row, or one it refunds. */
  private sendable(): Entry | undefined {
    const blocked = new Set(this.refused.map((entry) => entry.expense));
    return this.entries.find(
      (entry) =>
        entry.state === 'waiting' &&
        !blocked.has(entry.expense) &&
        !(entry.op === 'create' && entry.input.refund_of && blocked.has(entry.input.refund_of)),
    );
  }

  /** Sends one; tells whether to go on with the next. */
  private async send(entry: Entry): Promise<boolean> {
    try {
      const row = await request(entry);
      await this.sent(entry, row);
      return true;
    } catch (error) {
      if (error instanceof Unreachable) return this.later(entry);
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) return false;
      if (error.status === 429) return this.later(entry);
      await this.refusedBy(entry, error);
      return true;
    }
  }

  private async later(entry: Entry): Promise<boolean> {
    this.isStuck = true;
    await this.keep({ ...entry, tries: entry.tries + 1 });
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(entry.tries, 10), MOST_WAIT_MS);
    this.timer = setTimeout(this.wake, wait * (0.75 + Math.random() / 2));
    return false;
  }

  private async sent(entry: Entry, row: Expense): Promise<void> {
    for (const later of this.entries) {
      if (later.expense === entry.expense && later.n > entry.n && later.state === 'waiting') {
        await this.keep({ ...later, base: row });
      }
    }
    if (this.local) await keepRows(this.local, entry.ledger, [row]);
    this.tell(entry.ledger, row);
    await this.drop(entry.n);
    this.say({ type: 'sent', ledger: entry.ledger, row });
  }

  private async refusedBy(entry: Entry, error: Problem): Promise<void> {
    const current = (error.body.current ?? null) as Expense | null;
    if (current && isAlready(entry, current)) {
      await this.sent(entry, current);
      return;
    }
    const state = error.status === 412 || current ? 'conflict' : 'refused';
    await this.keep({ ...entry, state, problem: error.body, current });
    this.say({ type: 'changed' });
  }

  private async keep(entry: Entry): Promise<void> {
    const plain = $state.snapshot(entry) as Entry;
    await this.local?.put('outbox', plain);
    this.entries = this.entries.map((one) => (one.n === entry.n ? plain : one));
  }

  private async drop(n: number): Promise<void> {
    await this.local?.delete('outbox', n);
    this.entries = this.entries.filter((one) => one.n !== n);
  }

  private async reload(): Promise<void> {
    if (this.local) this.entries = await this.local.getAll('outbox');
  }

  private tell(ledger: string, row: Expense): void {
    for (const listener of this.listeners) listener(ledger, row);
  }

  private say(said: Said): void {
    this.channel?.postMessage(said);
  }
}

function request(entry: Entry): Promise<Expense> {
  const path = { ledger: entry.ledger, id: entry.expense };
  const match = { 'If-Match': entry.base?.etag ?? '' };
  const URL = '/api/v1/ledgers/{ledger}/expenses/{id}';
  switch (entry.op) {
    case 'create':
      return ask(
        api.PUT(URL, {
          params: { path, header: { 'If-None-Match': '*' } },
          body: { ...entry.input, source: 'web' },
        }),
      );
    case 'change':
      return ask(api.PATCH(URL, { params: { path, header: match }, body: entry.patch }));
    case 'trash':
      return ask(api.DELETE(URL, { params: { path, header: match } }));
    case 'restore':
      return ask(api.POST(`${URL}/restore`, { params: { path } }));
  }
}

/** Whether the row is already what the entry wants: it was sent before, and the answer got lost. */
export function isAlready(entry: Entry, current: Expense): boolean {
  switch (entry.op) {
    case 'create':
      return false;
    case 'change':
      return (
        current.deleted_at === null &&
        Object.entries(entry.patch).every(
          ([name, value]) =>
            JSON.stringify(current[name as keyof Expense]) === JSON.stringify(value),
        )
      );
    case 'trash':
      return current.deleted_at !== null;
    case 'restore':
      return current.deleted_at === null;
  }
}

export const outbox = new Outbox();
