import { api, ask } from '../../api/client';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { reference } from '../../state/reference.svelte';

/** Makes a category ("Food / Coffee" makes one under Food) and returns its id. */
export async function makeCategory(name: string, kind: 'expense' | 'income'): Promise<string> {
  const ledger = reference.ledger;
  if (ledger === null) throw new Error(t('fault.noLedger'));
  // Somebody may type sooner than they are here.
  if (!reference.known.has('categories')) await reference.load('categories');
  const [first = '', ...rest] = name.split('/').map((part) => part.trim());
  const parent = rest.length
    ? reference.categories.find((one) => one.parent_id === null && one.name === first)
    : undefined;
  const id = uuid7();
  await ask(
    api.PUT('/api/v1/ledgers/{ledger}/categories/{id}', {
      params: { path: { ledger, id }, header: { 'If-None-Match': '*' } },
      body: {
        name: parent ? rest.join('/') : name,
        kind,
        parent_id: parent?.id ?? null,
        hue: reference.categories.length % 8,
      },
    }),
  );
  await reference.load('categories');
  return id;
}
