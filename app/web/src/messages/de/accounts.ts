import type { accounts as en } from '../en/accounts';
import type { Part } from '../part';

export const accounts: Part<typeof en> = {
  'accounts.add': 'Konto anlegen',
  'accounts.all': 'Alle Konten',
  'accounts.missing': 'Dieses Konto gibt es nicht',
  'accounts.emptyTitle': 'Die Konten anlegen, von denen bezahlt wird',
  'accounts.emptyText':
    'Ein Bankkonto, eine Karte, Bargeld: dann zeigt jeder Eintrag, woher das Geld kam.',
  'accounts.kind.bank': 'Bankkonto',
  'accounts.kind.card': 'Karte',
  'accounts.kind.cash': 'Bargeld',
  'accounts.kind.savings': 'Sparkonto',
  'accounts.kind.other': 'Sonstiges',
  'accounts.opening': 'Anfangsstand',
  'accounts.openingHint': 'Was vor dem ersten Eintrag darauf war; unter null mit einem Minus.',
  'accounts.openedWith': 'Anfangsstand {amount}',
  'accounts.currencyStays': 'Einträge benutzen es, deshalb bleibt die Währung.',
  'accounts.nameTaken': 'Es gibt schon ein Konto mit diesem Namen. Bitte anders benennen.',
  'accounts.total': 'Zusammen',
  'accounts.totalIn': 'Zusammen, {currency}',
  'accounts.apart': 'Verschiedene Währungen werden nicht zusammengezählt.',
  'accounts.archiveInstead': '{name} archivieren',
  'accounts.isUsed': {
    one: '{count} Eintrag nennt dieses Konto, deshalb lässt es sich nicht löschen. Archiviert wird es nicht mehr angeboten und behält seinen Eintrag.',
    other:
      '{count} Einträge nennen dieses Konto, deshalb lässt es sich nicht löschen. Archiviert wird es nicht mehr angeboten und behält seine Einträge.',
  },
  'accounts.isUsedByTrash':
    'Einträge im Papierkorb nennen dieses Konto, deshalb lässt es sich nicht löschen. Archiviert wird es nicht mehr angeboten.',
  'accounts.running': 'Stand im Lauf der Zeit',
  'accounts.from': 'Von',
  'accounts.to': 'Bis',
  'accounts.change': 'Änderung',
  'accounts.entries': 'Einträge',
  'accounts.entriesOn': { one: '{count} Eintrag am {date}', other: '{count} Einträge am {date}' },
  'accounts.balance': 'Stand',
  'accounts.start': 'Vor dem {date}',
  'accounts.end': 'Am Ende von {date}',
};
