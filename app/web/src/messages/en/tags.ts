export const tags = {
  'tags.add': 'Add tag',
  'tags.new': 'New tag',
  'tags.rename': 'Rename {name}',
  'tags.renameAny': 'Rename',
  'tags.renamed': '{name} is now called {to}',
  'tags.nameTaken': 'There is a tag of that name already. Take another name, or merge the two.',
  'tags.mergeWill': {
    one: '{count} entry gets {into} in place of {name}.',
    other: '{count} entries get {into} in place of {name}.',
  },
  'tags.deleteRows': {
    one: 'Its {count} entry stays, without this tag.',
    other: 'Its {count} entries stay, without this tag.',
  },
  'tags.find': 'Find a tag',
  'tags.found': { one: '{count} tag', other: '{count} tags' },
  'tags.none': 'No tag has this in its name.',
  'tags.order': 'Order',
  'tags.byName': 'By name',
  'tags.byEntries': 'Most used first',
  'tags.emptyTitle': 'Tags go across categories',
  'tags.emptyText': 'A journey, a project, a person: add a tag here, or while recording an entry.',
} as const;
