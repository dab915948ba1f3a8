export const nav = {
  'nav.add': 'Add',
  'nav.import': 'Import',
  'nav.export': 'Export',
  'nav.export': 'Export',
  'nav.categories': 'Categories',
  'nav.accounts': 'Accounts',
  'nav.tags': 'Tags',
  'nav.members': 'Members',
  'nav.history': 'History',
  'nav.ledger': 'Ledger settings',
  'nav.me': 'You',
  'nav.more': 'More',
} as const;
