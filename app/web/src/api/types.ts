import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['AccountWithBalance'];
export type BackupRun = Schemas['BackupRun'];
export type BackupSchedule = Schemas['BackupScheduleState'];
export type BackupState = Schemas['BackupState'];
export type Category = Schemas['CountedCategory'];
export type ChangeSet = Schemas['ChangeSet'];
export type ChangeSetRows = Schemas['ChangeSetRows'];
export type Entered = Schemas['Entered'];
export type Expense = Schemas['Expense'];
export type ExpenseInput = Schemas['ExpenseInput'];
export type ExpensePage = Schemas['ExpensePage'];
export type ExpensePatch = Schemas['ExpensePatch'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Ledger = Schemas['Ledger'];
export type Me = Schemas['Me'];
export type OneTimeLink = Schemas['OneTimeLink'];
export type ProblemBody = Schemas['Problem'];
export type RestoreRun = Schemas['RestoreRun'];
export type Session = Schemas['Session'];
export type Summary = Schemas['Summary'];
export type Tag = Schemas['CountedTag'];
export type Token = Schemas['Token'];
export type Undone = Schemas['Undone'];
export type User = Schemas['User'];

export type Kind = Expense['kind'];
export type Currency = Expense['currency'];
export type Role = Ledger['role'];
export type ListQuery = NonNullable<operations['listExpenses']['parameters']['query']>;
export type SummaryQuery = NonNullable<operations['summarizeExpenses']['parameters']['query']>;
