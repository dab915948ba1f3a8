/** Times and sizes as the reader's locale writes them. */
import type { BackupRun } from '../../api/types';
import { moment } from '../../lib/format';
import { i18n, t } from '../../lib/i18n.svelte';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;
const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "3 hours ago", "in 2 days"; what is less than a minute away is "now". */
export function relative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(i18n.locale, { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(0, 'second');
}

/** "12.3 MB", in powers of a thousand. */
export function size(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZES.length - 1);
  return new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: SIZES[step] ?? 'byte',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** step);
}

export function runWords(run: BackupRun): string {
  const when = run.started ? moment(run.started) : run.name;
  const state = t(`backups.state.${run.state}`);
  return run.bytes
    ? t('backups.run', { when, state, size: size(run.bytes) })
    : t('backups.runNoSize', { when, state });
}
