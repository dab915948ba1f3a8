/** What is being typed in the add form, and what it says as an expense. */
import type { Currency, ExpenseInput, Kind } from '../../api/types';
import { type AmountFault, readAmount } from '../../lib/money';
import { reference } from '../../state/reference.svelte';
import type { Last } from '../../state/settings.svelte';
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

  /** Whether nobody chose anything yet. */
  isUntouched(): boolean {
    return this.kind === 'expense' && !this.account && !this.category;
  }

  /** What was chosen; a category that was only guessed, or has no use, was not. */
  chosen(before: Last | undefined): Last {
    const { kind, account, toAccount } = this;
    const isChosen = !this.isGuess && kind !== 'transfer';
    return {
      kind,
      account,
      toAccount,
      category: isChosen ? this.category : (before?.category ?? null),
    };
  }

  /** Begins with what was chosen before; a better guess may come. */
  recall(last: Last | undefined): void {
    this.kind = last?.kind ?? 'expense';
    this.account = last?.account ?? null;
    this.toAccount = last?.toAccount ?? null;
    this.category = last?.category ?? null;
    this.isGuess = true;
  }

  /** Lets go of what nobody chose just now and is not there any more, or not to be chosen. */
  drop(): void {
    if (this.isGuess) this.category = still(reference.categoryById, this.category);
    this.account = still(reference.accountById, this.account);
    this.toAccount = still(reference.accountById, this.toAccount);
  }

  /** Ready for the next one: the date stays, as one enters a day's receipts in a row. */
  clear(): void {
    this.amount = '';
    this.description = '';
    this.tags = [];
    this.note = '';
    this.toAmount = '';
    this.currency = null;
  }
}

function still(known: Map<string, { archived: boolean }>, id: string | null): string | null {
  return known.get(id ?? '')?.archived === false ? id : null;
}
