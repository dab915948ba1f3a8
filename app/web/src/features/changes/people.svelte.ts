/** Names of the ledger's members, for histories. */
import { api, ask } from '../../api/client';

class People {
  names = $state.raw<ReadonlyMap<string, string>>(new Map());
  private ledger = '';

  /** Members of the ledger; those that were known stay without a network. */
  async load(ledger: string): Promise<void> {
    if (this.ledger !== ledger) this.names = new Map();
    this.ledger = ledger;
    const params = { path: { ledger } };
    const { items } = await ask(api.GET('/api/v1/ledgers/{ledger}/members', { params }));
    if (this.ledger === ledger) {
      this.names = new Map(items.map((member) => [member.user_id, member.name]));
    }
  }
}

export const people = new People();
