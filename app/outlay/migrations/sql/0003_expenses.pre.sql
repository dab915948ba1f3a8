-- why: the expenses, their search words and the totals that answer every summary.
-- serves: 0.1.0

-- A text as words in lower case, without accents, with one blank between them, however its letters
-- are composed (a bank's half-width katakana are the ones that people type). unaccent() is only
-- STABLE because its dictionary could be replaced; naming the dictionary and every schema makes the
-- result fit for an index and for pg_restore's empty search_path. What parts words is listed here and
-- not left to the text search parser, whose letters depend on the database's locale. Marks that join
-- or turn letters without being seen (soft hyphen, joiners, direction) go first.
create function public.fold_text(value text) returns text
language sql immutable strict parallel safe
return replace(
  regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, normalize(regexp_replace(
      value, '[\u00ad\u061c\u200c-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g'), nfkc))),
    '[\u0001-\u002f:-@\u005b-\u0060\u007b-\u00b1\u00b4\u00b6-\u00b8\u00bb-\u00bf\u05be\u060c\u061b\u061f'
    '\u0964\u0965\u1680\u2000-\u206f\u20a0-\u20cf\u3000-\u3003\u3008-\u3020\u3030\u30fb]+', ' ', 'g'),
  U&'\03C2', U&'\03C3');

-- The words for an index; of a longer one than it takes (2046 bytes), the beginning. No letter grows
-- more than sixfold.
create function public.search_words(value text) returns tsvector
language sql immutable parallel safe
return (case when octet_length(value) < 300 then public.fold_text(value)
  else regexp_replace(public.fold_text(value), '([^ ]{200})[^ ]+', '\1', 'g') end)::tsvector;

create table public.expenses (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  kind text not null check (kind in ('expense', 'income', 'transfer')),
  date date not null check (date between '1900-01-01' and '2200-12-31'),
  amount bigint not null check (amount between 1 and 1000000000000000),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  description text not null default '' check (length(description) <= 500),
  note text not null default '' check (length(note) <= 10000),
  category_id uuid,
  tag_ids uuid[] not null default '{}' check (cardinality(tag_ids) <= 50),
  account_id uuid,
  to_account_id uuid,
  to_amount bigint check (to_amount between 1 and 1000000000000000),
  to_currency text check (to_currency ~ '^[A-Z]{3}$'),
  purchase_id uuid,
  refund_of uuid,
  reference text not null default '' check (length(reference) <= 200),
  source text not null default 'api'
    check (source in ('web', 'api', 'cli', 'import', 'demo', 'sql')),
  import_id uuid,
  version integer not null default 1,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  search tsvector generated always as
    (public.search_words(description || ' ' || note)) stored,
  primary key (ledger_id, id),
  constraint expenses_category_fkey foreign key (ledger_id, category_id)
    references public.categories (ledger_id, id) on delete set null (category_id),
  constraint expenses_account_fkey foreign key (ledger_id, account_id, currency)
    references public.accounts (ledger_id, id, currency),
  constraint expenses_to_account_fkey foreign key (ledger_id, to_account_id, to_currency)
    references public.accounts (ledger_id, id, currency),
  constraint expenses_refund_fkey foreign key (ledger_id, refund_of)
    references public.expenses (ledger_id, id) on delete set null (refund_of),
  constraint expenses_refund_itself check (refund_of <> id),
  constraint expenses_refund_kind check (refund_of is null or kind = 'income'),
  constraint expenses_transfer_shape check (
    case kind when 'transfer'
      then account_id is not null and to_account_id is not null and to_amount is not null
        and to_currency is not null and account_id <> to_account_id and category_id is null
      else to_account_id is null and to_amount is null and to_currency is null
    end)
);
create index expenses_date_idx on public.expenses (ledger_id, date desc, id desc)
  where deleted_at is null;
create index expenses_category_idx on public.expenses (ledger_id, category_id, date desc, id desc)
  where deleted_at is null;
create index expenses_account_idx on public.expenses (ledger_id, account_id, date desc, id desc)
  where deleted_at is null and account_id is not null;
create index expenses_to_account_idx on public.expenses (ledger_id, to_account_id, date desc, id desc)
  where deleted_at is null and to_account_id is not null;
create index expenses_amount_idx on public.expenses (ledger_id, currency, amount desc, id desc)
  where deleted_at is null;
-- Transfers have no category either, and must not stand between the few rows that want one.
create index expenses_uncategorised_idx on public.expenses (ledger_id, date desc, id desc)
  where deleted_at is null and category_id is null and kind <> 'transfer';
-- Income and transfers are few among expenses; each is found without reading those.
create index expenses_kind_idx on public.expenses (ledger_id, kind, date desc, id desc)
  where deleted_at is null and kind <> 'expense';
create index expenses_trash_idx on public.expenses (ledger_id, date desc, id desc)
  where deleted_at is not null;
create index expenses_trash_age_idx on public.expenses (ledger_id, deleted_at)
  where deleted_at is not null;
create index expenses_purchase_idx on public.expenses (ledger_id, purchase_id)
  where purchase_id is not null;
create index expenses_refund_idx on public.expenses (ledger_id, refund_of)
  where refund_of is not null;
create index expenses_import_idx on public.expenses (ledger_id, import_id)
  where import_id is not null;
create index expenses_reference_idx on public.expenses (ledger_id, reference)
  where reference <> '';
create index expenses_words_idx on public.expenses using gin (ledger_id, search)
  with (gin_pending_list_limit = 1024) where deleted_at is null;
create index expenses_tags_idx on public.expenses using gin (ledger_id, tag_ids)
  with (gin_pending_list_limit = 512) where deleted_at is null and tag_ids <> '{}';

-- Statistics enough to tell a common word from a rare one.
alter table public.expenses alter column search set statistics 500;

-- Every word that a ledger has ever used: misspelt search words are resolved against it.
create table public.words (
  ledger_id uuid not null references public.ledgers,
  word text collate "C" not null,
  primary key (ledger_id, word)
);
create index words_similar_idx on public.words using gin (ledger_id, word public.gin_trgm_ops);

-- The rollup. Uncategorised rows have the nil uuid as their category; kind 'refund' is an income
-- that names the expense it refunds, and lowers spending.
create table public.daily_totals (
  ledger_id uuid not null references public.ledgers,
  day date not null,
  category_id uuid not null,
  currency text not null,
  kind text not null,
  amount numeric not null,
  entries bigint not null,
  primary key (ledger_id, day, category_id, currency, kind)
) with (fillfactor = 80);

-- The same by the ledger's own months (a first day of 29 to 31 clamps): a year of many rows is read
-- as quickly as one of few. `month` is the first date.
create table public.monthly_totals (
  ledger_id uuid not null references public.ledgers,
  month date not null,
  category_id uuid not null,
  currency text not null,
  kind text not null,
  amount numeric not null,
  entries bigint not null,
  primary key (ledger_id, month, category_id, currency, kind)
) with (fillfactor = 80);

create function public.month_start(p_calendar_month date, p_first_day integer) returns date
language sql immutable strict parallel safe
return p_calendar_month
  + least(p_first_day, (p_calendar_month + interval '1 month')::date - p_calendar_month) - 1;

create function public.month_of(p_day date, p_first_day integer) returns date
language sql immutable strict parallel safe
return case
  when p_first_day = 1 then date_trunc('month', p_day::timestamp)::date
  when p_day >= public.month_start(date_trunc('month', p_day::timestamp)::date, p_first_day)
    then public.month_start(date_trunc('month', p_day::timestamp)::date, p_first_day)
  else public.month_start((date_trunc('month', p_day::timestamp) - interval '1 month')::date, p_first_day)
end;

-- Signed sums an account and day, so that a balance never reads the expenses.
create table public.account_totals (
  ledger_id uuid not null references public.ledgers,
  account_id uuid not null,
  day date not null,
  amount numeric not null,
  entries bigint not null,
  primary key (ledger_id, account_id, day)
) with (fillfactor = 80);

-- How many expenses outside the trash carry a tag.
create table public.tag_totals (
  ledger_id uuid not null references public.ledgers on delete cascade,
  tag_id uuid not null,
  entries bigint not null,
  primary key (ledger_id, tag_id)
) with (fillfactor = 80);
