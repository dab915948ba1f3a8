import type { categories as en } from '../en/categories';
import type { Part } from '../part';

export const categories: Part<typeof en> = {
  'categories.hint': 'Einen Namen wählen, um ihn zu ändern.',
  'categories.hintKeys': 'Alt mit einer Pfeiltaste verschiebt ihn.',
  'categories.of.expense': 'Ausgaben',
  'categories.of.income': 'Einnahmen',
  'categories.add': 'Kategorie anlegen',
  'categories.add.expense': 'Kategorie anlegen: Ausgaben',
  'categories.add.income': 'Kategorie anlegen: Einnahmen',
  'categories.addUnder': 'Kategorie darunter anlegen',
  'categories.empty': 'Noch keine Kategorien. Hier lässt sich die erste anlegen.',
  'categories.under': 'Unter {name}',
  'categories.parent': 'Unter',
  'categories.topLevel': 'Oberste Ebene',
  'categories.hasChildren':
    'Darunter liegen Kategorien, deshalb bleibt sie auf der obersten Ebene.',
  'categories.hue': 'Farbe',
  'categories.icon': 'Symbol (Emoji)',
  'categories.icons': 'Symbol auswählen',
  'categories.nameTaken':
    'Hier gibt es schon eine Kategorie mit diesem Namen. Bitte anders benennen.',
  'categories.mergeWill': 'Das wird geschehen:',
  'categories.mergeMoves': {
    one: '{count} Eintrag wechselt zu {into}.',
    other: '{count} Einträge wechseln zu {into}.',
  },
  'categories.mergeTrashed': {
    one: '{count} weiterer im Papierkorb wechselt mit.',
    other: '{count} weitere im Papierkorb wechseln mit.',
  },
  'categories.mergeChild': {
    one: '{name} geht in {into} auf, mit {count} Eintrag.',
    other: '{name} geht in {into} auf, mit {count} Einträgen.',
  },
  'categories.mergeUnder': '{name} kommt unter {into}.',
  'categories.mergeGone': '{name} wird gelöscht.',
  'categories.deleteRows': {
    one: '{count} Eintrag bleibt, ohne Kategorie.',
    other: '{count} Einträge bleiben, ohne Kategorie.',
  },
  'categories.deleteChildren': {
    one: 'Die Kategorie darunter kommt auf die oberste Ebene: {names}.',
    other: 'Die {count} Kategorien darunter kommen auf die oberste Ebene: {names}.',
  },
  'hue.0': 'Blau',
  'hue.1': 'Orange',
  'hue.2': 'Grün',
  'hue.3': 'Rosa',
  'hue.4': 'Cyan',
  'hue.5': 'Gold',
  'hue.6': 'Rot',
  'hue.7': 'Violett',
};
