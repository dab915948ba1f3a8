-- why: a household's ledger, its people, categories, accounts and tags; ledger_id leads every key.
-- serves: 0.1.0

create table public.ledgers (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null,
  first_day_of_month smallint not null default 1 check (first_day_of_month between 1 and 31),
  first_day_of_week smallint not null default 1 check (first_day_of_week between 1 and 7),
  is_demo boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.users add foreign key (default_ledger_id)
  references public.ledgers on delete set null;

create table public.members (
  ledger_id uuid not null references public.ledgers,
  user_id uuid not null references public.users,
  role text not null check (role in ('owner', 'editor', 'viewer')),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (ledger_id, user_id)
);
create index members_user_idx on public.members (user_id, ledger_id);

-- Whoever writes (a route, an undo, an archive): a ledger that had an owner keeps one who can sign in.
create function public.keep_an_owner() returns trigger language plpgsql as $$
begin
  if public.write_mode() <> 'erase' and exists (
    select from (select distinct ledger_id from old_rows where role = 'owner') o
    where not exists (
      select from public.members m
      join public.users u on u.id = m.user_id and not u.is_placeholder and u.disabled_at is null
      where m.ledger_id = o.ledger_id and m.role = 'owner')
  ) then
    raise check_violation using constraint = 'members_last_owner',
      message = 'a ledger needs an owner';
  end if;
  return null;
end $$;
create trigger keep_owner_deleted after delete on public.members
  referencing old table as old_rows for each statement execute function public.keep_an_owner();
create trigger keep_owner_updated after update on public.members
  referencing old table as old_rows for each statement execute function public.keep_an_owner();

-- Who may give whom a new password: an administrator to anybody but administrators; an owner to a
-- person all of whose ledgers the owner owns too, and so never gains a right by it.
create function public.may_reset(p_maker uuid, p_user uuid) returns boolean
language sql stable
return exists (
  select from public.users maker
  join public.users u on u.id = p_user and u.id <> maker.id
    and not u.is_admin and not u.is_placeholder and u.disabled_at is null
  where maker.id = p_maker and maker.disabled_at is null and (maker.is_admin or (
    exists (select from public.members where user_id = u.id)
    and not exists (
      select from public.members theirs where theirs.user_id = u.id and not exists (
        select from public.members own where own.ledger_id = theirs.ledger_id
          and own.user_id = maker.id and own.role = 'owner')))));

-- One-time sign-in, invitation and password links: only a hash of the secret is kept.
create table public.links (
  id uuid primary key,
  token_hash bytea not null unique,
  kind text not null check (kind in ('sign_in', 'invitation', 'password_reset')),
  user_id uuid references public.users on delete cascade,
  ledger_id uuid references public.ledgers on delete cascade,
  role text check (role in ('owner', 'editor', 'viewer')),
  created_by uuid references public.users on delete cascade,
  created_at timestamptz not null default now(),
  note text not null default '' check (length(note) <= 100),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint links_shape check (
    case kind when 'invitation'
      then user_id is null and ledger_id is not null and role is not null and created_by is not null
      else user_id is not null and ledger_id is null and role is null
    end)
);
create index links_ledger_idx on public.links (ledger_id, created_at desc);
create index links_user_idx on public.links (user_id) where user_id is not null;
create index links_maker_idx on public.links (created_by) where created_by is not null;
create index links_age_idx on public.links (expires_at);

create table public.categories (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  parent_id uuid,
  name text not null check (length(name) between 1 and 100),
  kind text not null default 'expense' check (kind in ('expense', 'income')),
  hue smallint not null default 0 check (hue between 0 and 7),
  icon text not null default '' check (length(icon) <= 16),
  position integer not null default 0,
  archived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (ledger_id, id),
  constraint categories_parent_fkey foreign key (ledger_id, parent_id)
    references public.categories (ledger_id, id) on delete set null (parent_id),
  constraint categories_own_parent check (parent_id <> id)
);
create unique index categories_name_key on public.categories
  (ledger_id, kind, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), lower(name))
  where archived_at is null;
create index categories_parent_idx on public.categories (ledger_id, parent_id)
  where parent_id is not null;

create table public.accounts (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  kind text not null default 'bank' check (kind in ('cash', 'bank', 'card', 'savings', 'other')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  opening_balance bigint not null default 0
    check (opening_balance between -1000000000000000 and 1000000000000000),
  position integer not null default 0,
  archived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (ledger_id, id),
  constraint accounts_currency_key unique (ledger_id, id, currency)
);
create unique index accounts_name_key on public.accounts (ledger_id, lower(name))
  where archived_at is null;

create table public.tags (
  ledger_id uuid not null references public.ledgers,
  id uuid not null,
  name text not null check (length(name) between 1 and 50),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (ledger_id, id)
);
create unique index tags_name_key on public.tags (ledger_id, lower(name));

create table public.idempotency_keys (
  ledger_id uuid not null,
  user_id uuid not null references public.users on delete cascade,
  route text not null,
  key text not null check (length(key) between 1 and 200),
  body_hash bytea not null,
  status smallint not null,
  headers jsonb not null,
  body bytea not null,
  created_at timestamptz not null default now(),
  primary key (ledger_id, user_id, route, key)
);
create index idempotency_keys_age_idx on public.idempotency_keys (created_at);
