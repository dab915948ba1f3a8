/** Who is in the ledger, and which invitations into it are open. */
import { api, ask } from '../../api/client';
import type { components } from '../../api/schema';
import type { Role } from '../../api/types';
import { live } from '../../state/live.svelte';

export type Member = components['schemas']['Member'];
export type Invitation = components['schemas']['Invitation'];
export const ROLES: readonly Role[] = ['owner', 'editor', 'viewer'];

export class People {
  members = $state.raw<Member[] | null>(null);
  invitations = $state.raw<Invitation[]>([]);
  fault = $state.raw<unknown>(null);
  private readonly end: () => void;
  private isClosed = false;

  constructor(
    readonly ledger: string,
    private readonly isOwner: boolean,
  ) {
    this.end = live.listen((heard) => {
      const isMine = heard.type === 'change' && heard.change.ledger === ledger;
      const isOfMembers = isMine && heard.change.changes.some((one) => one.entity === 'member');
      if (heard.type === 'reset' || isOfMembers) void this.load();
    });
    void this.load();
  }

  close(): void {
    this.isClosed = true;
    this.end();
  }

  async load(): Promise<void> {
    const params = { path: { ledger: this.ledger } };
    try {
      const [members, invitations] = await Promise.all([
        ask(api.GET('/api/v1/ledgers/{ledger}/members', { params })),
        this.isOwner
          ? ask(api.GET('/api/v1/ledgers/{ledger}/invitations', { params }))
          : { items: [] },
      ]);
      if (this.isClosed) return;
      [this.members, this.invitations] = [members.items, invitations.items];
      this.fault = null;
    } catch (error) {
      if (!this.isClosed) this.fault = error;
    }
  }
}

/** Whether the link still works. */
export function isOpen(invitation: Invitation, now: number = Date.now()): boolean {
  return invitation.used_at === null && Date.parse(invitation.expires_at) > now;
}
