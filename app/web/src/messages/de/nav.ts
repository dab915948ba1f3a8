import type { nav as en } from '../en/nav';
import type { Part } from '../part';

export const nav: Part<typeof en> = {
  'nav.add': 'Eintragen',
  'nav.import': 'Import',
  'nav.export': 'Export',
  'nav.categories': 'Kategorien',
  'nav.accounts': 'Konten',
  'nav.tags': 'Schlagwörter',
  'nav.members': 'Mitglieder',
  'nav.history': 'Verlauf',
  'nav.ledger': 'Einstellungen',
  'nav.me': 'Profil',
  'nav.more': 'Mehr',
  'ledger.new': 'Neues Haushaltsbuch',
  'ledger.pick': 'Haushaltsbuch: {name}',
  'demo.text': 'Zwei erfundene Jahre eines Haushalts zum Umsehen, in einem eigenen Haushaltsbuch.',
  'demo.make': 'Beispiel anlegen',
  'demo.making': 'Wird angelegt …',
};
