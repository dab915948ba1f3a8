/** The rows of one filter: loaded by pages, kept up to date, with what waits to be sent on top. */
import { api, ask, Unreachable } from '../../api/client';
import type { Expense, ExpensePage, Ledger, ListQuery } from '../../api/types';
import { todayIn } from '../../lib/dates';
import { fromMinor, toMinor } from '../../lib/money';
import { keepRows, keptRows, MOST_ROWS, trimRows } from '../../state/local';
import { expensesOf, type Heard, live } from '../../state/live.svelte';
import { outbox } from '../../state/outbox.svelte';
import { matches, newestFirst, overlaid, pinned, type Shown } from '../../state/overlay';
import { reference } from '../../state/reference.svelte';
import { session } from '../../state/session.svelte';
import { doing } from './doing.svelte';

export interface Day {
  date: string;
  rows: Shown[];
  /** Net of the day a currency, as signed decimal text; of all its rows, shown or not. */
  totals: { currency: string; net: string }[];
}

const FIRST = 50;
const MORE = 100;
const MOST_AT_ONCE = 500;
/** Changes that come together are read together. */
const TOGETHER_MS = 40;

export class Rows {
  rows = $state.raw<Expense[]>([]);
  next = $state<string | null>(null);
  count = $state.raw<ExpensePage['count'] | null>(null);
  days = $state.raw<ExpensePage['days']>([]);
  status = $state<'loading' | 'ready' | 'kept'>('loading');
  fault = $state<unknown>(null);
  isLoadingMore = $state(false);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | null = null;
  /** Counts what may have changed rows meanwhile. */
  private news = 0;
  /** Each row that changed was told of, also beyond those that are read again. */
  private isTold = true;
  private readonly endings: (() => void)[];
  /** What was opened before is of another list. */
  private readonly born = Date.now();

  constructor(
    readonly ledger: Ledger,
    readonly query: ListQuery,
    private readonly first = FIRST,
  ) {
    this.endings = [
      live.listen((heard) => this.hear(heard)),
      outbox.listen((id, row) => {
        if (id !== ledger.id) return;
        this.take([{ id: row.id, row }]);
        this.soon();
      }),
    ];
    void this.start();
  }

  readonly shown: Shown[] = $derived.by(() => {
    const { query, ledger } = this;
    const today = todayIn(ledger.time_zone);
    const rows = pinned(
      overlaid(this.rows, outbox.entries, ledger, today, (row) => this.has(row)),
      doing.opened && doing.opened.at >= this.born ? doing.opened.row : null,
    );
    // By amount the service's order stands; what waits comes first.
    if (query.sort !== 'amount') return rows;
    const place = new Map(this.rows.map((row, index) => [row.id, index]));
    return rows.sort((one, other) => (place.get(one.id) ?? -1) - (place.get(other.id) ?? -1));
  });

  readonly byDay: Day[] = $derived.by(() => {
    if (this.query.sort === 'amount') return [{ date: '', rows: this.shown, totals: [] }];
    const totals = new Map<string, Map<string, bigint>>();
    for (const day of this.days) {
      const net = toMinor(day.income, day.currency) - toMinor(day.spent, day.currency);
      add(totals, day.date, day.currency, net);
    }
    this.countPending(totals);
    const found = new Map<string, Shown[]>();
    for (const row of this.shown) {
      const rows = found.get(row.date);
      if (rows) rows.push(row);
      else found.set(row.date, [row]);
    }
    return [...found].map(([date, rows]) => ({
      date,
      rows,
      totals: [...(totals.get(date) ?? [])].map(([currency, net]) => ({
        currency,
        net: fromMinor(net, currency),
      })),
    }));
  });

  /** The net of all loaded rows, a currency each. */
  readonly sums: { currency: string; net: string }[] = $derived.by(() => {
    const found = new Map<string, bigint>();
    for (const row of this.shown) {
      found.set(row.currency, (found.get(row.currency) ?? 0n) + signed(row));
    }
    return [...found].map(([currency, net]) => ({ currency, net: fromMinor(net, currency) }));
  });

  close(): void {
    for (const end of this.endings) end();
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  /** The next page, after the rows that are there. */
  async more(): Promise<void> {
    if (this.next === null || this.isLoadingMore || this.status !== 'ready') return;
    this.isLoadingMore = true;
    try {
      const { news } = this;
      await this.append(this.next);
      if (news !== this.news) this.soon();
    } catch (error) {
      this.fault = error;
    } finally {
      this.isLoadingMore = false;
    }
  }

  private async append(after: string | null): Promise<void> {
    if (after === null) return;
    const page = await this.page(MORE, after);
    // The rows before it were read again meanwhile, and end elsewhere.
    if (after !== this.next) return this.append(this.next);
    const known = new Set(this.rows.map((row) => row.id));
    this.rows = [...this.rows, ...page.items.filter((row) => !known.has(row.id))];
    this.days = mergedDays(this.days, page.days);
    this.next = page.next;
  }

  /** Read again what is shown, without moving anything that stays. */
  async refresh(): Promise<void> {
    clearTimeout(this.timer);
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const news = ++this.news;
    const limit = Math.min(Math.max(this.rows.length, this.first), MOST_AT_ONCE);
    try {
      const page = await this.page(limit, null, asking.signal);
      if (asking.signal.aborted) return;
      this.replace(page, limit);
      if (news === this.news) this.isTold = true;
      this.fault = null;
      this.status = 'ready';
      await this.keep(page.items);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (error instanceof Unreachable) await this.showKept();
      this.fault = error;
    }
  }

  private async start(): Promise<void> {
    if (this.isWhole && (await this.recall())) this.status = 'kept';
    await this.refresh();
  }

  private replace(page: ExpensePage, limit: number): void {
    const tail = this.isTold && page.next ? this.rows.slice(limit) : [];
    if (tail.length === 0) {
      this.rows = page.items;
      this.next = page.next;
      this.days = page.days;
    } else {
      const known = new Set(page.items.map((row) => row.id));
      this.rows = [...page.items, ...tail.filter((row) => !known.has(row.id))];
      this.days = mergedDays(page.days, this.days);
    }
    this.count = page.count;
  }

  private page(limit: number, cursor: string | null, signal?: AbortSignal): Promise<ExpensePage> {
    const query: ListQuery = { ...this.query, limit };
    if (cursor) query.cursor = cursor;
    const params = { path: { ledger: this.ledger.id }, query };
    return ask(api.GET('/api/v1/ledgers/{ledger}/expenses', { params, signal: signal ?? null }));
  }

  /** Whether the row belongs here, as far as can be told without the service. */
  private has(row: Expense): boolean {
    return matches(row, this.query, (id) => reference.categoryById.get(id)?.parent_id ?? null);
  }

  private hear(heard: Heard): void {
    if (heard.type === 'gone') return;
    if (heard.type === 'change') {
      if (heard.change.ledger !== this.ledger.id) return;
      this.take(expensesOf(heard.change));
    }
    if (heard.type === 'reset' || heard.change.truncated) this.isTold = false;
    this.soon();
  }

  private soon(): void {
    this.news += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), TOGETHER_MS);
  }

  /** Rows as they are now: at once, before the page is read again. */
  private take(changed: { id: string; row: Expense | null }[]): void {
    if (changed.length === 0) return;
    const byId = new Map(this.rows.map((row) => [row.id, row]));
    const last = this.rows.at(-1);
    for (const { id, row } of changed) {
      const isIn = row !== null && this.has(row);
      const isWithin =
        byId.has(id) || this.next === null || !last || (row && newestFirst(row, last) < 0);
      if (isIn && isWithin) byId.set(id, row);
      else byId.delete(id);
    }
    const rows = [...byId.values()];
    this.rows = this.query.sort === 'amount' ? rows : rows.sort(newestFirst);
  }

  /** What waits to be sent counts towards its day. */
  private countPending(totals: Map<string, Map<string, bigint>>): void {
    const known = new Map(this.rows.map((row) => [row.id, row]));
    for (const row of this.shown) {
      if (row.pending === null || this.query.trashed) continue;
      const before = known.get(row.id);
      if (before && before.deleted_at === null) {
        add(totals, before.date, before.currency, -signed(before));
      }
      add(totals, row.date, row.currency, signed(row));
    }
  }

  private get isWhole(): boolean {
    return Object.keys(this.query).length === 0;
  }

  private async recall(): Promise<boolean> {
    const rows = session.local ? await keptRows(session.local, this.ledger.id, this.first) : [];
    if (this.rows.length === 0) this.rows = rows;
    return rows.length > 0;
  }

  private async showKept(): Promise<void> {
    const rows = session.local ? await keptRows(session.local, this.ledger.id, MOST_ROWS) : [];
    this.rows = rows.filter((row) => this.has(row));
    this.next = null;
    this.count = null;
    this.days = [];
    this.status = 'kept';
  }

  private async keep(rows: Expense[]): Promise<void> {
    if (!session.local || this.query.trashed) return;
    await keepRows(session.local, this.ledger.id, rows);
    await trimRows(session.local, this.ledger.id);
  }
}

/** Spending is negative, income positive; transfers are neither. */
export function signed(row: Expense): bigint {
  const minor = toMinor(row.amount, row.currency);
  return row.kind === 'transfer' ? 0n : row.kind === 'income' ? minor : -minor;
}

function add(
  totals: Map<string, Map<string, bigint>>,
  date: string,
  currency: string,
  minor: bigint,
): void {
  const day = totals.get(date) ?? new Map<string, bigint>();
  day.set(currency, (day.get(currency) ?? 0n) + minor);
  totals.set(date, day);
}

function mergedDays(first: ExpensePage['days'], then: ExpensePage['days']): ExpensePage['days'] {
  const known = new Set(first.map((day) => `${day.date} ${day.currency}`));
  return [...first, ...then.filter((day) => !known.has(`${day.date} ${day.currency}`))];
}
