-- why: who may enter, and the installation's epoch; these tables cross ledgers by nature.
-- serves: 0.1.0

create extension if not exists unaccent with schema public;
create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gin with schema public;

create table public.installation (
  singleton boolean primary key default true check (singleton),
  instance text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 8),
  epoch text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 12),
  created_at timestamptz not null default now()
);
insert into public.installation default values;

create table public.users (
  id uuid primary key,
  email text check (length(email) between 3 and 254),
  name text not null check (length(name) between 1 and 100),
  password_hash text,
  is_admin boolean not null default false,
  is_placeholder boolean not null default false,
  default_ledger_id uuid,
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index users_email_key on public.users (lower(email));

create table public.sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  user_id uuid not null references public.users on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_agent text not null default '',
  address text not null default ''
);
create index sessions_user_idx on public.sessions (user_id, created_at desc);

create table public.api_tokens (
  id uuid primary key,
  token_hash bytea not null unique,
  hint text not null,
  user_id uuid not null references public.users on delete cascade,
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0),
  ledger_ids uuid[],
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz
);
create index api_tokens_user_idx on public.api_tokens (user_id, created_at desc);

create table public.sign_in_attempts (
  subject text not null,
  attempted_at timestamptz not null default now()
);
create index sign_in_attempts_subject_idx on public.sign_in_attempts (subject, attempted_at desc);
create index sign_in_attempts_age_idx on public.sign_in_attempts (attempted_at);
