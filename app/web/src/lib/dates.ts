/** Calendar dates as ISO text ("2026-11-21"): a ledger's dates have no time and no zone. */

export function todayIn(timeZone: string, now: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** Noon UTC of the date: far from every zone's midnight. */
export function asDate(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}

export function plusDays(date: string, days: number): string {
  const moved = asDate(date);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((asDate(to).getTime() - asDate(from).getTime()) / 86_400_000);
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function iso(year: number, month: number, day: number): string {
  const clamped = Math.min(day, daysInMonth(year, month));
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(clamped).padStart(2, '0')}`;
}

function split(date: string): [number, number, number] {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return [year, month, day];
}

/** `month` may be any number: 0 is December of the year before. */
function monthOf(year: number, month: number): [number, number] {
  const index = year * 12 + month - 1;
  return [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
}

/** The first date of the ledger's month that holds `date`; first days 29 to 31 clamp. */
export function monthStart(date: string, firstDay: number): string {
  const [year, month] = split(date);
  const own = iso(year, month, firstDay);
  return own <= date ? own : iso(...monthOf(year, month - 1), firstDay);
}

/** The first date of the ledger's month that is `months` away from the one that holds `date`. */
export function plusMonths(date: string, months: number, firstDay: number): string {
  const [year, month] = split(monthStart(date, firstDay));
  return iso(...monthOf(year, month + months), firstDay);
}

export interface Period {
  from: string;
  to: string;
}

export type Span = 'month' | 'quarter' | 'year';
const MONTHS: Record<Span, number> = { month: 1, quarter: 3, year: 12 };

/** The ledger's month, quarter or year that holds `date`, moved by `steps` of its kind. */
export function periodOf(date: string, span: Span, firstDay: number, steps = 0): Period {
  const start = monthStart(date, firstDay);
  const [, month] = split(start);
  const back = (month - 1) % MONTHS[span];
  const from = plusMonths(start, steps * MONTHS[span] - back, firstDay);
  return { from, to: plusDays(plusMonths(from, MONTHS[span], firstDay), -1) };
}

/** Dates as people type them in a hurry: "today", "yesterday" in the language's words, "-3", "14", "14.11". */
export function readDate(
  typed: string,
  today: string,
  words: { today: string; yesterday: string },
): string | null {
  const text = typed.trim().toLowerCase();
  if (!text) return null;
  if (words.today.toLowerCase().startsWith(text)) return today;
  if (words.yesterday.toLowerCase().startsWith(text)) return plusDays(today, -1);
  if (/^[-+]\d{1,4}$/.test(text)) return plusDays(today, Number(text));
  return fromNumbers(text, today);
}

function fromNumbers(text: string, today: string): string | null {
  if (/^\d{4}-\d{1,2}-\d{1,2}$/.test(text)) {
    const [year, month, day] = split(text);
    return exact(year, month, day);
  }
  const [year, month] = split(today);
  const numbers = text.replace(/\.$/, '').split('.').map(Number);
  if (numbers.some((number) => !Number.isInteger(number))) return null;
  const [day, inMonth, inYear] = numbers;
  if (day === undefined || numbers.length > 3) return null;
  if (inMonth === undefined) {
    const own = exact(year, month, day);
    return own && own <= today ? own : exact(...monthOf(year, month - 1), day);
  }
  if (inYear !== undefined) return exact(inYear < 100 ? 2000 + inYear : inYear, inMonth, day);
  const own = exact(year, inMonth, day);
  return own && own <= today ? own : exact(year - 1, inMonth, day);
}

function exact(year: number, month: number, day: number): string | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return year < 1900 || year > 2200 ? null : iso(year, month, day);
}
