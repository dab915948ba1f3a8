import { live } from '../../state/live.svelte';
import { reference } from '../../state/reference.svelte';

/** Changes that come together are counted together. */
const TOGETHER_MS = 150;

/** Keeps counts and balances right while expenses change; returns what ends it. */
export function keepCounted(part: 'categories' | 'accounts' | 'tags'): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A failure shows in the state of the connection, or asks to sign in again.
  const load = () => void reference.load(part).catch(() => undefined);
  const end = live.listen((heard) => {
    if (heard.type !== 'change' || heard.change.ledger !== reference.ledger) return;
    const { changes, truncated } = heard.change;
    if (!truncated && !changes.some((one) => one.entity === 'expense')) return;
    clearTimeout(timer);
    timer = setTimeout(load, TOGETHER_MS);
  });
  load();
  return () => {
    clearTimeout(timer);
    end();
  };
}
