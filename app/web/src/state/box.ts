/** Where entries are kept until they are sent: each change of them is one transaction. */
import { UNPLACED } from './entries';
import type { Entry, KeptRow, Local } from './local';

/** Entries that the browser could not keep are numbered from here, behind all that it keeps. */
const LOOSE = 2 ** 52;

export class Box {
  private next = LOOSE;

  /** `loose`: what the browser could not keep; it lasts as long as the page. */
  constructor(
    private readonly local: Local | null,
    public loose: Entry[] = [],
  ) {
    for (const entry of loose) this.next = Math.max(this.next, entry.n + 1);
  }

  /** Whether something would be lost with this page. */
  get isLoose(): boolean {
    return this.loose.length > 0;
  }

  async all(): Promise<Entry[]> {
    const kept = this.local ? await this.local.getAll('outbox') : [];
    return [...kept, ...this.loose];
  }

  async of(expense: string): Promise<Entry[]> {
    const kept = this.local ? await this.local.getAllFromIndex('outbox', 'byExpense', expense) : [];
    return inOrder([...kept, ...this.looseOf(expense)]);
  }

  /**
   * Changes the entries of one expense from what they are now to what `work` says, and returns
   * them; with `row` also what is shown of it without a network. "strict" outlasts a power cut.
   */
  async change(
    expense: string,
    work: (own: Entry[]) => Entry[],
    row: KeptRow | null = null,
    durability: IDBTransactionDurability = 'default',
  ): Promise<Entry[]> {
    if (!this.local) return this.placeLoose(expense, work(this.looseOf(expense)));
    try {
      return await this.changeKept(this.local, expense, work, row, durability);
    } catch (error) {
      if (!row) throw error;
      // What is only shown may find no room; what was sent must be known as such.
      return this.changeKept(this.local, expense, work, null, durability);
    }
  }

  /** Takes in one that the browser could not keep. */
  addLoose(entry: Entry): Entry[] {
    return this.placeLoose(entry.expense, [...this.looseOf(entry.expense), entry]);
  }

  private async changeKept(
    local: Local,
    expense: string,
    work: (own: Entry[]) => Entry[],
    row: KeptRow | null,
    durability: IDBTransactionDurability,
  ): Promise<Entry[]> {
    const change = local.transaction(['outbox', 'rows'], 'readwrite', { durability });
    const outbox = change.objectStore('outbox');
    const rows = change.objectStore('rows');
    const kept = await outbox.index('byExpense').getAll(expense);
    const gone = new Map(kept.map((entry) => [entry.n, entry]));
    const placed: Entry[] = [];
    for (const entry of work(inOrder([...kept, ...this.looseOf(expense)]))) {
      if (entry.n === UNPLACED) placed.push({ ...entry, n: await outbox.add(unplaced(entry)) });
      else {
        if (entry.n < LOOSE && gone.get(entry.n) !== entry) void outbox.put(entry);
        placed.push(entry);
      }
      gone.delete(entry.n);
    }
    for (const n of gone.keys()) void outbox.delete(n);
    if (row?.row.deleted_at === null) void rows.put(row);
    else if (row) void rows.delete([row.ledger, row.row.id]);
    await change.done;
    this.keepLoose(expense, placed);
    return placed;
  }

  private placeLoose(expense: string, wanted: Entry[]): Entry[] {
    const placed = wanted.map((entry) =>
      entry.n === UNPLACED ? { ...entry, n: this.next++ } : entry,
    );
    this.keepLoose(expense, placed);
    return placed;
  }

  private looseOf(expense: string): Entry[] {
    return this.loose.filter((entry) => entry.expense === expense);
  }

  private keepLoose(expense: string, own: Entry[]): void {
    const others = this.loose.filter((entry) => entry.expense !== expense);
    this.loose = [...others, ...own.filter((entry) => entry.n >= LOOSE)];
  }
}

/** The store numbers what has no number. */
function unplaced(entry: Entry): Entry {
  const { n: _, ...rest } = entry;
  return rest as Entry;
}

function inOrder(entries: Entry[]): Entry[] {
  return entries.sort((one, other) => one.n - other.n);
}
