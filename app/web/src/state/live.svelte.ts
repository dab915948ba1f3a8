/** What changes elsewhere, as it happens: one stream a browser, shared between its tabs. */
import { BASE, whenUnreachable } from '../api/client';
import type { Expense } from '../api/types';
import { elect } from '../lib/leader';
import type { ServerEvent } from '../lib/sse';
import { Stream } from '../lib/stream';

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

/** Between tabs: what the stream told, with the id to go on from; and who follows what. */
type Said =
  | { type: 'heard'; heard: Heard; id: string }
  | { type: 'state'; state: Connection; id: string }
  | { type: 'who'; ledgers: readonly string[] };

/** What the rest of the app does when the stream cannot find out by itself. */
export interface Needs {
  /** The service refused the stream, or another tab follows ledgers that this one does not know. */
  doubt(status: number): void;
  /** Whether anything was changed within so many milliseconds; true when nobody knows. */
  wasChanged(withinMs: number): Promise<boolean>;
}

const NO_NEEDS: Needs = { doubt: () => undefined, wasChanged: () => Promise.resolve(false) };

class Live {
  state = $state<Connection>('connecting');
  needs = NO_NEEDS;
  private readonly listeners = new Set<(heard: Heard) => void>();
  private following: { user: string; ending: AbortController } | null = null;
  private lastUser = '';
  private ledgers: readonly string[] = [];
  private channel: BroadcastChannel | null = null;
  private stream: Stream | null = null;
  /** Where to go on, for whoever leads next. */
  private lastId = '';
  /** Somebody asked the service meanwhile, and was not answered. */
  private missed = false;

  constructor() {
    whenUnreachable(() => (this.missed = true));
  }

  /** Be told of changes; returns what ends it. */
  listen(listener: (heard: Heard) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Follow these ledgers for this person, in place of those followed before. */
  follow(user: string, ledgers: readonly string[]): void {
    this.ledgers = ledgers;
    if (ledgers.length === 0) this.stop();
    else if (this.following?.user === user) this.stream?.open();
    else this.begin(user);
    this.say({ type: 'who', ledgers });
  }

  stop(): void {
    this.following?.ending.abort();
    this.channel?.close();
    this.following = null;
    this.channel = null;
    this.state = 'connecting';
  }

  private begin(user: string): void {
    this.stop();
    const ending = new AbortController();
    this.following = { user, ending };
    if (this.lastUser !== user) this.lastId = '';
    this.lastUser = user;
    const channel = new BroadcastChannel(`outlay-live ${user}`);
    this.channel = channel;
    channel.onmessage = (message: MessageEvent<Said>) => this.hearTab(message.data);
    const begun = Date.now();
    elect(`outlay-live ${user}`, ending.signal, () => this.lead(begun));
  }

  private lead(begun: number): () => void {
    const isFirst = this.lastId === '';
    let isGreeted = false;
    const stream = new Stream(
      {
        address: (lastId) => this.address(lastId),
        take: (event) => {
          if (event.type === 'hello' && isFirst && !isGreeted) void this.closeGap(begun);
          isGreeted ||= event.type === 'hello';
          this.take(event);
        },
        lost: (tries) => this.become(navigator.onLine && tries < 3 ? 'connecting' : 'offline'),
        refused: (status) => this.needs.doubt(status),
      },
      this.lastId,
    );
    this.stream = stream;
    return () => {
      if (this.stream === stream) this.stream = null;
      stream.close();
    };
  }

  /** What the pages loaded before the stream began may have changed in between. */
  private async closeGap(begun: number): Promise<void> {
    if (!(await this.needs.wasChanged(Date.now() - begun))) return;
    this.tell({ type: 'reset', reason: 'begun' });
  }

  private address(lastId: string): string {
    const query = new URLSearchParams(this.ledgers.map((ledger) => ['ledger', ledger]));
    if (lastId) query.set('after', lastId);
    return `${BASE}/api/v1/events?${query.toString()}`;
  }

  private take(event: ServerEvent): void {
    this.lastId = event.id || this.lastId;
    const heard = heardOf(event);
    if (heard) this.tell(heard);
    else if (event.type === 'hello') this.become('live');
  }

  private tell(heard: Heard): void {
    this.say({ type: 'heard', heard, id: this.lastId });
    this.hear(heard);
  }

  private become(state: Connection): void {
    this.say({ type: 'state', state, id: this.lastId });
    this.see(state);
  }

  private hearTab(said: Said): void {
    if (said.type === 'who') {
      if (this.stream) this.say({ type: 'state', state: this.state, id: this.lastId });
      if (said.ledgers.some((ledger) => !this.ledgers.includes(ledger))) this.needs.doubt(404);
    } else if (!this.stream) {
      this.lastId = said.id || this.lastId;
      if (said.type === 'state') this.see(said.state);
      else this.hear(said.heard);
    }
  }

  private see(state: Connection): void {
    const isBack = state === 'live' && this.state !== 'live' && this.missed;
    this.state = state;
    if (!isBack) return;
    this.missed = false;
    this.hear({ type: 'reset', reason: 'missed' });
  }

  private hear(heard: Heard): void {
    for (const listener of this.listeners) listener(heard);
  }

  private say(said: Said): void {
    this.channel?.postMessage(said);
  }
}

function heardOf(event: ServerEvent): Heard | null {
  switch (event.type) {
    case 'change':
      return { type: 'change', change: JSON.parse(event.data) as Change };
    case 'reset':
      return { type: 'reset', ...(JSON.parse(event.data) as { reason: string }) };
    case 'gone':
      return { type: 'gone', ...(JSON.parse(event.data) as { ledger: string }) };
    default:
      return null;
  }
}

export const live = new Live();

/** The expenses that a change set tells of: as they are now, null for those removed for good. */
export function expensesOf(change: Change): { id: string; row: Expense | null }[] {
  return change.changes
    .filter((one) => one.entity === 'expense')
    .map((one) => ({ id: one.id, row: one.row as Expense | null }));
}
