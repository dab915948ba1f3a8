import type { signin as en } from '../en/signin';
import type { Part } from '../part';

export const signin: Part<typeof en> = {
  copy: 'Kopieren',
  copied: 'Kopiert',
  'field.email': 'E-Mail',
  'field.password': 'Passwort',
  'password.see': 'Getipptes zeigen',
  'signIn.submit': 'Anmelden',
  'signIn.entering': 'Anmeldung läuft …',
  'signIn.linkHint': 'Auf dem Rechner, auf dem Outlay läuft, gibt das einen Anmeldelink aus:',
  'signIn.ended': 'Die Sitzung ist abgelaufen',
  'signIn.endedText': 'Bitte neu anmelden. Was getippt wurde, ist noch da.',
  'signIn.endedLink': 'Oder in einem anderen Tab dieses Browsers einen neuen Link öffnen:',
  'signIn.later': 'Nicht jetzt',
  'signIn.waiting': {
    one: '{count} Änderung von {email} wartet in diesem Browser auf die Anmeldung.',
    other: '{count} Änderungen von {email} warten in diesem Browser auf die Anmeldung.',
  },
};
