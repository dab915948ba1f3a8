import type { people as en } from '../en/people';
import type { Part } from '../part';

export const people: Part<typeof en> = {
  'people.title': 'Personen',
  'people.intro':
    'Zugänge zu dieser Installation. Zu sehen sind nur die Haushaltsbücher, in denen jemand Mitglied ist.',
  'people.refused': 'Diese Seite sehen nur Verwalter.',
  'people.search': 'Teil eines Namens oder einer Adresse',
  'people.none': 'Niemand passt.',
  'people.add': 'Person hinzufügen',
  'people.admin': 'Verwalter',
  'people.adminHint': 'Verwaltet Zugänge; sieht kein Haushaltsbuch, ohne Mitglied zu sein.',
  'people.disabled': 'Gesperrt',
  'people.noPassword': 'Noch ohne Passwort',
  'people.me': 'Ich',
  'people.never': 'nicht angemeldet',
  'people.seen': 'zuletzt {when}',
  'people.ledgers': { one: '{count} Haushaltsbuch', other: '{count} Haushaltsbücher' },
  'people.menu': 'Mehr zu {name}',
  'people.makeAdmin': 'Zum Verwalter machen',
  'people.takeAdmin': 'Verwaltung entziehen',
  'people.isAdmin': '{name} verwaltet nun mit',
  'people.isNoAdmin': '{name} verwaltet nicht mehr',
  'people.disable': 'Sperren',
  'people.enable': 'Entsperren',
  'people.isDisabled': '{name} ist gesperrt und abgemeldet',
  'people.isEnabled': '{name} ist entsperrt',
  'people.reset': 'Passwortlink anlegen',
  'people.linkTitle': 'Ein Link für {name}',
  'people.linkText':
    'Damit setzt {name} ein Passwort und kommt herein. Er gilt einmal, bis {when}. Bitte so schicken, dass nur {name} ihn liest.',
  'people.link': 'Link',
  'people.delete': 'Zugang löschen',
  'people.deleteTitle': 'Zugang von {name} löschen',
  'people.deleteText':
    'Name, Adresse, Sitzungen und Schlüssel werden gelöscht. Im Verlauf steht dann „Former member“. Das lässt sich nicht rückgängig machen.',
  'people.deleteConfirm': 'Zur Bestätigung den Namen tippen: {name}',
  'people.deleted': 'Der Zugang von {name} ist gelöscht',
  'people.more': 'Mehr Personen zeigen',
};
