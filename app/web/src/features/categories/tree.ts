/** Categories as a tree of two levels, and what may become of each. */
import type { Category } from '../../api/types';

export interface Branch {
  category: Category;
  children: Category[];
  /** Rows of the category and of all below it: what a list filtered by it shows. */
  entries: number;
}

export type CategoryKind = Category['kind'];

/** The tree of one kind, in the order of the list; archived ones apart from the rest. */
export function branches(
  all: readonly Category[],
  kind: CategoryKind,
  isArchived = false,
): Branch[] {
  const own = all.filter((one) => one.kind === kind);
  const live = new Set(own.filter((one) => !one.archived).map((one) => one.id));
  if (isArchived) return own.filter((one) => one.archived).map((one) => branch(one, []));
  // Under an archived parent what is not archived is still shown, and stands by itself.
  return own
    .filter((one) => !one.archived && (one.parent_id === null || !live.has(one.parent_id)))
    .map((top) =>
      branch(
        top,
        own.filter((one) => one.parent_id === top.id && !one.archived),
        own,
      ),
    );
}

function branch(category: Category, children: Category[], all: readonly Category[] = []): Branch {
  const below = all.filter((one) => one.parent_id === category.id);
  const entries = below.reduce((sum, one) => sum + one.entries, category.entries);
  return { category, children, entries };
}

export function childrenOf(all: readonly Category[], id: string): Category[] {
  return all.filter((one) => one.parent_id === id);
}

/** The ones that this one is ordered among. */
export function siblings(all: readonly Category[], category: Category): Category[] {
  return all.filter(
    (one) =>
      one.kind === category.kind &&
      one.parent_id === category.parent_id &&
      one.archived === category.archived,
  );
}

/** Where it may be put: no deeper than two levels, and never under itself. */
export function parentsFor(
  all: readonly Category[],
  kind: CategoryKind,
  id: string | null,
): Category[] {
  if (id !== null && childrenOf(all, id).length > 0) return [];
  return all.filter(
    (one) => one.kind === kind && one.parent_id === null && !one.archived && one.id !== id,
  );
}

/** What it may be merged into. */
export function targetsFor(all: readonly Category[], category: Category): Category[] {
  const isParent = childrenOf(all, category.id).length > 0;
  return all.filter(
    (one) =>
      one.kind === category.kind &&
      one.id !== category.id &&
      !one.archived &&
      !(isParent && one.parent_id !== null),
  );
}

/** Whether a name is used beside it already; names differ by more than case. */
export function isTaken(
  all: readonly Category[],
  name: string,
  place: { kind: CategoryKind; parent_id: string | null; id: string | null },
): boolean {
  const wanted = name.trim().toLowerCase();
  return all.some(
    (one) =>
      !one.archived &&
      one.id !== place.id &&
      one.kind === place.kind &&
      one.parent_id === place.parent_id &&
      one.name.toLowerCase() === wanted,
  );
}
