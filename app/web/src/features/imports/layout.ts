/** Which column is what: a layout names a column for each field, a person a field for each column. */
import type { Layout, LayoutChange } from './types';

const SEVERAL = ['description', 'note'] as const;
type Several = (typeof SEVERAL)[number];

/** What a column can be, the commonest first. */
export const FIELDS = [
  'date', 'amount', 'debit', 'credit', 'payee', 'description', 'note', 'category', 'account',
  'tags', 'reference', 'currency_column', 'payer', 'fallback', 'sign', 'fee', 'balance', 'status',
] as const; // prettier-ignore
export type Field = (typeof FIELDS)[number];

function isSeveral(field: Field): field is Several {
  return (SEVERAL as readonly Field[]).includes(field);
}

/** The fields that are read from a column; most columns have one or none. */
export function fieldsOf(layout: Layout, column: number): Field[] {
  return FIELDS.filter((field) =>
    isSeveral(field) ? layout[field].includes(column) : layout[field] === column,
  );
}

/**
 * The change that makes `column` this field and nothing else, or nothing at all. Amounts are in one
 * column or in two: choosing the one way gives up the other.
 */
export function made(layout: Layout, column: number, field: Field | null): LayoutChange {
  const change: LayoutChange = {};
  for (const old of fieldsOf(layout, column)) {
    if (old === field) continue;
    if (isSeveral(old)) change[old] = layout[old].filter((one) => one !== column);
    else change[old] = null;
  }
  if (field === null) return change;
  if (!isSeveral(field)) {
    if (layout[field] !== column) change[field] = column;
  } else if (!layout[field].includes(column)) {
    change[field] = [...layout[field], column].sort((one, other) => one - other);
  }
  if (field === 'amount') {
    if (layout.debit !== null) change.debit = null;
    if (layout.credit !== null) change.credit = null;
  } else if ((field === 'debit' || field === 'credit') && layout.amount !== null) {
    change.amount = null;
  }
  return change;
}

/** A layout with a change that is not sent yet. */
export function changed(layout: Layout, change: LayoutChange): Layout {
  return { ...layout, ...change } as Layout;
}

/** The name of a column; empty where the file gives it none. */
export function columnName(layout: Layout, column: number): string {
  return layout.header[column] ?? '';
}

/** The first cells of a column that say something. */
export function examples(rows: readonly (readonly string[])[], column: number, most = 3): string[] {
  const cells = rows.map((row) => (row[column] ?? '').trim()).filter(Boolean);
  return [...new Set(cells)].slice(0, most);
}

/** The header that a first row gives: as wide as the layout, every name its own. */
export function headerFrom(cells: readonly string[], width: number): string[] {
  const names: string[] = [];
  const counts = new Map<string, number>();
  for (let at = 0; at < width; at += 1) {
    const name = (cells[at] ?? '').replace(/\s+/g, ' ').trim();
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    names.push(name && count > 1 ? `${name} (${count})` : name);
  }
  return names;
}

/** Ways to write a number: the decimal mark, then what groups thousands. */
export const NUMBERS: Readonly<Record<string, string>> = {
  ',.': '1.234,56',
  ', ': '1 234,56',
  ",'": '1’234,56',
  ',': '1234,56',
  '.,': '1,234.56',
  '. ': '1 234.56',
  ".'": '1’234.56',
  '.': '1234.56',
};

export function numberWay(layout: Layout): string {
  return layout.decimal + layout.thousands;
}

export function numberChange(way: string): LayoutChange {
  return {
    decimal: way[0] as Layout['decimal'],
    thousands: way.slice(1) as Layout['thousands'],
  };
}
