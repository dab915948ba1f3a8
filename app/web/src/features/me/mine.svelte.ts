/** The signed-in person's own account, as /me shows and changes it. */
import { api, ask, Problem } from '../../api/client';
import type { Me } from '../../api/types';
import { session } from '../../state/session.svelte';

class Mine {
  me = $state.raw<Me | null>(null);

  async load(): Promise<Me> {
    this.me = await ask(api.GET('/api/v1/me'));
    if (!this.me) throw new Error('the answer has no body');
    return this.me;
  }

  /**
   * Save what was changed; false when it was changed elsewhere meanwhile: then `me` is as it is now.
   * Raises Problem with the fields that are wrong.
   */
  async save(change: Partial<Pick<Me, 'name' | 'default_ledger_id'> & { email: string }>) {
    const match = { 'If-Match': this.me?.etag ?? '*' };
    try {
      this.me = await ask(api.PATCH('/api/v1/me', { params: { header: match }, body: change }));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      this.me = error.body.current as Me;
      return false;
    }
    await session.enter(await ask(api.GET('/api/v1/session')));
    return true;
  }
}

export const mine = new Mine();
