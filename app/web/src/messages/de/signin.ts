import type { signin as en } from '../en/signin';
import type { Part } from '../part';

export const signin: Part<typeof en> = {
  'signIn.submit': 'Anmelden',
  'signIn.entering': 'Anmeldung läuft …',
  'signIn.linkHint': 'Auf dem Rechner, auf dem Outlay läuft, gibt das einen Anmeldelink aus:',
  'signIn.ended': 'Die Sitzung ist abgelaufen',
  'signIn.endedText': 'Bitte neu anmelden. Was getippt wurde, ist noch da.',
};
