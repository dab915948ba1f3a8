/** The change sets of a ledger, newest first, loaded by pages and kept up to date. */
import { api, ask } from '../../api/client';
import type { ChangeSet } from '../../api/types';
import { live } from '../../state/live.svelte';
import type { Entity } from './diff';

export interface Filter {
  entity: Entity | null;
  actor: string | null;
}

const PAGE = 50;
const MOST_AT_ONCE = 200;
/** A filtered page may be empty and yet not the last: so many are looked through at once. */
const MOST_EMPTY = 5;
/** Changes that come together are read together. */
const TOGETHER_MS = 60;

export class ChangeSets {
  items = $state.raw<ChangeSet[]>([]);
  /** Where older ones go on; null after the first one that there ever was. */
  next = $state<number | null>(null);
  isReady = $state(false);
  isLoadingMore = $state(false);
  fault = $state.raw<unknown>(null);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  private readonly unlisten: () => void;

  constructor(
    private readonly ledger: string,
    private readonly filter: Filter,
  ) {
    this.unlisten = live.listen((heard) => {
      if (heard.type === 'reset') this.soon();
      if (heard.type === 'change' && heard.change.ledger === ledger) this.soon();
    });
    void this.refresh();
  }

  readonly bySeq = $derived(new Map(this.items.map((set) => [set.seq, set])));

  close(): void {
    this.unlisten();
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  /** The next older page. */
  async more(): Promise<void> {
    if (this.next === null || this.isLoadingMore) return;
    this.isLoadingMore = true;
    try {
      const found = await this.load(PAGE, this.next);
      this.items = [...this.items, ...found.items];
      this.next = found.next;
      this.fault = null;
    } catch (error) {
      this.fault = error;
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** Read the newest again, without moving those that are older. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const limit = Math.min(Math.max(this.items.length, PAGE), MOST_AT_ONCE);
      const found = await this.load(limit, null, asking.signal);
      const last = found.items.at(-1);
      const older = last ? this.items.filter((set) => set.seq < last.seq) : [];
      this.items = [...found.items, ...older];
      if (older.length === 0) this.next = found.next;
      this.fault = null;
      this.isReady = true;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.fault = error;
      this.isReady = true;
    }
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), TOGETHER_MS);
  }

  private async load(limit: number, before: number | null, signal: AbortSignal | null = null) {
    const { entity, actor } = this.filter;
    let from = before;
    for (let tries = 1; ; tries++) {
      const query = { limit, entity, actor, ...(from === null ? {} : { before: from }) };
      const params = { path: { ledger: this.ledger }, query };
      const found = await ask(api.GET('/api/v1/ledgers/{ledger}/changes', { params, signal }));
      if (found.items.length > 0 || found.next === null || tries === MOST_EMPTY) return found;
      from = found.next;
    }
  }
}
