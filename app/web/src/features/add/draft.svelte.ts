/** What is being typed in the add form, and what it says as an expense. */
import type { Currency, ExpenseInput, Kind } from '../../api/types';
import { type AmountFault, readAmount } from '../../lib/money';
import { arriving, currencyOf } from './arrival';

export class Draft {
  amount = $state('');
  description = $state('');
  date = $state('');
  category = $state<string | null>(null);
  kind = $state<Kind>('expense');
  account = $state<string | null>(null);
  toAccount = $state<string | null>(null);
  /** What arrives, as typed: asked for where the currencies differ. */
  toAmount = $state('');
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

  readonly shownCurrency: Currency = $derived.by(
    () => this.currency ?? currencyOf(this.account) ?? this.own(),
  );

  /** The currency that arrives with a transfer, where it is another one. */
  readonly arriving: Currency | null = $derived.by(() =>
    arriving(this.kind, this.shownCurrency, currencyOf(this.toAccount)),
  );

  /** What keeps the amount from being one; null when it is. */
  amountFault(): AmountFault | null {
    const read = readAmount(this.amount, this.shownCurrency);
    return read.ok ? null : read.fault;
  }

  /** Whether what arrives is asked for, and is no amount. */
  lacksArrival(): boolean {
    return this.arriving !== null && !readAmount(this.toAmount, this.arriving).ok;
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
    const there = this.arriving && readAmount(this.toAmount, this.arriving);
    return {
      to_account_id: this.toAccount,
      to_amount: there?.ok ? there.amount : amount,
      to_currency: this.arriving ?? this.shownCurrency,
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
    this.toAmount = '';
    this.currency = null;
  }
}
