/** Rows that stand in an order of their own: by position, and by name where positions are equal. */
export interface Placed {
  id: string;
  position: number;
}

/** The next free places lie this far apart, so that most moves change one row only. */
const STEP = 16;
/** The largest position that the service takes. */
const MOST = 1_000_000;

/**
 * The positions to set so that `rows`, which are in their order, stand in it with the one at `from`
 * moved to `to`: as few as the numbers between its neighbours allow.
 */
export function moved(rows: readonly Placed[], from: number, to: number): Placed[] {
  const row = rows[from];
  if (!row || from === to || to < 0 || to >= rows.length) return [];
  const rest = rows.filter((one) => one !== row);
  const order = [...rest.slice(0, to), row, ...rest.slice(to)];
  const between = gap(order[to - 1]?.position ?? null, order[to + 1]?.position ?? null);
  if (between !== null) return [{ id: row.id, position: between }];
  return changedOnly(rows, exchanged(rows, order) ?? spread(order));
}

/** A position for a row that comes after all others. */
export function last(rows: readonly Placed[]): number {
  return Math.min(MOST, Math.max(0, ...rows.map((row) => row.position + STEP)));
}

function gap(before: number | null, after: number | null): number | null {
  if (before === null) return after !== null && after > 0 ? Math.floor(after / 2) : null;
  if (after === null) return before + STEP <= MOST ? before + STEP : null;
  return after - before > 1 ? before + Math.floor((after - before) / 2) : null;
}

/** The same positions dealt out anew, where no two of them are equal. */
function exchanged(rows: readonly Placed[], order: readonly Placed[]): Placed[] | null {
  const free = rows.map((row) => row.position);
  const isStrict = free.every(
    (position, index) => index === 0 || position > (free[index - 1] ?? 0),
  );
  return isStrict ? order.map((row, index) => ({ id: row.id, position: free[index] ?? 0 })) : null;
}

function spread(order: readonly Placed[]): Placed[] {
  return order.map((row, index) => ({ id: row.id, position: (index + 1) * STEP }));
}

function changedOnly(rows: readonly Placed[], wanted: readonly Placed[]): Placed[] {
  const known = new Map(rows.map((row) => [row.id, row.position]));
  return wanted.filter((row) => known.get(row.id) !== row.position);
}
