import type { nav as en } from '../en/nav';
import type { Part } from '../part';

export const nav: Part<typeof en> = {
  'nav.add': 'Eintragen',
  'nav.import': 'Import',
  'nav.export': 'Export',
  'nav.export': 'Export',
  'nav.categories': 'Kategorien',
  'nav.accounts': 'Konten',
  'nav.tags': 'Schlagwörter',
  'nav.members': 'Mitglieder',
  'nav.history': 'Verlauf',
  'nav.ledger': 'Einstellungen',
  'nav.me': 'Profil',
  'nav.more': 'Mehr',
};
