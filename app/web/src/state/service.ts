/** The service as the outbox's sender asks it. */
import { api, ask, Problem } from '../api/client';
import type { Expense } from '../api/types';
import type { Entry } from './local';
import type { Service } from './sender';

const ONE = '/api/v1/ledgers/{ledger}/expenses/{id}';
const CHANGES = '/api/v1/ledgers/{ledger}/changes';
/** Who is not answered by then tries again. */
const PATIENCE_MS = 30_000;

export const service: Service = {
  async send(entry) {
    const row = await request(entry);
    // Whatever stands between may answer in the service's place.
    if (row?.id !== entry.expense) throw new TypeError(`no answer about ${entry.expense}`);
    return row;
  },

  async read(entry) {
    const params = { path: { ledger: entry.ledger, id: entry.expense } };
    try {
      return (await ask(api.GET(ONE, { params, ...patiently() }))) ?? null;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
      // The row is gone; or the whole ledger, which is another sentence.
      await ask(api.GET('/api/v1/ledgers/{ledger}', { params, ...patiently() }));
      return null;
    }
  },

  async landed(entry) {
    const path = { ledger: entry.ledger };
    const query = { request_id: entry.key, limit: 1 };
    const { items } = await ask(api.GET(CHANGES, { params: { path, query }, ...patiently() }));
    const seq = items[0]?.seq;
    if (seq === undefined) return null;
    const params = { path: { ...path, seq } };
    const { rows } = await ask(api.GET(`${CHANGES}/{seq}`, { params, ...patiently() }));
    return (rows.find((row) => row.id === entry.expense)?.after ?? null) as Expense | null;
  },
};

function request(entry: Entry): Promise<Expense | undefined> {
  const path = { ledger: entry.ledger, id: entry.expense };
  const match = { 'If-Match': entry.base?.etag ?? '' };
  // A page that is closed meanwhile does not take the request back.
  const how = { ...patiently(), keepalive: true, headers: headersOf(entry) };
  switch (entry.op) {
    case 'create':
      return ask(
        api.PUT(ONE, {
          params: { path, header: { 'If-None-Match': '*' } },
          body: { ...entry.input, source: 'web' },
          ...how,
        }),
      );
    case 'change':
      return ask(api.PATCH(ONE, { params: { path, header: match }, body: entry.patch, ...how }));
    case 'trash':
      return ask(api.DELETE(ONE, { params: { path, header: match }, ...how }));
    case 'restore':
      return ask(api.POST(`${ONE}/restore`, { params: { path }, ...how }));
  }
}

/** Which entry it is, and whose: the service takes it from nobody else's session. */
function headersOf(entry: Entry): Record<string, string> {
  return { 'X-Request-Id': entry.key, 'Outlay-User': entry.user };
}

function patiently(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(PATIENCE_MS) };
}
