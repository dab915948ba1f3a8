/** What can be done with tags; each says what was done, and offers to undo it. */
import { api, ask } from '../../api/client';
import type { Tag } from '../../api/types';
import { tellUndoable, undoable } from '../../api/undo';
import { t } from '../../lib/i18n.svelte';
import { uuid7 } from '../../lib/ids';
import { reference } from '../../state/reference.svelte';
import { differences, settled } from '../manage/clash.svelte';

const READING = { name: { label: () => t('field.name'), show: (row: Tag) => row.name } };

function path(id: string) {
  return { ledger: reference.ledger ?? '', id };
}

export async function addTag(name: string): Promise<void> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const params = { path: { ledger, id: uuid7() }, header: { 'If-None-Match': '*' } };
  await ask(api.PUT('/api/v1/ledgers/{ledger}/tags/{id}', { params, body: { name }, headers }));
  await reference.load('tags');
  tellUndoable(t('manage.added', { name }), ledger, request);
}

export async function renameTag(row: Tag, name: string): Promise<void> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const answer = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: path(row.id), header: { 'If-Match': etag } };
      return ask(
        api.PATCH('/api/v1/ledgers/{ledger}/tags/{id}', { params, body: { name }, headers }),
      );
    },
    differences: (theirs: Tag) => differences({ name }, theirs, READING),
  });
  await reference.load('tags');
  if (answer) tellUndoable(t('tags.renamed', { name: row.name, to: name }), ledger, request);
}

/** It leaves every row that carries it; undo brings it back to them. */
export async function removeTag(row: Tag): Promise<boolean> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const done = await settled({
    name: row.name,
    etag: row.etag,
    send: (etag) => {
      const params = { path: path(row.id), header: { 'If-Match': etag } };
      return ask(api.DELETE('/api/v1/ledgers/{ledger}/tags/{id}', { params, headers }));
    },
    differences: (theirs: Tag) => [
      { label: t('field.name'), mine: t('manage.deleted'), theirs: theirs.name },
    ],
  });
  await reference.load('tags');
  if (done) tellUndoable(t('manage.removed', { name: row.name }), ledger, request);
  return done !== null;
}

export async function mergeTag(row: Tag, into: Tag): Promise<void> {
  const { id: request, headers } = undoable();
  const ledger = reference.ledger ?? '';
  const params = { path: path(row.id) };
  const body = { into: into.id };
  await ask(api.POST('/api/v1/ledgers/{ledger}/tags/{id}/merge', { params, body, headers }));
  await reference.load('tags');
  tellUndoable(t('manage.merged', { name: row.name, into: into.name }), ledger, request);
}
