/** Which fields of a row differ between two versions; names and formats are left to the reader. */
import type { ChangeSetRows } from '../../api/types';
import { type Piece, textPieces } from './text';

export type RowChange = ChangeSetRows['rows'][number];
export type Entity = RowChange['entity'];
export type Op = RowChange['op'];
export type Image = Record<string, unknown>;

/** By entity: fields in reading order, each with the columns it is made of. */
const FIELDS = {
  expense: {
    amount: ['amount', 'currency'],
    to_amount: ['to_amount', 'to_currency'],
    kind: ['kind'],
    date: ['date'],
    description: ['description'],
    category_id: ['category_id'],
    account_id: ['account_id'],
    to_account_id: ['to_account_id'],
    tag_ids: ['tag_ids'],
    note: ['note'],
    refund_of: ['refund_of'],
    purchase_id: ['purchase_id'],
    reference: ['reference'],
  },
  category: {
    name: ['name'],
    parent_id: ['parent_id'],
    kind: ['kind'],
    hue: ['hue'],
    icon: ['icon'],
    position: ['position'],
    archived: ['archived'],
  },
  account: {
    name: ['name'],
    account_kind: ['kind'],
    currency: ['currency'],
    opening_balance: ['opening_balance', 'currency'],
    position: ['position'],
    archived: ['archived'],
  },
  tag: { name: ['name'] },
  ledger: {
    name: ['name'],
    currency: ['currency'],
    time_zone: ['time_zone'],
    first_day_of_month: ['first_day_of_month'],
    first_day_of_week: ['first_day_of_week'],
  },
  member: { role: ['role'] },
} as const satisfies Record<Entity, Record<string, readonly string[]>>;

type FieldsOf<E> = E extends Entity ? keyof (typeof FIELDS)[E] : never;
export type Field = FieldsOf<Entity>;

/** Texts that people write at length: shown word by word. */
const TEXTS: readonly Field[] = ['description', 'note', 'name', 'reference'];
/** Said by a version that begins or ends only where they are not as usual. */
const USUAL: Partial<Record<Field, unknown>> = { position: 0, hue: 0, archived: false };

/** How a value reads; empty for none. */
export type Reader = (field: Field, image: Image) => string;
export type Tags = (ids: readonly string[]) => string[];

export type Difference =
  | { type: 'value'; field: Field; before: string; after: string }
  | { type: 'text'; field: Field; pieces: Piece[] }
  | { type: 'set'; field: Field; removed: string[]; added: string[] };

/** The fields that differ; where there was no row before, or is none after, those that say something. */
export function changedFields(entity: Entity, before: Image | null, after: Image | null): Field[] {
  const fields = Object.entries(FIELDS[entity]) as [Field, readonly string[]][];
  return fields
    .filter(([field, columns]) => {
      if (before && after) return !columns.every((name) => isSame(before[name], after[name]));
      const own = (before ?? after)?.[columns[0] ?? ''];
      return !isEmpty(own) && own !== USUAL[field];
    })
    .map(([field]) => field);
}

/** The differences, ready to be shown. */
export function differences(
  entity: Entity,
  before: Image | null,
  after: Image | null,
  read: Reader,
  tags: Tags,
): Difference[] {
  return changedFields(entity, before, after).map((field) => {
    if (field === 'tag_ids') return tagDifference(before, after, tags);
    const was = before ? read(field, before) : '';
    const is = after ? read(field, after) : '';
    if (before && after && was && is && TEXTS.includes(field)) {
      return textDifference(field, was, is);
    }
    return { type: 'value', field, before: was, after: is };
  });
}

/** Word by word where something stayed; else the one and the other. */
function textDifference(field: Field, before: string, after: string): Difference {
  const pieces = textPieces(before, after);
  const stayed = pieces.some((piece) => piece.op === 'same' && /[\p{L}\p{N}]/u.test(piece.text));
  return stayed ? { type: 'text', field, pieces } : { type: 'value', field, before, after };
}

function tagDifference(before: Image | null, after: Image | null, tags: Tags): Difference {
  const [was, is] = [idsOf(before), idsOf(after)];
  return {
    type: 'set',
    field: 'tag_ids',
    removed: tags(was.filter((id) => !is.includes(id))),
    added: tags(is.filter((id) => !was.includes(id))),
  };
}

export function idsOf(image: Image | null): string[] {
  return (image?.['tag_ids'] as string[] | undefined) ?? [];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || isSame(value, []);
}

/** Tags are a set: their order says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
  }
  return (one ?? null) === (other ?? null);
}
