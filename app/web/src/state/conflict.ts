/** Two versions of one row side by side, and what follows from the person's choice. */
import type { Expense, ExpenseInput, ExpensePatch } from '../api/types';
import { isSame, UNPLACED } from './entries';
import type { Doing, Entry } from './local';

/** Fields that only make sense together are chosen together. */
const GROUPS: readonly (readonly (keyof ExpensePatch & keyof Expense)[])[] = [
  ['amount', 'currency'],
  ['description'],
  ['date'],
  ['kind', 'to_account_id', 'to_amount', 'to_currency'],
  ['category_id'],
  ['account_id'],
  ['tag_ids'],
  ['note'],
  ['purchase_id'],
  ['refund_of'],
  ['reference'],
];

export type Field = keyof ExpensePatch & keyof Expense;

/** A group of fields in which the two versions differ, named by its first field. */
export interface Difference {
  field: Field;
  fields: readonly Field[];
  /** Who changed it since the version that both began with. */
  by: 'me' | 'them' | 'both';
}

/** The whole of one version, or by field: those named are mine, the others theirs. */
export type Decision = 'mine' | 'theirs' | readonly Field[];

/** What this browser wants of a row, all its waiting entries together. */
export interface Wish {
  /** The row as it would be: the version it began with, and the changes. */
  row: Expense | null;
  patch: ExpensePatch;
  end: 'trash' | 'restore' | null;
}

/** What the entries of one expense want together, from the one in conflict on. */
export function wish(own: readonly Entry[], n: number): Wish {
  const all = own.filter((entry) => entry.n >= n);
  const first = all[0];
  let patch: ExpensePatch = {};
  let end: Wish['end'] = null;
  for (const entry of all) {
    if (entry.op === 'create') patch = { ...patch, ...given(entry.input) };
    else if (entry.op === 'change') patch = { ...patch, ...entry.patch };
    else end = entry.op;
  }
  const base = first?.base ?? null;
  const row = base || first?.op === 'create' ? ({ ...base, ...patch } as Expense) : null;
  return { row, patch, end };
}

function given(input: ExpenseInput): ExpensePatch {
  const { source: _, ...rest } = input;
  return rest as ExpensePatch;
}

/** Where the two versions differ, in the order of the form. */
export function differences(base: Expense | null, mine: Expense, theirs: Expense): Difference[] {
  const found: Difference[] = [];
  for (const fields of GROUPS) {
    const differ = (one: Expense | null, other: Expense) =>
      fields.some((field) => !isSame(one?.[field], other[field]));
    const [field] = fields;
    if (!field || !differ(mine, theirs)) continue;
    const byMe = differ(base, mine);
    found.push({ field, fields, by: byMe && differ(base, theirs) ? 'both' : byMe ? 'me' : 'them' });
  }
  return found;
}

/** The entries of an expense after the person decided about the conflict of `n`. */
export function resolved(
  own: readonly Entry[],
  n: number,
  decision: Decision,
  newId: () => string,
): Entry[] {
  const before = own.filter((entry) => entry.n < n);
  const first = own.find((entry) => entry.n === n);
  if (!first) return [...own];
  if (decision === 'theirs') return before;
  const wanted = wish(own, n);
  // Another's row under our id is not ours to change.
  const isOurs = first.op !== 'create' && first.current;
  const made = isOurs ? onTop(isOurs, wanted, decision) : again(wanted);
  return [...before, ...made.map((doing, at) => entryOf(first, doing, at, newId))];
}

/** What makes the row as it is now into what was decided. */
function onTop(current: Expense, wanted: Wish, decision: Decision): Doing[] {
  const patch = chosen(current, wanted, decision);
  const isChanged = Object.keys(patch).length > 0;
  const isTrashed = current.deleted_at !== null;
  const ends = wanted.end === 'trash';
  const made: Doing[] = [];
  if (isTrashed && (isChanged || wanted.end === 'restore')) made.push({ op: 'restore' });
  if (isChanged) made.push({ op: 'change', patch });
  if (ends && (isChanged || !isTrashed)) made.push({ op: 'trash' });
  return made;
}

/** My values that were chosen and are not there already; what goes to the trash keeps the rest. */
function chosen(current: Expense, wanted: Wish, decision: Decision): ExpensePatch {
  const mine = wanted.row ?? current;
  const fields = differences(null, mine, current)
    .filter((each) => decision === 'mine' || decision.includes(each.field))
    .flatMap((each) => each.fields)
    .filter((field) => !isSame(mine[field], current[field]))
    .filter((field) => wanted.end !== 'trash' || field in wanted.patch);
  return Object.fromEntries(fields.map((field) => [field, mine[field]])) as ExpensePatch;
}

/** The row is gone for good, or its id is another's: it is recorded as a new one. */
function again(wanted: Wish): Doing[] {
  if (!wanted.row || wanted.end === 'trash') return [];
  return [{ op: 'create', input: inputOf(wanted.row) }];
}

/** A row as somebody would record it. */
export function inputOf(row: Expense): ExpenseInput {
  return Object.fromEntries(
    GROUPS.flat()
      .filter((field) => row[field] !== undefined)
      .map((field) => [field, row[field]]),
  ) as unknown as ExpenseInput;
}

function entryOf(first: Entry, doing: Doing, at: number, newId: () => string): Entry {
  return {
    ...doing,
    n: at === 0 ? first.n : UNPLACED,
    key: newId(),
    user: first.user,
    ledger: first.ledger,
    expense: doing.op === 'create' ? newId() : first.expense,
    base: doing.op === 'create' ? null : (first.current ?? null),
    epoch: first.epoch,
    at: first.at,
    tries: 0,
    state: 'waiting',
  };
}
