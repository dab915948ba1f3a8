/** Which expense a row of the page shows, for those who start from the element with the focus. */
import type { Shown } from '../../state/overlay';

const rows = new WeakMap<Element, () => Shown>();

/** Attached to a row's element. */
export function shows(row: () => Shown): (node: Element) => void {
  return (node) => {
    rows.set(node, row);
  };
}

/** The expense of the row that the element is in. */
export function rowAt(element: Element | null): Shown | null {
  const row = element?.closest('.row');
  return (row && rows.get(row)?.()) ?? null;
}
