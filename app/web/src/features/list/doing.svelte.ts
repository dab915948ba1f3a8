/** What can be done with rows, each with its undo. */
import type { Expense, ExpensePatch } from '../../api/types';
import { t } from '../../lib/i18n.svelte';
import { go } from '../../lib/router.svelte';
import { outbox } from '../../state/outbox.svelte';
import type { Shown } from '../../state/overlay';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { adding } from '../add/adding.svelte';
import { panel } from '../outbox/panel.svelte';

export interface Opened {
  id: string;
  form: 'edit' | 'split' | 'refund';
  row: Shown;
  at: number;
}

class Doing {
  /** The row whose history is shown. */
  history = $state.raw<Expense | null>(null);
  /** The row whose place a form has, as it was then, and when that was. */
  opened = $state.raw<Opened | null>(null);

  private get ledger(): string {
    return session.ledger?.id ?? '';
  }

  async trash(row: Shown): Promise<void> {
    const made = await outbox.add(this.ledger, row.id, plain(row), { op: 'trash' });
    this.tell(t('row.trashed', { description: name(row) }), () => outbox.takeBack(made));
  }

  async restore(row: Shown): Promise<void> {
    await outbox.add(this.ledger, row.id, plain(row), { op: 'restore' });
    this.tell(t('row.restored', { description: name(row) }), null);
  }

  async change(row: Shown, patch: ExpensePatch): Promise<void> {
    const made = await outbox.add(this.ledger, row.id, plain(row), { op: 'change', patch });
    this.tell(t('row.changed', { description: name(row) }), () => outbox.takeBack(made));
  }

  repeat(row: Expense): void {
    if (!adding.open(row)) void go('/add');
  }

  open(row: Shown, form: Opened['form']): void {
    if (asksForALook(row)) panel.show(row.id);
    else if (session.canWrite && row.deleted_at === null) {
      this.opened = { id: row.id, form, row, at: Date.now() };
    }
  }

  /** Puts the row back; the keyboard goes on from there. */
  close(): void {
    const id = this.opened?.id;
    this.opened = null;
    requestAnimationFrame(() => {
      document.querySelector<HTMLElement>(`[data-id="${id}"] .open`)?.focus();
    });
  }

  /** Takes back the wish for a form that is not there yet. */
  leave(opened: Opened): void {
    if (this.opened === opened) this.opened = null;
  }

  showHistory(row: Expense): void {
    this.history = row;
  }

  /** Says what was done, with Undo where there is one. */
  tell(text: string, undo: (() => Promise<void>) | null): void {
    if (!undo) {
      toasts.show(text);
      return;
    }
    const run = () => {
      undo().catch((error: unknown) => {
        toasts.fail(error instanceof Error ? error.message : String(error));
      });
    };
    toasts.show(text, { action: { label: t('undo'), run } });
  }
}

/** Whether it was refused or is in conflict: the person decides about that before anything else. */
export function asksForALook(row: Shown): boolean {
  return row.pending === 'refused' || row.pending === 'conflict';
}

export function name(row: Expense): string {
  return row.description || t('list.untitled');
}

export function plain(row: Shown): Expense {
  const { pending: _, ...rest } = row;
  return rest;
}

export const doing = new Doing();
