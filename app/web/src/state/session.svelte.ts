/** Who is signed in, and which ledgers are theirs; known again without a network. */
import { api, ask, Problem, Unreachable, whenSignedOut } from '../api/client';
import type { Entered, Ledger } from '../api/types';
import { type Local, openLocal } from './local';
import { choices, choose } from './settings.svelte';

/** The last person's id and installation: which database to open before the service answers. */
const WHO = 'outlay.who';

class Session {
  /** "ended": somebody is signed in here, but the service asks to do so again. */
  status = $state<'loading' | 'in' | 'ended' | 'out'>('loading');
  entered = $state.raw<Entered | null>(null);
  ledgers = $state.raw<Ledger[]>([]);
  local: Local | null = null;

  readonly ledger: Ledger | null = $derived.by(() => {
    const chosen = this.ledgers.find((ledger) => ledger.id === choices.ledger);
    return chosen ?? this.ledgers.find((ledger) => ledger.is_default) ?? this.ledgers[0] ?? null;
  });

  /** Whether the current ledger may be written to. */
  readonly canWrite: boolean = $derived(this.ledger !== null && this.ledger.role !== 'viewer');

  /** Finds out who is signed in: from the service, or from what this browser keeps. */
  async start(): Promise<void> {
    whenSignedOut(() => {
      if (this.status === 'in') this.status = 'ended';
    });
    await this.recall();
    try {
      await this.enter(await ask(api.GET('/api/v1/session')));
    } catch (error) {
      if (error instanceof Unreachable && this.entered) this.status = 'in';
      else if (error instanceof Unreachable || (error instanceof Problem && error.status === 401)) {
        this.status = 'out';
        this.entered = null;
      } else throw error;
    }
  }

  /** What an answer to signing in brought. */
  async enter(entered: Entered): Promise<void> {
    if (this.entered?.user.id !== entered.user.id || !this.local) {
      this.local?.close();
      this.local = await openLocalOrNone(entered.instance.id, entered.user.id);
    }
    this.entered = entered;
    localStorage.setItem(WHO, JSON.stringify([entered.instance.id, entered.user.id]));
    await this.local?.put('kept', entered, 'entered');
    await this.loadLedgers();
    this.status = 'in';
  }

  async loadLedgers(): Promise<void> {
    const { items } = await ask(api.GET('/api/v1/ledgers'));
    this.ledgers = items;
    await this.local?.put('kept', items, 'ledgers');
  }

  show(ledger: string): void {
    choose({ ledger });
  }

  /** Signs out here; what this browser kept of the person is forgotten. */
  async leave(): Promise<void> {
    await ask(api.DELETE('/api/v1/session'));
    await this.forget();
  }

  async forget(): Promise<void> {
    localStorage.removeItem(WHO);
    const name = this.local?.name;
    this.local?.close();
    this.local = null;
    if (name) indexedDB.deleteDatabase(name);
    this.entered = null;
    this.ledgers = [];
    this.status = 'out';
  }

  private async recall(): Promise<void> {
    const who = localStorage.getItem(WHO);
    if (!who) return;
    const [instance, user] = JSON.parse(who) as [string, string];
    this.local = await openLocalOrNone(instance, user);
    this.entered = ((await this.local?.get('kept', 'entered')) as Entered | undefined) ?? null;
    this.ledgers = ((await this.local?.get('kept', 'ledgers')) as Ledger[] | undefined) ?? [];
  }
}

/** Some private windows have no IndexedDB: the app then works with a network only. */
async function openLocalOrNone(instance: string, user: string): Promise<Local | null> {
  try {
    return await openLocal(instance, user);
  } catch {
    return null;
  }
}

export const session = new Session();
