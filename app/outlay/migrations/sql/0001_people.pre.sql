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
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- What is left of an erased person, or a name that an archive brought, can never sign in.
  constraint users_placeholder check (
    not is_placeholder or (email is null and password_hash is null and not is_admin))
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
  -- A token made by a token ends with it.
  parent_id uuid references public.api_tokens on delete cascade,
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (scopes <@ array['read', 'write', 'admin'] and cardinality(scopes) > 0),
  ledger_ids uuid[] check (cardinality(ledger_ids) > 0),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at timestamptz
);
create index api_tokens_user_idx on public.api_tokens (user_id, created_at desc);
create index api_tokens_parent_idx on public.api_tokens (parent_id) where parent_id is not null;

-- Tries that may not come too often: a row each, counted per subject over a sliding window.
create table public.sign_in_attempts (
  subject text not null,
  id uuid not null,
  attempted_at timestamptz not null default now(),
  primary key (subject, id)
);
create index sign_in_attempts_subject_idx on public.sign_in_attempts (subject, attempted_at desc);
create index sign_in_attempts_age_idx on public.sign_in_attempts (attempted_at);

-- Counts this try against every subject and answers 0, or counts it nowhere and answers the seconds
-- until one may try again. Exact however many processes ask at once: a lock a subject, in one order.
create function public.take_try(p_id uuid, p_subjects text[], p_most integer[], p_window interval)
returns integer language plpgsql volatile as $$
declare
  subject_lock bigint;
  opens_at timestamptz;
begin
  for subject_lock in
    select distinct hashtextextended(s, 0) from unnest(p_subjects) as s order by 1
  loop
    perform pg_advisory_xact_lock(subject_lock);
  end loop;
  delete from public.sign_in_attempts
    where subject = any(p_subjects) and attempted_at <= clock_timestamp() - p_window;
  -- The oldest of the last `most` tries of a subject bars the way until it is out of the window.
  select max(full_since.attempted_at) + p_window into opens_at
  from unnest(p_subjects, p_most) as l (subject, most),
    lateral (select a.attempted_at from public.sign_in_attempts a where a.subject = l.subject
      order by a.attempted_at desc offset l.most - 1 limit 1) as full_since;
  if opens_at is not null then
    return greatest(1, ceil(extract(epoch from opens_at - clock_timestamp())))::integer;
  end if;
  insert into public.sign_in_attempts (subject, id, attempted_at)
    select s, p_id, clock_timestamp() from unnest(p_subjects) as s;
  return 0;
end $$;
