/** What stands open under a row of a page: one thing at a time. */
import { tick } from 'svelte';

export class Panels<What extends string> {
  at = $state.raw<{ id: string; what: What } | null>(null);

  is(id: string, what: What): boolean {
    return this.at?.id === id && this.at.what === what;
  }

  show(id: string, what: What): void {
    this.at = { id, what };
  }

  /** Closes it; the keyboard goes on from the row, or where that is gone from the page's title. */
  async close(): Promise<void> {
    const id = this.at?.id;
    this.at = null;
    await tick();
    const row = document.querySelector<HTMLElement>(`[data-handle="${id ?? ''}"]`);
    (row ?? document.querySelector<HTMLElement>('main h1'))?.focus();
  }
}
