/** Which file a change set brought in or took back. */
import { api, ask } from '../../api/client';

class ImportNames {
  /** By the number of the change set. */
  names = $state.raw<ReadonlyMap<number, string>>(new Map());

  async load(ledger: string): Promise<void> {
    const params = { path: { ledger } };
    const { items } = await ask(api.GET('/api/v1/ledgers/{ledger}/imports', { params }));
    this.names = new Map(
      items.flatMap(({ name, seq, revert_seq }) =>
        [seq, revert_seq].flatMap((one) => (one === null ? [] : [[one, name] as const])),
      ),
    );
  }
}

export const imports = new ImportNames();
