/** Who is signed in, and which ledgers are theirs; known again without a network. */
import {
  api,
  ask,
  BASE,
  SignedOut,
  Unreachable,
  whenSignedOut,
  whenUnreachable,
} from '../api/client';
import type { Entered, Ledger } from '../api/types';
import { forgetShown, type Local, openLocal } from './local';
import { choices, choose } from './settings.svelte';

/** The last person's id and installation: which database to open before the service answers. */
const WHO = `outlay.who${BASE}`;
/** So long the service may take to say who is there, before what is kept of the last one is shown. */
const GRACE_MS = 300;
const PATIENCE_MS = 20_000;

/** in: the service says so; later: nobody answers; out: it asks to sign in. */
export type Standing = 'in' | 'later' | 'out';
/** About what was not sent: stay signed in, or sign out and keep it here, or discard it. */
export type Leaving = 'stay' | 'keep' | 'discard';

class Session {
  /** "ended": somebody is signed in here, but the service asks to do so again. */
  status = $state<'loading' | 'in' | 'ended' | 'out'>('loading');
  entered = $state.raw<Entered | null>(null);
  ledgers = $state.raw<Ledger[]>([]);
  /** What this browser keeps of the person; another one when it had to be opened again. */
  local = $state.raw<Local | null>(null);
  /** Who was signed in here last, and whose changes wait for them to come back. */
  absent = $state.raw<{ email: string; waiting: number } | null>(null);
  /** Ledgers that one left or deleted here. */
  readonly parted = new Set<string>();
  /** The service said who is signed in, and everything was answered since. */
  private isSure = false;
  /** The ledgers are the service's, and not only what was kept. */
  private isFresh = false;
  private looking: Promise<Standing> | null = null;
  private askLeaving: () => Promise<Leaving> = () => Promise.resolve('keep');

  readonly ledger: Ledger | null = $derived.by(() => {
    const chosen = this.ledgers.find((ledger) => ledger.id === choices.ledger);
    return chosen ?? this.ledgers.find((ledger) => ledger.is_default) ?? this.ledgers[0] ?? null;
  });

  /** Whether the current ledger may be written to. */
  readonly canWrite: boolean = $derived(this.ledger !== null && this.ledger.role !== 'viewer');

  /** Finds out who is signed in: from the service, or from what this browser keeps. */
  async start(): Promise<void> {
    this.watch();
    const kept = await this.recall();
    const show = () => {
      if (!kept || this.entered) return;
      this.ledgers = kept.ledgers;
      this.entered = kept.entered;
    };
    const grace = setTimeout(show, GRACE_MS);
    const standing = await this.confirm();
    clearTimeout(grace);
    if (standing === 'later') show();
    if (standing === 'later' && kept) this.status = 'in';
    else if (standing !== 'in') await this.close(kept?.entered ?? null);
  }

  /** Makes sure that the service is there and knows the person who is shown here. */
  confirm(): Promise<Standing> {
    if (this.isSure && this.status === 'in') return Promise.resolve('in');
    this.looking ??= this.look().finally(() => (this.looking = null));
    return this.looking;
  }

  /** Ask the service again before anything else is sent. */
  doubt(): void {
    this.isSure = false;
  }

  /** What an answer to signing in brought. */
  async enter(entered: Entered): Promise<void> {
    const { instance, user } = entered;
    localStorage.setItem(WHO, JSON.stringify([instance.id, user.id]));
    // Nothing of one person stays on the page of another.
    if (this.entered && this.entered.user.id !== user.id) return startAgain();
    if (this.local?.name !== nameOf(entered)) {
      this.local?.close();
      this.local = await this.open(instance.id, user.id);
    }
    this.entered = entered;
    this.absent = null;
    await this.local?.put('kept', entered, 'entered');
    await this.local?.put('kept', { base: BASE, at: Date.now() } satisfies Seen, 'seen');
    await this.loadLedgers();
    this.status = 'in';
  }

  /** Reads the ledgers again; without a network those that are known stay. */
  async loadLedgers(): Promise<void> {
    try {
      const { items } = await ask(api.GET('/api/v1/ledgers', patiently()));
      this.ledgers = unchanged(this.ledgers, items);
      this.isFresh = true;
      await this.local?.put('kept', items, 'ledgers');
    } catch (error) {
      if (!(error instanceof Unreachable) || this.ledgers.length === 0) throw error;
    }
  }

  /** Ends one's own part in a ledger, or the ledger; that it is gone is then no news. */
  async part(ledger: string, end: () => Promise<unknown>): Promise<void> {
    this.parted.add(ledger);
    try {
      await end();
    } catch (error) {
      this.parted.delete(ledger);
      throw error;
    }
    await this.loadLedgers();
  }

  show(ledger: string): void {
    choose({ ledger });
  }

  /** Who is to be asked about what was not sent, before signing out. */
  whenLeaving(ask: () => Promise<Leaving>): void {
    this.askLeaving = ask;
  }

  /** Signs out here, after a word about what was not sent. Throws Problem or Unreachable. */
  async leave(): Promise<void> {
    const decision = await this.askLeaving();
    if (decision === 'stay') return;
    try {
      await ask(api.DELETE('/api/v1/session'));
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
    }
    await this.forget(decision);
  }

  /** What this browser kept of the person is forgotten; what was not sent only if they say so. */
  async forget(unsent: 'keep' | 'discard' = 'keep'): Promise<void> {
    localStorage.removeItem(WHO);
    const local = this.local;
    this.local = null;
    this.entered = null;
    this.ledgers = [];
    this.absent = null;
    this.status = 'out';
    if (!local) return;
    const isEmpty = unsent === 'discard' || (await local.count('outbox')) === 0;
    if (!isEmpty) await forgetShown(local);
    local.close();
    if (isEmpty) indexedDB.deleteDatabase(local.name);
  }

  private watch(): void {
    whenSignedOut(() => {
      if (this.status !== 'in') return;
      this.status = 'ended';
      // Or it is somebody else's by now; an answer that is under way may be older than that.
      void Promise.resolve(this.looking).then(() => this.confirm());
    });
    whenUnreachable(() => this.doubt());
    addEventListener('offline', () => this.doubt());
    // Somebody comes back, perhaps from another tab where they signed in.
    document.addEventListener('visibilitychange', () => {
      if (this.status === 'ended') void this.confirm();
    });
    addEventListener('storage', (event) => {
      if (event.key === WHO || event.key === null) this.hear(localStorage.getItem(WHO));
    });
  }

  /** Another tab signed in or out. */
  private hear(who: string | null): void {
    const own = this.entered && JSON.stringify([this.entered.instance.id, this.entered.user.id]);
    this.doubt();
    if (who === own) void this.confirm();
    else if (who !== null) startAgain();
    else if (this.entered) void this.close(null);
  }

  private async look(): Promise<Standing> {
    try {
      const entered = await ask(api.GET('/api/v1/session', patiently()));
      if (this.status !== 'in' || this.entered?.user.id !== entered.user.id) {
        await this.enter(entered);
      }
      if (JSON.stringify(this.entered) !== JSON.stringify(entered)) this.entered = entered;
      if (!this.isFresh) await this.loadLedgers();
      this.isSure = true;
      return 'in';
    } catch (error) {
      if (error instanceof SignedOut) return 'out';
      if (error instanceof Unreachable) return 'later';
      throw error;
    }
  }

  private async recall(): Promise<{ entered: Entered; ledgers: Ledger[] } | null> {
    const who = readWho() ?? (await lastKept());
    if (!who) return null;
    this.local = await this.open(...who);
    const entered = (await this.local?.get('kept', 'entered')) as Entered | undefined;
    const ledgers = ((await this.local?.get('kept', 'ledgers')) as Ledger[] | undefined) ?? [];
    return entered ? { entered, ledgers } : null;
  }

  /** Shows the way in; whose changes wait here is said without showing them. */
  private async close(last: Entered | null): Promise<void> {
    const waiting = last && this.local ? await this.local.count('outbox') : 0;
    this.absent = last?.user.email ? { email: last.user.email, waiting } : null;
    this.local?.close();
    this.local = null;
    this.entered = null;
    this.ledgers = [];
    this.status = 'out';
  }

  /** Some private windows have no IndexedDB: the app then works with a network only. */
  private async open(instance: string, user: string): Promise<Local | null> {
    try {
      const local = await openLocal(instance, user, () => void this.reopen(instance, user));
      return local;
    } catch {
      return null;
    }
  }

  /** The browser closed the store under us. */
  private async reopen(instance: string, user: string): Promise<void> {
    const isStill = readWho()?.[1] === user && this.entered?.user.id === user;
    if (isStill) this.local = await this.open(instance, user);
  }
}

/** What was read again, without new objects for what is as it was: pages begin anew with a new one. */
function unchanged(before: Ledger[], now: Ledger[]): Ledger[] {
  const known = new Map(before.map((ledger) => [JSON.stringify(ledger), ledger]));
  const kept = now.map((ledger) => known.get(JSON.stringify(ledger)) ?? ledger);
  const isSame = kept.length === before.length && kept.every((one, at) => one === before[at]);
  return isSame ? before : kept;
}

function readWho(): [string, string] | null {
  try {
    return JSON.parse(localStorage.getItem(WHO) ?? 'null') as [string, string] | null;
  } catch {
    return null;
  }
}

/** When and where somebody was signed in last. */
interface Seen {
  base: string;
  at: number;
}

/** A browser that is killed loses the newest of localStorage, and keeps its databases. */
async function lastKept(): Promise<[string, string] | null> {
  let last: { at: number; who: [string, string] } | null = null;
  try {
    for (const { name } of await indexedDB.databases()) {
      const who = /^outlay-([0-9a-f]+)-([0-9a-f-]{36})$/.exec(name ?? '');
      if (!who?.[1] || !who[2]) continue;
      const local = await openLocal(who[1], who[2]);
      const seen = (await local.get('kept', 'seen')) as Seen | undefined;
      local.close();
      if (seen?.base === BASE && seen.at > (last?.at ?? 0)) {
        last = { at: seen.at, who: [who[1], who[2]] };
      }
    }
  } catch {
    // Without databases nothing was kept.
  }
  return last?.who ?? null;
}

function nameOf(entered: Entered): string {
  return `outlay-${entered.instance.id}-${entered.user.id}`;
}

function patiently(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(PATIENCE_MS) };
}

/** The page from its beginning; resolves never, so that nothing goes on meanwhile. */
function startAgain(): Promise<void> {
  location.reload();
  return new Promise(() => undefined);
}

export const session = new Session();
