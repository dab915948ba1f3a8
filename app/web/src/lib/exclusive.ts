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

/** "busy": another tab is at it, and goes on with what it finds when it is done with its own. */
export async function exclusively<T>(
  name: string,
  ledge: Ledge | null,
  work: () => Promise<T>,
): Promise<T | 'busy'> {
  if ('locks' in navigator) return navigator.locks.request(name, work) as Promise<T>;
  if (!ledge) return work();
  const lease = await import('./lease').catch(() => null);
  return lease ? lease.underLease(ledge, work) : 'busy';
}
