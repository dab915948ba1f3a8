/** Work that one tab of a browser does at a time: by Web Locks, or on plain HTTP by a lease. */

/** Where a lease is written down for all tabs. `change` reads and writes in one transaction. */
export interface Ledge {
  change(work: (held: Lease | undefined) => Lease | undefined): Promise<void>;
}

export interface Lease {
  by: string;
  /** Milliseconds since 1970; renewed while the work goes on. */
  until: number;
}

const LEASE_MS = 40_000;
const RENEW_MS = 10_000;

/** "busy": another tab is at it, and goes on with what it finds when it is done with its own. */
export async function exclusively<T>(
  name: string,
  ledge: Ledge | null,
  work: () => Promise<T>,
): Promise<T | 'busy'> {
  if ('locks' in navigator) return navigator.locks.request(name, work) as Promise<T>;
  return ledge ? underLease(ledge, work) : work();
}

/** As `exclusively`, without locks. */
export async function underLease<T>(ledge: Ledge, work: () => Promise<T>): Promise<T | 'busy'> {
  const by = Math.random().toString(36).slice(2);
  if (!(await take(ledge, by))) return 'busy';
  const renewing = setInterval(() => void take(ledge, by).catch(() => undefined), RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await ledge.change((held) => (held?.by === by ? undefined : held));
  }
}

async function take(ledge: Ledge, by: string): Promise<boolean> {
  let isMine = false;
  await ledge.change((held) => {
    isMine = !held || held.by === by || held.until < Date.now();
    return isMine ? { by, until: Date.now() + LEASE_MS } : held;
  });
  return isMine;
}
