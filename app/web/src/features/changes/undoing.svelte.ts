/** Taking change sets back; rows that changed since are kept here until somebody decides on them. */
import { api, ask } from '../../api/client';
import type { ChangeSet, Undone } from '../../api/types';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { go } from '../../lib/router.svelte';
import { said } from '../../lib/said';
import { session } from '../../state/session.svelte';
import { toasts } from '../../state/toasts.svelte';

export type Conflict = Undone['conflicts'][number];

class Undoing {
  /** The set that is being taken back. */
  busy = $state<number | null>(null);
  /** By set: what its undo left as it is. */
  left = $state.raw<Readonly<Record<number, Undone>>>({});

  /** Take a set back, also the named rows that changed since; what is left is shown with the set. */
  async takeBack(ledger: string, seq: number, force: readonly Conflict[] = []): Promise<void> {
    if (this.busy !== null) return;
    this.busy = seq;
    try {
      const undone = await ask(
        api.POST('/api/v1/ledgers/{ledger}/changes/{seq}/undo', {
          params: { path: { ledger, seq }, header: { 'Idempotency-Key': uuid7() } },
          body: { force: force.map(nameOf) },
        }),
      );
      this.keep(seq, undone.conflict_count > 0 ? undone : null);
      this.tell(ledger, undone);
    } catch (error) {
      toasts.fail(said(error));
    } finally {
      this.busy = null;
    }
  }

  /** Leave the rows as they are. */
  settle(seq: number): void {
    this.keep(seq, null);
  }

  private keep(seq: number, undone: Undone | null): void {
    const { [seq]: _, ...others } = this.left;
    this.left = undone ? { ...others, [seq]: undone } : others;
  }

  private tell(ledger: string, undone: Undone): void {
    const { seq } = undone;
    if (seq === null) return;
    toasts.show(t('changes.takenBack', { count: undone.undone }), {
      tone: 'good',
      action: { label: t('changes.again'), run: () => void this.redo(ledger, seq) },
    });
  }

  private async redo(ledger: string, seq: number): Promise<void> {
    await this.takeBack(ledger, seq);
    if (this.left[seq]) await go(`/history/${seq}`);
  }
}

function nameOf(row: Conflict): string {
  return `${row.entity}/${row.id}`;
}

/** Whether the person may take it back; the beginning of a ledger stays. */
export function canTakeBack(set: Pick<ChangeSet, 'kinds' | 'action'>): boolean {
  const isOwners = set.kinds.some((kind) => kind === 'ledger' || kind === 'member');
  if (!session.canWrite || set.action === 'ledger.create' || set.action === 'demo.create') {
    return false;
  }
  return !isOwners || session.ledger?.role === 'owner';
}

export const undoing = new Undoing();
