/** What can be done with rows, each with its undo. */
import { api, ask } from '../../api/client';
import type { Expense, ExpenseInput, ExpensePatch } from '../../api/types';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { go } from '../../lib/router.svelte';
import { outbox } from '../../state/outbox.svelte';
import type { Shown } from '../../state/overlay';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { adding } from '../add/adding.svelte';
import { panel } from '../outbox/panel.svelte';
import type { Part } from './split';

type Form = 'edit' | 'split' | 'refund';

class Doing {
  /** The row whose history is shown. */
  history = $state.raw<Expense | null>(null);
  /** The row whose place a form has, as it was then, and when that was. */
  opened = $state.raw<{ id: string; form: Form; row: Shown; at: number } | null>(null);

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

  open(row: Shown, form: Form): void {
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

  /** Takes parts off a row, as expenses of the same purchase. */
  async split(row: Shown, rest: string, parts: readonly Part[]): Promise<void> {
    const ledger = this.ledger;
    const purchase = row.purchase_id ?? uuid7();
    const patch = { amount: rest, purchase_id: purchase };
    const made = [await outbox.add(ledger, row.id, plain(row), { op: 'change', patch })];
    for (const part of parts) {
      const one = await outbox.add(ledger, uuid7(), null, {
        op: 'create',
        input: {
          amount: part.amount,
          currency: row.currency,
          kind: row.kind,
          date: row.date,
          description: part.description.trim() || row.description,
          category_id: part.category,
          account_id: row.account_id,
          purchase_id: purchase,
        },
      });
      made.push(one);
    }
    this.tell(t('split.done', { count: parts.length + 1 }), async () => {
      for (const one of made.toReversed()) await outbox.takeBack(one);
    });
  }

  /** Records what came back of an expense. */
  async recordRefund(row: Shown, amount: string, date: string): Promise<void> {
    const input: ExpenseInput = {
      amount,
      currency: row.currency,
      kind: 'income',
      date,
      description: row.description,
      category_id: row.category_id,
      account_id: row.account_id,
      refund_of: row.id,
    };
    const made = await outbox.add(this.ledger, uuid7(), null, { op: 'create', input });
    this.tell(t('refund.done', { description: name(row) }), () => outbox.takeBack(made));
  }

  showHistory(row: Expense): void {
    this.history = row;
  }

  async purge(row: Shown): Promise<void> {
    if (!confirm(t('row.purgeAsk', { description: name(row) }))) return;
    const path = { ledger: this.ledger, id: row.id };
    try {
      await ask(
        api.DELETE('/api/v1/ledgers/{ledger}/expenses/{id}', {
          params: { path, query: { purge: 'true' as never }, header: { 'If-Match': row.etag } },
        }),
      );
    } catch (error) {
      toasts.fail(error instanceof Error ? error.message : String(error));
    }
  }

  private tell(text: string, undo: (() => Promise<void>) | null): void {
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

function name(row: Expense): string {
  return row.description || t('list.untitled');
}

function plain(row: Shown): Expense {
  const { pending: _, ...rest } = row;
  return rest;
}

export const doing = new Doing();
