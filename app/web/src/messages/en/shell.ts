/** What the frame of every page says on its own, whatever page is open. */
export const shell = {
  'ledger.gone': 'The ledger {name} was deleted, or is not yours any more',
  'outbox.newConflict': '{description} was changed elsewhere as well',
  'outbox.newRefused': '{description} was not accepted',
  'outbox.look': 'Look',
  'demo.made': 'This is the demo: everything in it is invented',
  'demo.remove': 'Remove the demo',
  'demo.removed': 'The demo was removed',
} as const;
