/** One tab of a browser does what only one should: Web Locks decide, or on plain HTTP a lease. */

/**
 * Calls `lead` in one tab at a time, which leads until it closes or `signal` ends it; the function
 * that `lead` returns stops what it began.
 */
export function elect(name: string, signal: AbortSignal, lead: () => () => void): void {
  if ('locks' in navigator) byLock(name, signal, lead);
  else void byLease(`outlay.lease ${name}`, signal, lead);
}

function byLock(name: string, signal: AbortSignal, lead: () => () => void): void {
  const held = () =>
    new Promise<void>((done) => {
      if (signal.aborted) {
        done();
        return;
      }
      const stop = lead();
      signal.addEventListener('abort', () => {
        stop();
        done();
      });
    });
  // Aborted while it waits: somebody else leads, and this tab does not want to any more.
  navigator.locks.request(name, { signal }, held).catch(() => undefined);
}

async function byLease(key: string, signal: AbortSignal, lead: () => () => void): Promise<void> {
  const lease = await import('./lease').catch(() => null);
  if (!signal.aborted) lease?.byLease(key, signal, lead);
}
