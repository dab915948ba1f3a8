/** What is done with rows now and then: loaded when somebody does it. */
import { api, ask } from '../../api/client';
import type { ExpenseInput } from '../../api/types';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { outbox } from '../../state/outbox.svelte';
import type { Shown } from '../../state/overlay';
import { toasts } from '../../state/toasts.svelte';
import { doing, name, plain } from './doing.svelte';
import type { Part } from './split';

/** Takes parts off a row, as expenses of the same purchase. */
export async function splitRow(
  ledger: string,
  row: Shown,
  rest: string,
  parts: readonly Part[],
): Promise<void> {
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
  doing.tell(t('split.done', { count: parts.length + 1 }), async () => {
    for (const one of made.toReversed()) await outbox.takeBack(one);
  });
}

/** Records what came back of an expense. */
export async function recordRefund(
  ledger: string,
  row: Shown,
  amount: string,
  date: string,
): Promise<void> {
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
  const made = await outbox.add(ledger, uuid7(), null, { op: 'create', input });
  doing.tell(t('refund.done', { description: name(row) }), () => outbox.takeBack(made));
}

/** Removes a row of the trash, which cannot be undone: asks before. */
export async function purge(ledger: string, row: Shown): Promise<void> {
  if (!confirm(t('row.purgeAsk', { description: name(row) }))) return;
  const params = {
    path: { ledger, id: row.id },
    query: { purge: true },
    header: { 'If-Match': row.etag },
  };
  try {
    await ask(api.DELETE('/api/v1/ledgers/{ledger}/expenses/{id}', { params }));
  } catch (error) {
    toasts.fail(error instanceof Error ? error.message : String(error));
  }
}
