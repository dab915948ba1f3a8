/** One tab of a browser does what only one should: Web Locks decide, or on plain HTTP a lease. */

const LEASE_MS = 4000;

/**
 * Calls `lead` in one tab at a time, which leads until it closes or `signal` ends it; the function
 * that `lead` returns stops what it began.
 */
export function elect(name: string, signal: AbortSignal, lead: () => () => void): void {
  if ('locks' in navigator) byLock(name, signal, lead);
  else byLease(`outlay.lease ${name}`, signal, lead);
}

function byLock(name: string, signal: AbortSignal, lead: () => () => void): void {
  const held = () =>
    new Promise<void>((done) => {
      const stop = lead();
      signal.addEventListener('abort', () => {
        stop();
        done();
      });
    });
  navigator.locks.request(name, { signal }, held).catch(() => undefined);
}

/** Each tab looks at a time in localStorage; the one that renews it leads. */
function byLease(key: string, signal: AbortSignal, lead: () => () => void): void {
  const me = Math.random().toString(36).slice(2);
  let stop: (() => void) | null = null;
  const look = () => {
    const [owner, until] = (localStorage.getItem(key) ?? ' 0').split(' ');
    const mine = owner === me;
    if (!mine && Number(until) > Date.now()) {
      stop?.();
      stop = null;
      return;
    }
    localStorage.setItem(key, `${me} ${Date.now() + LEASE_MS}`);
    // The first look only applies; a rival of the same instant shows itself at the second.
    if (mine && !stop) stop = lead();
  };
  const release = () => {
    if (localStorage.getItem(key)?.startsWith(me)) localStorage.removeItem(key);
  };
  const timer = setInterval(look, LEASE_MS / 8);
  look();
  addEventListener('pagehide', release, { signal });
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    stop?.();
    release();
  });
}
