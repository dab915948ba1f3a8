import type { members as en } from '../en/members';
import type { Part } from '../part';

export const members: Part<typeof en> = {
  'members.intro': 'Wer an „{ledger}“ teilhat.',
  'members.me': 'Hier angemeldet',
  'members.placeholder': 'Ohne Zugang',
  'members.disabled': 'Gesperrt',
  'members.role': 'Rolle',
  'members.role.owner': 'Verwaltung',
  'members.role.editor': 'Bearbeitung',
  'members.role.viewer': 'Ansicht',
  'members.can.owner': 'Darf alles, auch Mitglieder und Einstellungen.',
  'members.can.editor': 'Darf Einträge, Kategorien und Konten anlegen und ändern.',
  'members.can.viewer': 'Darf alles ansehen und nichts ändern.',
  'members.make.owner': 'Rolle Verwaltung geben',
  'members.make.editor': 'Rolle Bearbeitung geben',
  'members.make.viewer': 'Rolle Ansicht geben',
  'members.roleChanged': '{name} hat jetzt die Rolle {role}',
  'members.lowerNow': 'Zur Rolle {role} wechseln',
  'members.lowerText':
    'Mitglieder und Einstellungen lassen sich dann nicht mehr verwalten. Zurückgeben kann das nur jemand mit der Rolle Verwaltung.',
  'members.remove': 'Entfernen',
  'members.removeNow': '{name} entfernen',
  'members.removeText':
    '{name} sieht dieses Haushaltsbuch dann nicht mehr. Was eingetragen wurde, bleibt.',
  'members.isRemoved': 'Entfernt',
  'members.removed': '{name} wurde entfernt',
  'members.leave': 'Verlassen',
  'members.leaveNow': 'Dieses Haushaltsbuch verlassen',
  'members.leaveText':
    'Dieses Haushaltsbuch ist dann nicht mehr zu sehen; was eingetragen wurde, bleibt. Zurück geht es nur mit einer Einladung.',
  'members.left': '„{name}“ wurde verlassen',
  'members.reset': 'Passwort-Link erstellen',
  'members.resetLink': 'Link, mit dem {name} ein neues Passwort setzt',
  'members.resetText':
    'Nur jetzt zu sehen. Gilt einmal, bis {when}. Bitte so senden, dass nur {name} ihn liest.',
  'members.invite': 'Jemanden einladen',
  'members.note': 'Für wen',
  'members.noteHint': 'Nur die Verwaltung sieht das.',
  'members.noNote': 'Einladung',
  'members.makeLink': 'Link erstellen',
  'members.link': 'Einladungslink',
  'members.linkText':
    'Nur jetzt zu sehen. Gilt einmal, bis {when}. Bitte der eingeladenen Person senden.',
  'members.open': 'Offene Einladungen',
  'members.until': 'bis {when}',
  'members.revoke': 'Beenden',
  'members.revokeOf': 'Einladung {name} beenden',
  'members.revokeAsk': 'Der Link gilt dann nicht mehr.',
  'members.revokeNow': 'Ja, beenden',
  'members.revoked': 'Die Einladung ist beendet',
  'members.past': {
    one: '{count} benutzt oder abgelaufen',
    other: '{count} benutzt oder abgelaufen',
  },
  'members.usedAt': 'benutzt {when}',
  'members.over': 'abgelaufen {when}',
};
