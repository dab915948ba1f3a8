/** Undo of whatever one request wrote: its change set is found by the request's own id. */
import { t } from '../lib/i18n.svelte';
import { toasts } from '../state/toasts.svelte';
import { uuid7 } from '../lib/ids';
import { api, ask } from './client';

/** Headers of a write that may be undone later; `id` is what `undoRequest` takes. */
export function undoable(): { id: string; headers: { 'X-Request-Id': string } } {
  const id = uuid7();
  return { id, headers: { 'X-Request-Id': id } };
}

/** Undoes the change set of a request; says how it went, also when rows changed since. */
export async function undoRequest(ledger: string, id: string): Promise<void> {
  try {
    const found = await ask(
      api.GET('/api/v1/ledgers/{ledger}/changes', {
        params: { path: { ledger }, query: { request_id: id, limit: 1 } },
      }),
    );
    const seq = found.items[0]?.seq;
    if (seq === undefined) {
      toasts.fail(t('undo.gone'));
      return;
    }
    const undone = await ask(
      api.POST('/api/v1/ledgers/{ledger}/changes/{seq}/undo', {
        params: { path: { ledger, seq } },
        body: { force: [] },
      }),
    );
    if (undone.conflict_count > 0)
      toasts.fail(t('undo.conflicts', { count: undone.conflict_count }));
    else toasts.show(t('undo.done'));
  } catch (error) {
    toasts.fail(error instanceof Error ? error.message : String(error));
  }
}

/** A toast with Undo for a write that was made with `undoable`. */
export function tellUndoable(text: string, ledger: string, id: string): void {
  toasts.show(text, {
    tone: 'good',
    action: { label: t('undo'), run: () => void undoRequest(ledger, id) },
  });
}
