/** What is being typed in the add form, and what it says as an expense. */
import type { Currency, ExpenseInput, Kind } from '../../api/types';
import { type AmountFault, readAmount } from '../../lib/money';
import { reference } from '../../state/reference.svelte';

export interface Remembered {
  kind: Kind;
  date: string;
  category: string | null;
  account: string | null;
}

export class Draft {
  amount = $state('');
  description = $state('');
  date = $state('');
  category = $state<string | null>(null);
  kind = $state<Kind>('expense');
  account = $state<string | null>(null);
  toAccount = $state<string | null>(null);
  tags = $state<string[]>([]);
  note = $state('');
  /** Null: the account's, or the ledger's. */
  currency = $state<Currency | null>(null);
  /** The category came from the description's history and gives way to a better guess. */
  isGuess = $state(false);

  constructor(
    private readonly own: () => Currency,
    today: string,
  ) {
    this.date = today;
  }

  readonly shownCurrency: Currency = $derived.by(() => {
    const account = this.account ? reference.accountById.get(this.account) : undefined;
    return this.currency ?? account?.currency ?? this.own();
  });

  /** What keeps the amount from being one; null when it is. */
  amountFault(): AmountFault | null {
    const read = readAmount(this.amount, this.shownCurrency);
    return read.ok ? null : read.fault;
  }

  /** Accounts that a transfer lacks. */
  lacksAccounts(): boolean {
    return this.kind === 'transfer' && (!this.account || !this.toAccount);
  }

  /** The expense, once nothing is wrong with it. */
  input(): ExpenseInput {
    const read = readAmount(this.amount, this.shownCurrency);
    if (!read.ok) throw new Error(`the amount is not one: ${read.fault}`);
    const isTransfer = this.kind === 'transfer';
    return {
      amount: read.amount,
      currency: this.shownCurrency,
      kind: this.kind,
      date: this.date,
      description: this.description.trim(),
      category_id: isTransfer ? null : this.category,
      account_id: this.account,
      tag_ids: [...this.tags],
      note: this.note.trim(),
      ...(isTransfer ? this.arrival(read.amount) : {}),
    };
  }

  private arrival(amount: string): Partial<ExpenseInput> {
    const to = this.toAccount ? reference.accountById.get(this.toAccount) : undefined;
    return {
      to_account_id: this.toAccount,
      to_amount: amount,
      to_currency: to?.currency ?? this.shownCurrency,
    };
  }

  /** Ready for the next one: date and account stay, as one enters a day's receipts in a row. */
  clear(): void {
    this.amount = '';
    this.description = '';
    this.category = null;
    this.isGuess = false;
    this.tags = [];
    this.note = '';
    this.kind = 'expense';
    this.toAccount = null;
  }
}
