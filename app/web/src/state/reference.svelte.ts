/** Categories, accounts and tags of the ledger that is shown, by id and in their order. */
import { api, ask, Problem, Unreachable } from '../api/client';
import type { Account, Category, Tag } from '../api/types';
import { session } from './session.svelte';

type Part = 'categories' | 'accounts' | 'tags';
const PARTS: readonly Part[] = ['categories', 'accounts', 'tags'];

class Reference {
  ledger = $state<string | null>(null);
  categories = $state.raw<Category[]>([]);
  accounts = $state.raw<Account[]>([]);
  tags = $state.raw<Tag[]>([]);
  /** What was loaded, or kept here, of this ledger: until then a list is empty for want of an answer. */
  known = $state.raw<ReadonlySet<Part>>(new Set());

  readonly categoryById = $derived(new Map(this.categories.map((one) => [one.id, one])));
  readonly accountById = $derived(new Map(this.accounts.map((one) => [one.id, one])));
  readonly tagById = $derived(new Map(this.tags.map((one) => [one.id, one])));

  /** Show another ledger: first what this browser keeps of it, then what the service says. */
  async follow(ledger: string): Promise<void> {
    if (this.ledger === ledger) return;
    this.ledger = ledger;
    [this.categories, this.accounts, this.tags] = [[], [], []];
    this.known = new Set();
    await Promise.all(PARTS.map((part) => this.recall(part, ledger)));
    await this.load();
  }

  /** Load again, all or some. */
  async load(...parts: Part[]): Promise<void> {
    const ledger = this.ledger;
    if (ledger === null) return;
    await Promise.all((parts.length ? parts : PARTS).map((part) => this.loadPart(part, ledger)));
  }

  /** "Food" or "Food / Groceries"; empty for none. */
  categoryName(id: string | null): string {
    const category = id === null ? undefined : this.categoryById.get(id);
    if (!category) return '';
    const parent = category.parent_id ? this.categoryById.get(category.parent_id) : undefined;
    return parent ? `${parent.name} / ${category.name}` : category.name;
  }

  /** One of the hue names of tokens.css, 0 to 7: a sub-category has its parent's. */
  hue(id: string | null): number | null {
    const category = id === null ? undefined : this.categoryById.get(id);
    if (!category) return null;
    const parent = category.parent_id ? this.categoryById.get(category.parent_id) : undefined;
    return (parent ?? category).hue;
  }

  private async recall(part: Part, ledger: string): Promise<void> {
    const kept = await session.local?.get('kept', `${part} ${ledger}`);
    if (kept && this.ledger === ledger && this[part].length === 0) this.set(part, kept);
  }

  private async loadPart(part: Part, ledger: string): Promise<void> {
    try {
      const params = { path: { ledger } };
      const { items } = await {
        categories: () => ask(api.GET('/api/v1/ledgers/{ledger}/categories', { params })),
        accounts: () => ask(api.GET('/api/v1/ledgers/{ledger}/accounts', { params })),
        tags: () => ask(api.GET('/api/v1/ledgers/{ledger}/tags', { params })),
      }[part]();
      if (this.ledger === ledger) this.set(part, items);
      await session.local?.put('kept', items, `${part} ${ledger}`);
    } catch (error) {
      // Without a network what was kept stays on the page; a ledger may be gone meanwhile.
      const isGone = error instanceof Problem && [403, 404].includes(error.status);
      if (!(error instanceof Unreachable || isGone)) throw error;
    }
  }

  private set(part: Part, items: unknown): void {
    if (part === 'categories') this.categories = items as Category[];
    else if (part === 'accounts') this.accounts = items as Account[];
    else this.tags = items as Tag[];
    if (!this.known.has(part)) this.known = new Set([...this.known, part]);
  }
}

export const reference = new Reference();
