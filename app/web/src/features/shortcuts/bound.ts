/** Which keys do what; "g h" is one after the other. */
export const BOUND = {
  add: ['a', 'n'],
  search: ['/'],
  undo: ['u'],
  help: ['?'],
  next: ['j'],
  previous: ['k'],
  edit: ['e'],
  choose: ['x'],
  trash: ['#', 'Delete'],
  history: ['h'],
} as const;

/** Places, after `g`. */
export const LETTERS: Readonly<Record<string, string>> = {
  '/': 'h',
  '/expenses': 'l',
  '/import': 'i',
  '/export': 'x',
  '/categories': 'c',
  '/accounts': 'a',
  '/tags': 't',
  '/members': 'm',
  '/history': 'y',
  '/ledger': 's',
  '/me': 'u',
};
