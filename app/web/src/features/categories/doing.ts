/** What can be done with categories; each says what was done, and offers to undo it. */
import { api, ask, Problem } from '../../api/client';
import type { components } from '../../api/schema';
import type { Category } from '../../api/types';
import { tellUndoable, undoable } from '../../api/undo';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { said } from '../../lib/said';
import { reference } from '../../state/reference.svelte';
import { toasts } from '../../state/toasts.svelte';
import { differences, type Reading, settled } from '../manage/clash.svelte';
import { moved } from '../manage/order';
import { siblings } from './tree';

export type CategoryPatch = components['schemas']['CategoryPatch'];
export type CategoryInput = components['schemas']['CategoryInput'];
export type MergePreview = components['schemas']['MergePreview'];

const READING: Reading<Category> = {
  name: { label: () => t('field.name'), show: (row) => row.name },
  parent_id: {
    label: () => t('categories.parent'),
    show: (row) => reference.categoryName(row.parent_id) || t('categories.topLevel'),
  },
  hue: { label: () => t('categories.hue'), show: (row) => t(`hue.${row.hue as 0}`) },
  icon: { label: () => t('categories.icon'), show: (row) => row.icon || '–' },
  archived: {
    label: () => t('manage.archived'),
    show: (row) => (row.archived ? t('manage.yes') : t('manage.no')),
  },
};

function path(id: string) {
  return { ledger: reference.ledger ?? '', id };
}

export async function addCategory(input: CategoryInput): Promise<string> {
  const { id: request, headers } = undoable();
  const [ledger, id] = [reference.ledger ?? '', uuid7()];
  const params = { path: { ledger, id }, header: { 'If-None-Match': '*' } };
  await ask(api.PUT('/api/v1/ledgers/{ledger}/categories/{id}', { params, body: input, headers }));
  await reference.load('categories');
  tellUndoable(t('manage.added', { name: input.name }), ledger, request);
  return id;
}

/** False when the other version stays. */
export async function changeCategory(
  row: Category,
  patch: CategoryPatch,
  said: string,
): Promise<boolean> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const answer = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: path(row.id), header: { 'If-Match': etag } };
      return ask(
        api.PATCH('/api/v1/ledgers/{ledger}/categories/{id}', { params, body: patch, headers }),
      );
    },
    differences: (theirs: Category) => differences(patch as Partial<Category>, theirs, READING),
  });
  await reference.load('categories');
  if (answer) tellUndoable(said, ledger, request);
  return answer !== null;
}

/** Moves it by so many places among its siblings. */
export async function reorderCategory(row: Category, steps: number): Promise<void> {
  const beside = siblings(reference.categories, row);
  const at = beside.findIndex((one) => one.id === row.id);
  const places = moved(beside, at, at + steps);
  const before = places.map(({ id }) => ({
    id,
    position: reference.categoryById.get(id)?.position ?? 0,
  }));
  if (places.length === 0) return;
  await place(places);
  const run = () =>
    void place(before)
      .then(() => toasts.show(t('undo.done')))
      .catch((error: unknown) => toasts.fail(said(error)));
  const text = t('manage.placed', {
    name: row.name,
    place: at + steps + 1,
    total: beside.length,
  });
  toasts.show(text, { action: { label: t('undo'), run } });
}

/** Places are set on top of whatever else changed: nobody's other change is lost by it. */
async function place(places: readonly { id: string; position: number }[]): Promise<void> {
  for (const { id, position } of places) {
    const params = { path: path(id), header: { 'If-Match': '*' } };
    const body = { position };
    await ask(api.PATCH('/api/v1/ledgers/{ledger}/categories/{id}', { params, body }));
  }
  await reference.load('categories');
}

/** Its rows stay, without a category; its sub-categories move up. */
export async function removeCategory(row: Category): Promise<boolean> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: path(row.id), header: { 'If-Match': etag } };
      return ask(api.DELETE('/api/v1/ledgers/{ledger}/categories/{id}', { params, headers }));
    },
    differences: (theirs: Category) => [
      { label: t('nav.categories'), mine: t('manage.deleted'), theirs: theirs.name },
    ],
  });
  await reference.load('categories');
  if (done) tellUndoable(t('manage.removed', { name: row.name }), ledger, request);
  return done !== null;
}

export function previewMerge(row: Category, into: string): Promise<MergePreview> {
  const params = { path: path(row.id), query: { into } };
  return ask(api.GET('/api/v1/ledgers/{ledger}/categories/{id}/merge', { params }));
}

export async function mergeCategory(row: Category, into: Category): Promise<void> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const params = { path: path(row.id) };
  const body = { into: into.id };
  await ask(api.POST('/api/v1/ledgers/{ledger}/categories/{id}/merge', { params, body, headers }));
  await reference.load('categories');
  tellUndoable(t('manage.merged', { name: row.name, into: into.name }), ledger, request);
}

/** Whether the service said that the name is used beside it already. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Problem && error.status === 409 && error.of('/name') !== undefined;
}
