/** The rows of an import, a page at a time, and what is chosen for them. */
import * as calls from './calls';
import type { Preview } from './preview.svelte';
import type { Detail, Row, RowsPatch, Verdict } from './types';
import { complain } from './words';

export const PAGE = 50;

export class Rows {
  items = $state.raw<Row[]>([]);
  next = $state<number | null>(null);
  status = $state<'loading' | 'ready'>('loading');
  fault = $state.raw<unknown>(null);
  /** Rows more (or fewer) that will be taken than the service has counted so far. */
  private ahead = $state(0);
  private chosen = new Map<number, boolean | null>();
  private asking: AbortController | null = null;
  private verdict: Verdict | null = null;
  private after = 0;
  private turns = 0;

  constructor(private readonly preview: Preview) {}

  /** How many rows a commit would add. */
  get selected(): number {
    return (this.preview.detail?.selected ?? 0) + this.ahead;
  }

  close(): void {
    this.turns += 1;
    this.asking?.abort();
  }

  /** Shows the rows after a line, once what was chosen before has arrived. */
  show(verdict: Verdict | null, after: number): Promise<void> {
    this.asking?.abort();
    this.verdict = verdict;
    this.after = after;
    const turn = ++this.turns;
    return this.preview.queue(() => (turn === this.turns ? this.read() : Promise.resolve()));
  }

  /** Those that are there stay until the others have come. */
  private async read(): Promise<void> {
    const { verdict, after } = this;
    const asking = new AbortController();
    this.asking = asking;
    this.status = 'loading';
    try {
      const query = { ...(verdict && { verdict }), after, limit: PAGE };
      const page = await calls.rows(this.preview.place, query, asking.signal);
      if (asking.signal.aborted) return;
      this.items = page.items.map((row) => this.asChosen(row));
      this.next = page.next;
      this.fault = null;
      this.status = 'ready';
    } catch (error) {
      if (asking.signal.aborted) return;
      this.fault = error;
      this.status = 'ready';
    }
  }

  /** Takes rows in or leaves them out: at once here, with the next answer there. */
  include(rows: readonly Row[], wanted: boolean): void {
    const lines = new Set<number>();
    for (const row of rows) {
      if (!row.expense || row.selected === wanted) continue;
      lines.add(row.line);
      this.ahead += wanted ? 1 : -1;
      this.chosen.set(row.line, wanted === (row.verdict === 'new') ? null : wanted);
    }
    if (lines.size === 0) return;
    this.items = this.items.map((row) =>
      lines.has(row.line) ? { ...row, selected: wanted } : row,
    );
    if (this.chosen.size === lines.size) void this.preview.queue(() => this.send());
  }

  /** Takes in, or leaves out, every row of a verdict: those that are shown at once. */
  includeAll(verdict: 'new' | 'duplicate', wanted: boolean): Promise<void> {
    this.items = this.items.map((row) =>
      row.verdict === verdict && row.expense ? { ...row, selected: wanted } : row,
    );
    const include = wanted === (verdict === 'new') ? null : wanted;
    return this.choose({ include, verdict });
  }

  /** Files a row, or every row like it; null goes back to what the file says. */
  file(row: Row, category: string | null, withLike: boolean): Promise<void> {
    const which = withLike ? { like: row.line } : { lines: [row.line] };
    return this.choose({ category_id: category, ...which });
  }

  private choose(patch: RowsPatch): Promise<void> {
    return this.preview.queue(async () => {
      let detail: Detail | undefined;
      try {
        detail = await calls.choose(this.preview.place, patch);
      } catch (error) {
        complain(error);
      }
      // How many there are is said together with which.
      await this.read();
      if (detail) this.preview.detail = detail;
    });
  }

  private async send(): Promise<void> {
    const { chosen, ahead } = this;
    this.chosen = new Map();
    try {
      for (const include of [true, false, null]) {
        const lines = [...chosen].filter(([, one]) => one === include).map(([line]) => line);
        if (lines.length === 0) continue;
        this.preview.detail = await calls.choose(this.preview.place, { include, lines });
      }
      this.ahead -= ahead;
    } catch (error) {
      this.ahead -= ahead;
      complain(error);
      await this.read();
    }
  }

  /** A row as it was read, with a choice that is still on its way. */
  private asChosen(row: Row): Row {
    const choice = this.chosen.get(row.line);
    if (choice === undefined) return row;
    return { ...row, selected: choice ?? row.verdict === 'new' };
  }
}
