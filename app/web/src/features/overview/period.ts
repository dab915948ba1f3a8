/** The period that the overview shows, as the address has it. */
import { daysBetween, type Period, periodOf, type Span } from '../../lib/dates';

export type Chosen = Period & { span: Span | 'range' };
export type Group = 'day' | 'week' | 'month';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SPANS: readonly string[] = ['month', 'quarter', 'year'];
const MOST_DAYS = 46;
const MOST_WEEKS = 200;

/** `?from=&to=` is a range, `?period=year&at=2026-05-01` a year; without both it is this month. */
export function readPeriod(address: URLSearchParams, today: string, firstDay: number): Chosen {
  const [from, to] = [address.get('from') ?? '', address.get('to') ?? ''];
  if (DATE.test(from) && DATE.test(to) && from <= to) return { span: 'range', from, to };
  const given = address.get('period') ?? 'month';
  const span = (SPANS.includes(given) ? given : 'month') as Span;
  const at = address.get('at') ?? '';
  return { span, ...periodOf(DATE.test(at) ? at : today, span, firstDay) };
}

/** The address of the period `steps` away; a range moves by its own length. */
export function moved(
  chosen: Chosen,
  steps: number,
  firstDay: number,
): Record<string, string | null> {
  if (chosen.span === 'range') return {};
  const { from } = periodOf(chosen.from, chosen.span, firstDay, steps);
  return { period: chosen.span === 'month' ? null : chosen.span, at: from, from: null, to: null };
}

/** What a bar stands for, so that there are neither three nor three hundred. */
export function groupOf({ from, to }: Period): Group {
  const days = daysBetween(from, to) + 1;
  return days <= MOST_DAYS ? 'day' : days <= MOST_WEEKS ? 'week' : 'month';
}
