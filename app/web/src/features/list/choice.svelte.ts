/** Which rows are chosen, also by Shift from the one before. */
import { SvelteSet } from 'svelte/reactivity';

import type { Shown } from '../../state/overlay';

export class Choice {
  readonly ids = new SvelteSet<string>();
  /** Everything that the filter finds, also what is not loaded. */
  isAll = $state(false);
  private last: string | null = null;

  /** Choose a row or let it go; with Shift all from the last one to it. */
  toggle(row: Shown, withShift: boolean, shown: readonly Shown[]): void {
    this.isAll = false;
    const isOn = !this.ids.has(row.id);
    for (const id of withShift ? this.between(row.id, shown) : [row.id]) {
      if (isOn) this.ids.add(id);
      else this.ids.delete(id);
    }
    this.last = row.id;
  }

  add(rows: readonly Shown[]): void {
    for (const row of rows) this.ids.add(row.id);
  }

  clear(): void {
    this.ids.clear();
    this.isAll = false;
    this.last = null;
  }

  private between(id: string, shown: readonly Shown[]): string[] {
    const ids = shown.map((row) => row.id);
    const [start, end] = [ids.indexOf(this.last ?? id), ids.indexOf(id)].sort((a, b) => a - b);
    return start === undefined || start < 0 || end === undefined ? [id] : ids.slice(start, end + 1);
  }
}
