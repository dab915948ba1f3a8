/** What is said about what was typed: by then every word is on its way. */
/** What the frame of every page says on its own, whatever page is open. */
export const typing = {
  'amount.empty': 'Type an amount, such as 12.50 or 12.50+3.',
  'amount.syntax': 'This is no amount. Type a number, such as 12.50, or a sum, such as 12.50+3*2.',
  'amount.decimals': '{currency} does not have that many decimals.',
  'amount.zero': 'The amount is zero.',
  'amount.negative': 'The amount is below zero. Choose the kind income for money that came in.',
  'amount.large': 'This is more than a ledger can hold.',
  'amount.division': 'Nothing can be divided by zero.',
  'amount.arrives':
    'Say how much arrives in {currency}, as the accounts have different currencies.',
  'field.arrives': 'Amount that arrives ({currency})',
  'date.wrong': 'This is no date. Type 14, 14.11 or 2026-11-14.',
  'tag.make': 'Make “{name}”',
  'tag.remove': 'Take off {name}',
  'add.lacksAccounts': 'A transfer needs two accounts.',
} as const;
