import { api, ask } from '../../api/client';
import type { Ledger } from '../../api/types';
import { learn, t } from '../../lib/i18n.svelte';
import { go } from '../../lib/router.svelte';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';

/** One's own demo ledger, if there is one. */
export function demoLedger(): Ledger | undefined {
  return session.ledgers.find((ledger) => ledger.is_demo && ledger.role === 'owner');
}

/** Makes a ledger with two invented years, and shows it. */
export async function makeDemo(): Promise<void> {
  const [made] = await Promise.all([ask(api.POST('/api/v1/demo', { body: null })), learn()]);
  await session.loadLedgers();
  session.show(made.id);
  await go('/');
  toasts.show(t('demo.made'), {
    tone: 'good',
    action: { label: t('demo.remove'), run: () => void removeDemo(made) },
  });
}

/** Its rows are invented and it can be made again: nobody has to type its name. */
export async function removeDemo(row: Ledger): Promise<void> {
  const params = {
    path: { ledger: row.id },
    query: { confirm: row.name },
    header: { 'If-Match': '*' },
  };
  await session.part(row.id, () => ask(api.DELETE('/api/v1/ledgers/{ledger}', { params })));
  await go('/');
  toasts.show(t('demo.removed'));
}
