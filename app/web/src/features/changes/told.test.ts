import { describe, expect, test } from 'vitest';

import type { ChangeSet } from '../../api/types';
import { en } from '../../messages/en';
import { told, type Words } from './told';

const words: Words = {
  label: (row) => row.label,
  somebody: 'Somebody',
  service: 'Outlay',
  importName: (seq) => (seq === 7 ? 'bank.csv' : undefined),
};

function set(action: string, more: Partial<ChangeSet> = {}): ChangeSet {
  return {
    seq: 7,
    at: '2026-11-21T10:00:00Z',
    actor: { id: '1', name: 'Ada' },
    source: 'web',
    action,
    entities: 1,
    kinds: ['expense'],
    undoes: null,
    undone_by: null,
    summary: [
      { entity: 'expense', id: '2', op: 'created', label: 'Bus', amount: null, currency: null },
    ],
    ...more,
  };
}

describe('what a change set did', () => {
  test.each([
    ['expense.create', 1, 'changes.create'],
    ['expenses.change', 12, 'changes.changeMany'],
    ['expenses.trash', 1, 'changes.trash'],
    ['category.merge', 40, 'changes.categoryMerge'],
    ['tag.delete', 1, 'changes.tag.delete'],
    ['import.commit', 214, 'changes.import'],
    ['import.revert', 214, 'changes.importRevert'],
    ['member.join', 1, 'changes.memberJoin'],
    ['change.undo', 3, 'changes.undo'],
    ['something.new', 3, 'changes.other'],
  ])('%s of %i rows is %s', (action, entities, key) => {
    const found = told(set(action, { entities }), words);
    expect(found.key).toBe(key);
    expect(en).toHaveProperty([key]);
    expect(found.values).toMatchObject({ actor: 'Ada', what: 'Bus', count: entities });
  });

  test('says the file of an import where it is known', () => {
    expect(told(set('import.commit'), words).values['file']).toBe('bank.csv');
    expect(told(set('import.commit', { seq: 8 }), words).key).toBe('changes.imports');
  });

  test('without a person it was the service, or somebody', () => {
    const tidied = set('trash.expire', { actor: null, source: 'system' });
    expect(told(tidied, words).values['actor']).toBe('Outlay');
    const unknown = set('expense.change', { actor: null, source: 'sql' });
    expect(told(unknown, words).values['actor']).toBe('Somebody');
  });
});
