/** What the overview shows: read anew when something changes, without the old figures going away. */
import { api, ask } from '../../api/client';
import { Unreachable } from '../../api/fault';
import type { Ledger, Summary } from '../../api/types';
import { live } from '../../state/live.svelte';
import { outbox } from '../../state/outbox.svelte';
import { session } from '../../state/session.svelte';
import { type Chosen, groupOf } from './period';

export interface Known {
  categories: Summary;
  times: Summary;
  descriptions: Summary;
  /** Milliseconds since 1970 at which this was so. */
  at: number;
}

const TOGETHER_MS = 50;

export class Figures {
  known = $state.raw<Known | null>(null);
  /** These are the figures that this browser kept. */
  isKept = $state(false);
  fault = $state<string | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  private readonly endings: (() => void)[];

  constructor(
    private readonly ledger: Ledger,
    private readonly chosen: Chosen,
    known: Known | null,
  ) {
    this.known = known;
    this.endings = [
      outbox.listen((id) => id === ledger.id && this.soon()),
      live.listen((heard) => {
        if (heard.type === 'reset') this.soon();
        else if (heard.type === 'change' && heard.change.ledger === ledger.id) this.soon();
      }),
    ];
    void this.load();
  }

  close(): void {
    for (const end of this.endings) end();
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.load(), TOGETHER_MS);
  }

  async load(): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const [categories, times, descriptions] = await Promise.all([
        this.sum('category', asking.signal),
        this.sum(groupOf(this.chosen), asking.signal),
        this.sum('description', asking.signal),
      ]);
      if (asking.signal.aborted) return;
      this.known = { categories, times, descriptions, at: Date.now() };
      this.isKept = false;
      this.fault = null;
      await session.local?.put('kept', this.known, this.key);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (error instanceof Unreachable) await this.recall();
      else this.fault = error instanceof Error ? error.message : String(error);
    }
  }

  private sum(
    group: 'category' | 'day' | 'week' | 'month' | 'description',
    signal: AbortSignal,
  ): Promise<Summary> {
    const { from, to } = this.chosen;
    const params = { path: { ledger: this.ledger.id }, query: { from, to, group } };
    return ask(api.GET('/api/v1/ledgers/{ledger}/expenses/summary', { params, signal }));
  }

  private async recall(): Promise<void> {
    const kept = (await session.local?.get('kept', this.key)) as Known | undefined;
    // Another month's figures would only mislead.
    const isSame =
      kept?.categories.from === this.chosen.from && kept.categories.to === this.chosen.to;
    this.known = kept && isSame ? kept : null;
    this.isKept = true;
  }

  /** One of each ledger and kind of period: the month somebody opens every day. */
  private get key(): string {
    return `overview ${this.ledger.id} ${this.chosen.span}`;
  }
}
