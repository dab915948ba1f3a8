/** A row that was changed elsewhere while it was being changed here: both versions, and a choice. */
import { Problem } from '../../api/fault';

/** A field in which the two versions differ, as it is read. */
export interface Difference {
  label: string;
  mine: string;
  theirs: string;
}

/** The fields that are shown of a row, each with how its value reads. */
export type Reading<T> = {
  [Field in keyof T]?: { label: () => string; show: (row: T) => string };
};

interface Clash {
  name: string;
  differences: Difference[];
  choose: (mine: boolean) => void;
}

class Clashes {
  /** The one that waits for an answer. */
  shown = $state.raw<Clash | null>(null);

  /** Asks which version counts; true for one's own. */
  ask(name: string, differences: Difference[]): Promise<boolean> {
    this.shown?.choose(false);
    return new Promise((resolve) => {
      const choose = (mine: boolean) => {
        this.shown = null;
        resolve(mine);
      };
      this.shown = { name, differences, choose };
    });
  }
}

export const clashes = new Clashes();

interface Sending<Row, Answer> {
  name: string;
  /** The version that the change is based on. */
  etag: string;
  send: (etag: string) => Promise<Answer>;
  differences: (theirs: Row) => Difference[];
}

/** What `send` answers. Asks where the row changed meanwhile; null when the other version stays. */
export async function settled<Row extends { etag: string }, Answer>(
  sending: Sending<Row, Answer>,
): Promise<Answer | null> {
  let { etag } = sending;
  for (;;) {
    try {
      return await sending.send(etag);
    } catch (error) {
      const theirs = currentOf<Row>(error);
      if (theirs === null) throw error;
      const found = sending.differences(theirs);
      if (found.length > 0 && !(await clashes.ask(sending.name, found))) return null;
      etag = theirs.etag;
    }
  }
}

function currentOf<Row>(error: unknown): Row | null {
  if (!(error instanceof Problem) || error.status !== 412) return null;
  return (error.body.current as Row | undefined) ?? null;
}

/** What would differ between the row with one's own change on top and the row as it is now. */
export function differences<T extends object>(
  patch: Partial<T>,
  theirs: T,
  reading: Reading<T>,
): Difference[] {
  const mine = { ...theirs, ...patch };
  return Object.values(reading as Record<string, NonNullable<Reading<T>[keyof T]>>)
    .map(({ label, show }) => ({ label: label(), mine: show(mine), theirs: show(theirs) }))
    .filter((one) => one.mine !== one.theirs);
}
