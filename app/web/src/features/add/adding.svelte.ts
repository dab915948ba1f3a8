/** The way to the add form from elsewhere: a shortcut, a row to repeat, an undo. */
import type { Expense } from '../../api/types';

type Opener = (row: Expense | null) => void;

class Adding {
  private opener: Opener | null = null;
  private wanted: Expense | null = null;
  private isWanted = false;

  /** The form says it is there; returns what takes it away. */
  register(opener: Opener): () => void {
    this.opener = opener;
    if (this.isWanted) opener(this.wanted);
    this.isWanted = false;
    return () => {
      if (this.opener === opener) this.opener = null;
    };
  }

  /** Put the cursor into the form, with a row's values to record again; false while there is no form. */
  open(row: Expense | null = null): boolean {
    if (this.opener) {
      this.opener(row);
      return true;
    }
    this.wanted = row;
    this.isWanted = true;
    return false;
  }
}

export const adding = new Adding();
