/** One tab of a browser does what only one should: Web Locks decide, or on plain HTTP a lease. */

/** A tab that is seen renews its lease in time; timers of a hidden one may run once a minute. */
const LEASE_MS = 4000;
const HIDDEN_LEASE_MS = 75_000;
const LOOK_MS = 500;
const SETTLED_MS = 400;

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

/** Each tab looks at a lease in localStorage; the one that renews it leads. */
export function byLease(key: string, signal: AbortSignal, lead: () => () => void): void {
  const me = Math.random().toString(36).slice(2);
  let stop: (() => void) | null = null;
  let applied = 0;
  const yieldLead = () => {
    stop?.();
    stop = null;
  };
  const look = () => {
    const [owner, until] = (localStorage.getItem(key) ?? ' 0').split(' ');
    const isMine = owner === me;
    if (!isMine && Number(until) > Date.now()) {
      yieldLead();
      return;
    }
    const now = Date.now();
    if (!isMine) applied = now;
    localStorage.setItem(key, `${me} ${now + (document.hidden ? HIDDEN_LEASE_MS : LEASE_MS)}`);
    // The first look only applies: a rival of the same instant shows itself meanwhile.
    if (isMine && !stop && now - applied >= SETTLED_MS) stop = lead();
  };
  const release = () => {
    yieldLead();
    if (localStorage.getItem(key)?.startsWith(`${me} `)) localStorage.removeItem(key);
  };
  const timer = setInterval(look, LOOK_MS);
  look();
  // Another tab took over, or gave up: known at once, also by a tab whose timers sleep.
  addEventListener('storage', (event) => event.key === key && look(), { signal });
  addEventListener('pagehide', release, { signal });
  signal.addEventListener('abort', () => {
    clearInterval(timer);
    release();
  });
}
