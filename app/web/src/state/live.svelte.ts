/** What changes elsewhere, as it happens: one stream a browser, shared between its tabs. */
import { BASE } from '../api/client';
import type { Expense } from '../api/types';
import { elect } from '../lib/leader';

export interface RowChange {
  entity: 'ledger' | 'member' | 'category' | 'account' | 'tag' | 'expense';
  id: string;
  op: 'created' | 'changed' | 'trashed' | 'restored' | 'removed';
  row: unknown;
}

/** One change set, as the service tells it. */
export interface Change {
  ledger: string;
  seq: number;
  actor: string | null;
  source: string;
  action: string;
  changes: RowChange[];
  truncated: boolean;
}

export type Heard =
  | { type: 'change'; change: Change }
  /** What was missed is not told: load anew. */
  | { type: 'reset'; reason: string }
  | { type: 'gone'; ledger: string };

export type Connection = 'connecting' | 'live' | 'offline';

type Said = Heard | { type: 'state'; state: Connection } | { type: 'who' };

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;

class Live {
  state = $state<Connection>('connecting');
  private readonly listeners = new Set<(heard: Heard) => void>();
  private ending: AbortController | null = null;
  private channel: BroadcastChannel | null = null;

  /** Be told of changes; returns what ends it. */
  listen(listener: (heard: Heard) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Follow these ledgers for this person, in place of those followed before. */
  follow(user: string, ledgers: readonly string[]): void {
    this.stop();
    if (ledgers.length === 0) return;
    const ending = new AbortController();
    this.ending = ending;
    const channel = new BroadcastChannel(`outlay-live ${user}`);
    this.channel = channel;
    let leads = false;
    channel.onmessage = (message: MessageEvent<Said>) => {
      if (message.data.type === 'who') {
        if (leads) channel.postMessage({ type: 'state', state: this.state } satisfies Said);
      } else if (!leads) this.hear(message.data);
    };
    channel.postMessage({ type: 'who' } satisfies Said);
    elect(`outlay-live ${user}`, ending.signal, () => {
      leads = true;
      const stream = new Stream(ledgers, (said) => {
        this.hear(said);
        channel.postMessage(said);
      });
      return () => {
        leads = false;
        stream.close();
      };
    });
  }

  stop(): void {
    this.ending?.abort();
    this.channel?.close();
    this.ending = null;
    this.channel = null;
  }

  private hear(said: Said): void {
    if (said.type === 'state') this.state = said.state;
    else if (said.type !== 'who') for (const listener of this.listeners) listener(said);
  }
}

/** The connection itself: comes back by itself, from where it was. */
class Stream {
  private source: EventSource | null = null;
  private lastId = '';
  private wait = FIRST_WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly again = () => this.open();

  constructor(
    private readonly ledgers: readonly string[],
    private readonly say: (said: Said) => void,
  ) {
    addEventListener('online', this.again);
    addEventListener('offline', this.lost);
    this.open();
  }

  close(): void {
    removeEventListener('online', this.again);
    removeEventListener('offline', this.lost);
    clearTimeout(this.timer);
    this.source?.close();
  }

  private open(): void {
    clearTimeout(this.timer);
    this.source?.close();
    const query = new URLSearchParams(this.ledgers.map((ledger) => ['ledger', ledger]));
    if (this.lastId) query.set('after', this.lastId);
    const source = new EventSource(`${BASE}/api/v1/events?${query.toString()}`);
    this.source = source;
    const on = (type: string, take: (data: string) => void) =>
      source.addEventListener(type, (event: MessageEvent<string>) => {
        this.lastId = event.lastEventId || this.lastId;
        take(event.data);
      });
    on('hello', () => {
      this.wait = FIRST_WAIT_MS;
      this.say({ type: 'state', state: 'live' });
    });
    on('change', (data) => this.say({ type: 'change', change: JSON.parse(data) as Change }));
    on('reset', (data) => this.say({ type: 'reset', ...(JSON.parse(data) as { reason: string }) }));
    on('gone', (data) => this.say({ type: 'gone', ...(JSON.parse(data) as { ledger: string }) }));
    source.onerror = this.lost;
  }

  private readonly lost = () => {
    this.source?.close();
    this.say({ type: 'state', state: navigator.onLine ? 'connecting' : 'offline' });
    clearTimeout(this.timer);
    this.timer = setTimeout(this.again, this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, MOST_WAIT_MS);
  };
}

export const live = new Live();

/** The expenses that a change set tells of: as they are now, null for those removed for good. */
export function expensesOf(change: Change): { id: string; row: Expense | null }[] {
  return change.changes
    .filter((one) => one.entity === 'expense')
    .map((one) => ({ id: one.id, row: one.row as Expense | null }));
}
