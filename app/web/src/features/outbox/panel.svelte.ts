/** Which of the outbox's dialogs is open. */
import { outbox } from '../../state/outbox.svelte';
import { type Leaving, session } from '../../state/session.svelte';

/** Before somebody is asked, what can be sent is sent. */
const LAST_TRY_MS = 3000;

class Panel {
  isOpen = $state(false);
  /** The expense that somebody wants to look at. */
  expense = $state<string | null>(null);
  /** Takes the answer of somebody who is about to sign out. */
  leaving = $state.raw<((decision: Leaving) => void) | null>(null);
  /** The person goes on without signing in again. */
  isPutOff = $state(false);

  get asksToSignIn(): boolean {
    return session.status === 'ended' && !this.isPutOff;
  }

  show(expense: string | null = null): void {
    this.expense = expense;
    this.isOpen = true;
  }

  close(): void {
    this.isOpen = false;
  }

  /** What to do about changes that were not sent. */
  async askLeaving(): Promise<Leaving> {
    outbox.wake();
    await Promise.race([
      outbox.settled(),
      new Promise((resolve) => setTimeout(resolve, LAST_TRY_MS)),
    ]);
    if (outbox.entries.length === 0) return 'keep';
    const decision = await new Promise<Leaving>((resolve) => (this.leaving = resolve));
    this.leaving = null;
    return decision;
  }
}

export const panel = new Panel();

session.whenLeaving(() => panel.askLeaving());
