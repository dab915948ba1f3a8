/** Amounts and dates as the reader's locale writes them. */
import { asDate, plusDays, plusMonths } from './dates';
import { i18n } from './i18n.svelte';
import { decimalsOf } from './money';

const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function made<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  let found = kept.get(key);
  if (found === undefined) {
    found = make();
    kept.set(key, found);
  }
  return found as T;
}

/** Decimal text with its currency's sign; exact, however large. */
export function money(amount: string, currency: string, sign: 'auto' | 'always' = 'auto'): string {
  const decimals = decimalsOf(currency);
  const format = made(
    `m ${i18n.locale} ${currency} ${sign}`,
    () =>
      new Intl.NumberFormat(i18n.locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        signDisplay: sign === 'always' ? 'exceptZero' : 'negative',
      }),
  );
  return format.format(amount as Intl.StringNumericLiteral);
}

/** As `money`, rounded to whole units where there is little room: axes and labels of charts. */
export function roughMoney(amount: string, currency: string): string {
  const format = made(
    `r ${i18n.locale} ${currency}`,
    () =>
      new Intl.NumberFormat(i18n.locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        notation: 'compact',
        maximumSignificantDigits: 3,
      }),
  );
  return format.format(amount as Intl.StringNumericLiteral);
}

/** The bare number with the locale's marks, for fields that are typed into. */
export function plainNumber(amount: string, currency: string): string {
  const decimals = decimalsOf(currency);
  const format = made(
    `p ${i18n.locale} ${decimals}`,
    () =>
      new Intl.NumberFormat(i18n.locale, {
        useGrouping: false,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
  );
  return format.format(amount as Intl.StringNumericLiteral);
}

export function number(value: number): string {
  return made(`n ${i18n.locale}`, () => new Intl.NumberFormat(i18n.locale)).format(value);
}

/** A share such as 0.413 as "41%". */
export function percent(share: number, sign: 'auto' | 'always' = 'auto'): string {
  const format = made(
    `% ${i18n.locale} ${sign}`,
    () =>
      new Intl.NumberFormat(i18n.locale, {
        style: 'percent',
        maximumFractionDigits: 0,
        signDisplay: sign === 'always' ? 'exceptZero' : 'auto',
      }),
  );
  return format.format(share);
}

const STYLES = {
  /** Sat, 21 Nov 2026 */
  full: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  /** 21 Nov 2026 */
  medium: { day: 'numeric', month: 'short', year: 'numeric' },
  /** Sat, 21 Nov */
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  /** 21 Nov */
  day: { day: 'numeric', month: 'short' },
  /** November 2026 */
  month: { month: 'long', year: 'numeric' },
  /** Nov */
  monthShort: { month: 'short' },
  year: { year: 'numeric' },
  /** 21 Nov 2026 */
  long: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export function date(value: string, style: keyof typeof STYLES = 'full'): string {
  return dateFormat(style).format(asDate(value));
}

export function dateRange(from: string, to: string): string {
  return dateFormat('day').formatRange(asDate(from), asDate(to));
}

/** A period by its name where it has one: "November 2026", "2025", else its dates. */
export function periodName(from: string, to: string): string {
  const after = plusDays(to, 1);
  if (from.endsWith('-01') && plusMonths(from, 1, 1) === after) return date(from, 'month');
  if (from.endsWith('-01-01') && plusMonths(from, 12, 1) === after) return date(from, 'year');
  return dateFormat('long').formatRange(asDate(from), asDate(to));
}

function dateFormat(style: keyof typeof STYLES): Intl.DateTimeFormat {
  return made(
    `d ${i18n.locale} ${style}`,
    () => new Intl.DateTimeFormat(i18n.locale, { ...STYLES[style], timeZone: 'UTC' }),
  );
}

/** A moment, in the reader's own time zone. */
export function moment(value: string): string {
  return made(
    `t ${i18n.locale}`,
    () => new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' }),
  ).format(new Date(value));
}
