/** What a change set did, in a sentence: which message, with which values. */
import type { ChangeSet } from '../../api/types';
import type { Key, Values } from '../../lib/i18n.svelte';

export interface Told {
  key: Key;
  values: Values;
}

/** Words that only the page knows. */
export interface Words {
  /** The first row's name, amount included where it has one. */
  label: (row: ChangeSet['summary'][number]) => string;
  somebody: string;
  /** The service itself, tidying up. */
  service: string;
  /** The file of the import that this set committed or reverted. */
  importName: (seq: number) => string | undefined;
}

const ONE = ['create', 'change', 'trash', 'restore', 'purge'] as const;
const NAMED = ['category', 'account', 'tag'] as const;
const BY_ACTION: Record<string, Key> = {
  'category.merge': 'changes.categoryMerge',
  'tag.merge': 'changes.tagMerge',
  'archive.import': 'changes.archive',
  'demo.create': 'changes.demo',
  'ledger.create': 'changes.ledgerCreate',
  'ledger.change': 'changes.ledgerChange',
  'member.join': 'changes.memberJoin',
  'member.change': 'changes.memberChange',
  'member.leave': 'changes.memberLeave',
  'member.remove': 'changes.memberRemove',
  'member.erase': 'changes.memberErase',
  'trash.expire': 'changes.expire',
  'change.undo': 'changes.undo',
};

export function told(set: ChangeSet, words: Words): Told {
  const first = set.summary[0];
  const values: Values = {
    actor: set.actor?.name ?? (set.source === 'system' ? words.service : words.somebody),
    what: first ? words.label(first) : '',
    count: set.entities,
    more: set.entities - 1,
    seq: String(set.undoes ?? ''),
  };
  return { key: keyOf(set, values, words), values };
}

function keyOf(set: ChangeSet, values: Values, words: Words): Key {
  const [noun = '', verb = ''] = set.action.split('.');
  if (noun === 'import') {
    const file = words.importName(set.seq);
    if (file === undefined) return verb === 'revert' ? 'changes.importsRevert' : 'changes.imports';
    values['file'] = file;
    return verb === 'revert' ? 'changes.importRevert' : 'changes.import';
  }
  const known = BY_ACTION[set.action];
  if (known) return known;
  if (noun === 'expense' || noun === 'expenses') {
    const found = ONE.find((one) => one === verb);
    if (found) return set.entities === 1 ? `changes.${found}` : `changes.${found}Many`;
  }
  const entity = NAMED.find((one) => one === noun);
  if (entity && (verb === 'create' || verb === 'change' || verb === 'delete')) {
    return `changes.${entity}.${verb}`;
  }
  return 'changes.other';
}

/** Whether the sentence says how many rows there were. */
export function tellsCount(set: Pick<ChangeSet, 'action'>): boolean {
  return /^(expenses|import|archive|trash)\./.test(set.action);
}
