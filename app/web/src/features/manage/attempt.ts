import { said } from '../../lib/said';
import { toasts } from '../../state/toasts.svelte';

/** Does something that may fail, and says so where it does; whether it was done. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    toasts.fail(said(error));
    return false;
  }
}
