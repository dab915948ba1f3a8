/** What the service is asked about imports. */
import { api, ask } from '../../api/client';
import type { components } from '../../api/schema';
import { uuid7 } from '../../lib/ids';
import type {
  Committed, Detail, Import, ImportPatch, Layout, LayoutChange, Profile, Reverted, Row, RowsPatch,
  Verdict,
} from './types'; // prettier-ignore

const ONE = '/api/v1/ledgers/{ledger}/imports/{id}';
const PROFILE = '/api/v1/ledgers/{ledger}/import-profiles/{id}';

export interface Place {
  ledger: string;
  id: string;
}

export function list(
  ledger: string,
  before?: string,
): Promise<{ items: Import[]; next: string | null }> {
  const query = before ? { before } : {};
  return ask(api.GET('/api/v1/ledgers/{ledger}/imports', { params: { path: { ledger }, query } }));
}

export function get(path: Place, signal?: AbortSignal): Promise<Detail> {
  return ask(api.GET(ONE, { params: { path }, signal: signal ?? null }));
}

export function rows(
  path: Place,
  query: { verdict?: Verdict; after: number; limit: number },
  signal: AbortSignal,
): Promise<{ items: Row[]; next: number | null }> {
  return ask(api.GET(`${ONE}/rows`, { params: { path, query }, signal }));
}

export function relayout(path: Place, etag: string, body: LayoutChange): Promise<Detail> {
  return ask(api.PUT(`${ONE}/layout`, { params: { path, header: { 'If-Match': etag } }, body }));
}

export function change(path: Place, etag: string, body: ImportPatch): Promise<Detail> {
  return ask(api.PATCH(ONE, { params: { path, header: { 'If-Match': etag } }, body }));
}

/** Choices for rows add up, whoever makes them: they need not know the newest version. */
export function choose(path: Place, body: RowsPatch): Promise<Detail> {
  return ask(api.PATCH(`${ONE}/rows`, { params: { path }, body }));
}

export function commit(
  path: Place,
  etag: string,
  key: string,
  create: boolean,
): Promise<Committed> {
  const header = { 'If-Match': etag, 'Idempotency-Key': key };
  const body = { create_categories: create };
  return ask(api.POST(`${ONE}/commit`, { params: { path, header }, body }));
}

export function discard(path: Place): Promise<unknown> {
  return ask(api.DELETE(ONE, { params: { path } }));
}

export function revert(path: Place, force: boolean): Promise<Reverted> {
  const header = { 'Idempotency-Key': uuid7() };
  return ask(api.POST(`${ONE}/revert`, { params: { path, header }, body: { force } }));
}

export function undo(ledger: string, seq: number): Promise<components['schemas']['Undone']> {
  const params = { path: { ledger, seq }, header: { 'Idempotency-Key': uuid7() } };
  return ask(api.POST('/api/v1/ledgers/{ledger}/changes/{seq}/undo', { params, body: null }));
}

export async function profiles(ledger: string): Promise<Profile[]> {
  const params = { path: { ledger } };
  const { items } = await ask(api.GET('/api/v1/ledgers/{ledger}/import-profiles', { params }));
  return items;
}

/** Saves the layout and the defaults of an import under a new name. */
export function saveProfile(path: Place, name: string): Promise<Profile> {
  return ask(api.POST(`${ONE}/profile`, { params: { path }, body: { name } }));
}

/** Gives a profile the layout and the defaults of an import. */
export function replaceProfile(ledger: string, old: Profile, by: Detail): Promise<Profile> {
  const { name } = old;
  const { account_id, category_id } = by;
  const body = { name, layout: by.layout as Layout, account_id, category_id };
  const params = { path: { ledger, id: old.id }, header: { 'If-Match': old.etag } };
  return ask(api.PUT(PROFILE, { params, body }));
}

export function removeProfile(ledger: string, { id, etag }: Profile): Promise<unknown> {
  return ask(
    api.DELETE(PROFILE, { params: { path: { ledger, id }, header: { 'If-Match': etag } } }),
  );
}

/** Makes a profile again that was removed. */
export function restoreProfile(ledger: string, old: Profile): Promise<Profile> {
  const { id, name, layout, account_id, category_id } = old;
  const params = { path: { ledger, id }, header: { 'If-None-Match': '*' } };
  return ask(api.PUT(PROFILE, { params, body: { name, layout, account_id, category_id } }));
}
