import { session } from '../../state/session.svelte';

/** Whether the person is told how backups are: owners of a ledger, and administrators. */
export function seesBackups(): boolean {
  const isOwner = session.ledgers.some((one) => one.role === 'owner');
  return isOwner || (session.entered?.user.is_admin ?? false);
}
