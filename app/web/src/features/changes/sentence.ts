import type { ChangeSet } from '../../api/types';
import { money } from '../../lib/format';
import { t } from '../../lib/i18n.svelte';
import { told } from './told';

/** What a set did; an undo says what it took back where that is known and no undo itself. */
export function sentence(
  set: ChangeSet,
  imports: ReadonlyMap<number, string>,
  known: ReadonlyMap<number, ChangeSet>,
): string {
  const { key, values } = told(set, {
    label,
    somebody: t('changes.somebody'),
    service: t('changes.service'),
    importName: (seq) => imports.get(seq),
  });
  const undone = set.undoes === null ? undefined : known.get(set.undoes);
  if (key === 'changes.undo' && undone && undone.undoes === null) {
    const { actor } = values;
    return t('changes.undoKnown', { actor: actor ?? '', told: sentence(undone, imports, known) });
  }
  return t(key, values);
}

function label(row: ChangeSet['summary'][number]): string {
  const name = row.label || t('list.untitled');
  return row.amount && row.currency ? `${name}, ${money(row.amount, row.currency)}` : name;
}
