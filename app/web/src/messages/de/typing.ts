import type { typing as en } from '../en/typing';
import type { Part } from '../part';

export const typing: Part<typeof en> = {
  'amount.empty': 'Bitte einen Betrag eingeben, zum Beispiel 12,50 oder 12,50+3.',
  'amount.syntax': 'Das ist kein Betrag. Zum Beispiel 12,50 oder 12,50+3*2.',
  'amount.decimals': '{currency} hat nicht so viele Nachkommastellen.',
  'amount.zero': 'Der Betrag ist null.',
  'amount.negative': 'Der Betrag ist kleiner als null. Für Geld, das hereinkam: Art Einnahme.',
  'amount.large': 'Das ist mehr, als ein Haushaltsbuch fasst.',
  'amount.division': 'Durch null kann man nicht teilen.',
  'amount.arrives':
    'Bitte angeben, wie viel in {currency} ankommt: Die Konten haben verschiedene Währungen.',
  'field.arrives': 'Ankommender Betrag ({currency})',
  'date.wrong': 'Das ist kein Datum. Zum Beispiel 14, 14.11. oder 2026-11-14.',
  'tag.make': '„{name}“ anlegen',
  'tag.remove': '{name} entfernen',
  'add.lacksAccounts': 'Eine Umbuchung braucht zwei Konten.',
};
