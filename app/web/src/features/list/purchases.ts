import type { Shown } from '../../state/overlay';

/** The rows of a day in their order, parts of one purchase together in place of the first of them. */
export function purchases(rows: readonly Shown[]): [Shown, ...Shown[]][] {
  const found = new Map<string, [Shown, ...Shown[]]>();
  for (const row of rows) {
    const key = row.purchase_id ?? row.id;
    const known = found.get(key);
    if (known) known.push(row);
    else found.set(key, [row]);
  }
  return [...found.values()];
}
