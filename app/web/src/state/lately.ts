import { api, askWhole } from '../api/client';

/** Clocks of the service and of its database may differ by so much. */
const DOUBT_MS = 3000;

/** Whether a ledger was changed within so many milliseconds, by the service's clock. */
export async function changedLately(ledger: string | null, withinMs: number): Promise<boolean> {
  if (ledger === null) return false;
  try {
    const params = { path: { ledger }, query: { limit: 1 } };
    const asked = api.GET('/api/v1/ledgers/{ledger}/changes', { params });
    const { data, response } = await askWhole(asked);
    const newest = data.items[0];
    const now = Date.parse(response.headers.get('Date') ?? '');
    return newest !== undefined && !(now - Date.parse(newest.at) > withinMs + DOUBT_MS);
  } catch {
    // Load once too often rather than once too seldom.
    return true;
  }
}
