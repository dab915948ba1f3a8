/** Change sets under the days on which they were written, as the reader's clock has it. */
import type { ChangeSet } from '../../api/types';
import { plusDays, todayIn } from '../../lib/dates';
import { date as shownDate } from '../../lib/format';
import { i18n, t } from '../../lib/i18n.svelte';

export interface Day {
  date: string;
  name: string;
  sets: ChangeSet[];
  /** By number: the time of day. */
  times: Record<number, string>;
}

/** Neighbours of one day together; the order stays. */
export function byDay(sets: readonly ChangeSet[], zone = ownZone(), now = new Date()): Day[] {
  const time = new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'short', timeZone: zone });
  const today = todayIn(zone, now);
  const days: Day[] = [];
  for (const set of sets) {
    const at = new Date(set.at);
    const date = todayIn(zone, at);
    let day = days.at(-1);
    if (day?.date !== date) {
      day = { date, name: dayName(date, today), sets: [], times: {} };
      days.push(day);
    }
    day.sets.push(set);
    day.times[set.seq] = time.format(at);
  }
  return days;
}

function dayName(date: string, today: string): string {
  const long = shownDate(date, date.slice(0, 4) === today.slice(0, 4) ? 'short' : 'full');
  if (date === today) return `${t('date.today')}, ${long}`;
  return date === plusDays(today, -1) ? `${t('date.yesterday')}, ${long}` : long;
}

function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
