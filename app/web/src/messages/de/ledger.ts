import type { ledger as en } from '../en/ledger';
import type { Part } from '../part';

export const ledger: Part<typeof en> = {
  'ledger.zone': 'Zeitzone',
  'ledger.zoneHint': 'Sie bestimmt, welcher Tag „heute“ ist.',
  'ledger.monthDay': 'Erster Tag des Monats',
  'ledger.monthHint': 'Etwa der Tag, an dem das Gehalt kommt.',
  'ledger.monthClamps': 'Kürzere Monate beginnen an ihrem letzten Tag.',
  'ledger.weekDay': 'Erster Tag der Woche',
  'ledger.currencyHint': 'Beträge sind in dieser Währung, wenn nichts anderes dabeisteht.',
  'ledger.currencyKept': 'Für neue Einträge. Die bisherigen behalten ihre.',
  'ledger.changed': 'Die Einstellungen sind gespeichert',
  'ledger.ownersOnly': 'Nur die Verwaltung ändert die Einstellungen.',
  'ledger.default': 'Erstes Haushaltsbuch',
  'ledger.isDefault': 'Dieses Haushaltsbuch ist zuerst zu sehen.',
  'ledger.defaultHint':
    'Ist zuerst zu sehen und gilt für Programme, die kein Haushaltsbuch nennen.',
  'ledger.makeDefault': 'Zum ersten machen',
  'ledger.isDefaultNow': '{name} ist jetzt zuerst zu sehen',
  'ledger.others': 'Weiteres Haushaltsbuch',
  'ledger.othersText':
    'Ein eigenes Haushaltsbuch trennt, was nicht zusammengehört: Verein, Reise, Geschäft.',
  'ledger.make': 'Haushaltsbuch anlegen',
  'ledger.made': '{name} ist bereit',
  'ledger.withCategories': 'Mit einer Auswahl von Kategorien beginnen',
  'ledger.erase': 'Dieses Haushaltsbuch löschen …',
  'ledger.eraseText':
    'Einträge, Verlauf und alle Zugänge dazu gehen endgültig verloren. Das lässt sich nicht rückgängig machen.',
  'ledger.eraseExport': 'Vorher exportieren',
  'ledger.eraseName': 'Zur Bestätigung den Namen eintippen: {name}',
  'ledger.eraseTypo': 'Das ist nicht der Name. Bitte genau so, wie er darüber steht.',
  'ledger.eraseNow': 'Endgültig löschen',
  'ledger.erasing': 'Wird gelöscht …',
  'ledger.none': 'Noch kein Haushaltsbuch',
  'ledger.noneText': 'Ein eigenes anlegen, oder eine Einladung öffnen, die jemand geschickt hat.',
  'demo.title': 'Beispiel',
  'demo.isThis': 'Das ist das Beispiel: alles darin ist erfunden und darf geändert werden.',
  'demo.show': 'Zeigen',
};
