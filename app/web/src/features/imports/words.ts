import { i18n } from '../../lib/i18n.svelte';
import { said } from '../../lib/said';
import { toasts } from '../../state/toasts.svelte';

export function complain(error: unknown): void {
  toasts.fail(said(error));
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "12 kB", "3.4 MB": of a thousand each, as file managers count. */
export function size(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  return new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: UNITS[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step > 1 ? 1 : 0,
  }).format(bytes / 1000 ** step);
}
