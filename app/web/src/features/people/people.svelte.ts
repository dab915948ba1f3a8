/** The accounts as the administrator's page lists and changes them. */
import { api, ask, Problem } from '../../api/client';
import type { User } from '../../api/types';
import { said } from '../../lib/said';

export type Change = Partial<Pick<User, 'is_admin' | 'is_disabled'>>;

/** Typing goes on for so long before it is searched. */
const TYPING_MS = 150;

export class People {
  items = $state.raw<User[] | null>(null);
  next = $state<string | null>(null);
  fault = $state('');
  private q = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = 0;

  search(q: string): void {
    clearTimeout(this.timer);
    const isFirst = this.q === q;
    this.q = q;
    this.timer = setTimeout(() => void this.load(), isFirst ? 0 : TYPING_MS);
  }

  async load(): Promise<void> {
    await this.take(null);
  }

  async more(): Promise<void> {
    if (this.next !== null) await this.take(this.next);
  }

  /** Change somebody's rights; on a stale version once more, as only the named rights are written. */
  async change(user: User, change: Change): Promise<User> {
    try {
      return this.replaced(await this.patch(user, change));
    } catch (error) {
      if (!(error instanceof Problem && error.status === 412)) throw error;
      return this.replaced(await this.patch(error.body.current as User, change));
    }
  }

  private patch(user: User, change: Change): Promise<User> {
    const params = { path: { id: user.id }, header: { 'If-Match': user.etag } };
    return ask(api.PATCH('/api/v1/users/{id}', { params, body: change }));
  }

  private replaced(user: User): User {
    this.items = this.items?.map((one) => (one.id === user.id ? user : one)) ?? null;
    return user;
  }

  private async take(cursor: string | null): Promise<void> {
    const asking = ++this.asking;
    try {
      const query = {
        ...(this.q.trim() ? { q: this.q.trim() } : {}),
        ...(cursor ? { cursor } : {}),
      };
      const found = await ask(api.GET('/api/v1/users', { params: { query } }));
      if (asking !== this.asking) return;
      this.items = cursor ? [...(this.items ?? []), ...found.items] : found.items;
      this.next = found.next;
      this.fault = '';
    } catch (error) {
      this.fault = said(error);
    }
  }
}
