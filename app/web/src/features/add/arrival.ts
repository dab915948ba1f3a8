/** What arrives with a transfer, where that is not simply what left. */
import type { Currency, Kind } from '../../api/types';
import { reference } from '../../state/reference.svelte';

/** The currency of an account; undefined for none, and for one that is not known here. */
export function currencyOf(account: string | null): Currency | undefined {
  return account === null ? undefined : reference.accountById.get(account)?.currency;
}

/** The currency that arrives, where it is another than the one that leaves; else null. */
export function arriving(
  kind: Kind,
  leaving: Currency,
  there: Currency | null | undefined,
): Currency | null {
  return kind === 'transfer' && there && there !== leaving ? there : null;
}
