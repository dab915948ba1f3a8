import type { shortcuts as en } from '../en/shortcuts';
import type { Part } from '../part';

export const shortcuts: Part<typeof en> = {
  'shortcuts.title': 'Tastenkürzel',
  'shortcuts.everywhere': 'Überall',
  'shortcuts.go': 'Gehe zu',
  'shortcuts.rows': 'In Listen von Ausgaben',
  'shortcuts.then': 'dann',
  'shortcuts.or': 'oder',
  'shortcuts.on': 'Kürzel mit einer Taste sind an',
  'shortcuts.delete': 'Entf',
  'shortcuts.show': 'Zeigen',
  'shortcuts.add': 'Ausgabe eintragen',
  'shortcuts.search': 'Ausgaben suchen',
  'shortcuts.undo': 'Rückgängig machen, wovon die neueste Meldung spricht',
  'shortcuts.help': 'Diese Hilfe zeigen',
  'shortcuts.next': 'Nächste Zeile',
  'shortcuts.previous': 'Zeile davor',
  'shortcuts.edit': 'Zeile bearbeiten',
  'shortcuts.choose': 'Zeile auswählen oder nicht mehr',
  'shortcuts.trash': 'Zeile in den Papierkorb',
  'shortcuts.history': 'Verlauf der Zeile',
};
