-- why: an uploaded file, its rows and what became of each; so that a later file adds only what is new.
-- serves: 0.1.0

create table public.import_profiles (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  layout jsonb not null,
  account_id uuid,
  category_id uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (ledger_id, id),
  constraint import_profiles_account_fkey foreign key (ledger_id, account_id)
    references public.accounts (ledger_id, id) on delete set null (account_id),
  constraint import_profiles_category_fkey foreign key (ledger_id, category_id)
    references public.categories (ledger_id, id) on delete set null (category_id)
);
create unique index import_profiles_name_key on public.import_profiles (ledger_id, lower(name));

-- `found` is what detection said of the file, `summary` counts and sums of its rows. `settled_seq` is
-- the change set up to which the verdicts on duplicates hold. A preview has `expires_at`.
create table public.imports (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  name text not null check (length(name) <= 255),
  bytes bigint not null,
  sha256 bytea not null,
  layout jsonb not null,
  found jsonb not null,
  summary jsonb not null default '{}',
  profile_id uuid,
  account_id uuid,
  category_id uuid,
  settled_seq bigint not null default 0,
  version integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  committed_at timestamptz,
  committed_by uuid,
  commit_seq bigint,
  result jsonb,
  revert_seq bigint,
  primary key (ledger_id, id),
  constraint imports_account_fkey foreign key (ledger_id, account_id)
    references public.accounts (ledger_id, id) on delete set null (account_id),
  constraint imports_category_fkey foreign key (ledger_id, category_id)
    references public.categories (ledger_id, id) on delete set null (category_id),
  constraint imports_profile_fkey foreign key (ledger_id, profile_id)
    references public.import_profiles (ledger_id, id) on delete set null (profile_id),
  constraint imports_state check ((expires_at is null) = (committed_at is not null))
);

-- The upload in zlib-compressed pieces, so that any replica can read it again by another layout;
-- it goes when the preview ends.
create table public.import_files (
  ledger_id uuid not null,
  import_id uuid not null,
  part integer not null,
  data bytea not null,
  primary key (ledger_id, import_id, part),
  constraint import_files_import_fkey foreign key (ledger_id, import_id)
    references public.imports (ledger_id, id) on delete cascade
);
alter table public.import_files alter column data set storage external;

-- The staged rows. Those of a committed import stay: they say how each row looked when it came, by
-- which it is known again whatever was done to the expense since. Logged, therefore. There is no
-- foreign key: checking a hundred thousand of them would double the time of an upload; whatever
-- removes an import removes its rows with it. `choice` overrides the verdict.
create table public.import_rows (
  ledger_id uuid not null,
  import_id uuid not null,
  line integer not null,
  verdict text not null check (verdict in ('new', 'duplicate', 'error', 'skipped')),
  choice boolean,
  expense_id uuid,
  date date,
  amount bigint,
  currency text,
  kind text,
  description text,
  note text,
  category_name text,
  account_name text,
  tags text[],
  reference text,
  content bytea,
  reference_key bytea,
  duplicate_of uuid,
  code text,
  column_name text,
  message text,
  expected text,
  primary key (ledger_id, import_id, line)
);
create index import_rows_date_idx on public.import_rows (ledger_id, date) where date is not null;

-- Whether what a change set did has been undone, and the undo not undone in turn.
create function public.is_undone(p_ledger uuid, p_seq bigint) returns boolean
language sql stable
return coalesce((select undo_depth % 2 = 1 from public.change_sets
  where ledger_id = p_ledger and undo_root = p_seq order by seq desc limit 1), false);

-- A revert is a change set like any other: undone, the import stands again.
create function public.import_status(i public.imports) returns text
language sql stable
return case
  when i.committed_at is null then 'preview'
  when i.commit_seq is not null and public.is_undone(i.ledger_id, i.commit_seq) then 'reverted'
  when i.revert_seq is not null and not public.is_undone(i.ledger_id, i.revert_seq) then 'reverted'
  else 'committed' end;
