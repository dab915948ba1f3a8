/** The link that somebody came by: its secret is kept here while it is used, and in no history. */
import { BASE } from '../../api/client';

const PAGES = ['sign-in', 'join', 'reset'] as const;
type LinkPage = (typeof PAGES)[number];

class Arrival {
  /** What the address was for, until it is done with. */
  page = $state<LinkPage | null>(null);
  /** Null where the address had none: a page that was loaded again. */
  token = $state<string | null>(null);

  constructor() {
    this.read();
    addEventListener('hashchange', () => this.read());
  }

  /** The secret, for the one request that uses it. */
  take(): string | null {
    const token = this.token;
    this.leave();
    return token;
  }

  /** Goes on to the first page, without the link. */
  leave(): void {
    if (this.page) history.replaceState(null, '', `${BASE}/`);
    [this.page, this.token] = [null, null];
  }

  private read(): void {
    const path = location.pathname.slice(BASE.length + 1).replace(/\/$/, '');
    const page = PAGES.find((one) => one === path);
    if (!page) return;
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (page === 'sign-in' && !token) {
      history.replaceState(null, '', `${BASE}/`);
      return;
    }
    if (token) history.replaceState(null, '', location.pathname);
    [this.page, this.token] = [page, token ?? this.token];
  }
}

export const arrival = new Arrival();
