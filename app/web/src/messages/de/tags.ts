import type { tags as en } from '../en/tags';
import type { Part } from '../part';

export const tags: Part<typeof en> = {
  'tags.add': 'Schlagwort anlegen',
  'tags.new': 'Neues Schlagwort',
  'tags.rename': '{name} umbenennen',
  'tags.renameAny': 'Umbenennen',
  'tags.renamed': '{name} heißt jetzt {to}',
  'tags.nameTaken':
    'Es gibt schon ein Schlagwort mit diesem Namen. Bitte anders benennen oder beide zusammenlegen.',
  'tags.mergeWill': {
    one: '{count} Eintrag bekommt {into} statt {name}.',
    other: '{count} Einträge bekommen {into} statt {name}.',
  },
  'tags.deleteRows': {
    one: '{count} Eintrag bleibt, ohne dieses Schlagwort.',
    other: '{count} Einträge bleiben, ohne dieses Schlagwort.',
  },
  'tags.find': 'Schlagwort suchen',
  'tags.found': { one: '{count} Schlagwort', other: '{count} Schlagwörter' },
  'tags.none': 'Kein Schlagwort heißt so.',
  'tags.order': 'Reihenfolge',
  'tags.byName': 'Nach Namen',
  'tags.byEntries': 'Häufigste zuerst',
  'tags.emptyTitle': 'Schlagwörter gehen quer durch alle Kategorien',
  'tags.emptyText':
    'Eine Reise, ein Vorhaben, eine Person: hier anlegen, oder beim Eintragen einer Ausgabe.',
};
