/** What can be done with rows, each with its undo. */
import { api, ask } from '../../api/client';
import type { Expense, ExpensePatch } from '../../api/types';
import { t } from '../../lib/i18n.svelte';
import { go } from '../../lib/router.svelte';
import { outbox } from '../../state/outbox.svelte';
import type { Shown } from '../../state/overlay';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';
import { adding } from '../add/adding.svelte';

class Doing {
  /** The row whose history is shown. */
  history = $state.raw<Expense | null>(null);
  /** The expense that a refund is being recorded for. */
  refunding = $state.raw<Expense | null>(null);

  private get ledger(): string {
    return session.ledger?.id ?? '';
  }

  async trash(row: Shown): Promise<void> {
    const ledger = this.ledger;
    await outbox.add(ledger, row.id, plain(row), { op: 'trash' });
    this.tell(t('row.trashed', { description: name(row) }), () =>
      outbox.add(ledger, row.id, plain(row), { op: 'restore' }),
    );
  }

  async restore(row: Shown): Promise<void> {
    await outbox.add(this.ledger, row.id, plain(row), { op: 'restore' });
    this.tell(t('row.restored', { description: name(row) }), null);
  }

  async change(row: Shown, patch: ExpensePatch): Promise<void> {
    const ledger = this.ledger;
    const before = Object.fromEntries(
      Object.keys(patch).map((field) => [field, row[field as keyof Expense]]),
    ) as ExpensePatch;
    await outbox.add(ledger, row.id, plain(row), { op: 'change', patch });
    this.tell(t('row.changed', { description: name(row) }), () => this.undo(ledger, row, before));
  }

  repeat(row: Expense): void {
    if (!adding.open(row)) void go('/add');
  }

  refund(row: Expense): void {
    this.refunding = row;
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

  /** Back to what it was, on top of what it is by now. */
  private async undo(ledger: string, row: Shown, before: ExpensePatch): Promise<void> {
    await outbox.settled();
    const waiting = outbox.entries.findLast(
      (entry) => entry.expense === row.id && entry.op === 'change',
    );
    if (waiting) {
      await outbox.discard(waiting.n);
      return;
    }
    const params = { path: { ledger, id: row.id } };
    const now = await ask(api.GET('/api/v1/ledgers/{ledger}/expenses/{id}', { params }));
    if (now) await outbox.add(ledger, row.id, now, { op: 'change', patch: before });
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

function name(row: Expense): string {
  return row.description || t('list.untitled');
}

function plain(row: Shown): Expense {
  const { pending: _, ...rest } = row;
  return rest;
}

export const doing = new Doing();
