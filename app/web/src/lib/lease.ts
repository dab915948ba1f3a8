/** Leases, for browsers without Web Locks: on plain HTTP. Loaded where there are none. */
import type { Ledge } from './exclusive';

/** A tab that is seen renews its lease in time; timers of a hidden one may run once a minute. */
const LEAD_MS = 4000;
const HIDDEN_LEAD_MS = 75_000;
const LOOK_MS = 500;
const SETTLED_MS = 400;

/** One that sends says so less often. */
const LEASE_MS = 40_000;
const RENEW_MS = 10_000;

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
    localStorage.setItem(key, `${me} ${now + (document.hidden ? HIDDEN_LEAD_MS : LEAD_MS)}`);
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
