-- why: one total order of changes a ledger; history, undo, live updates and totals all hang on it.
-- serves: 0.1.0

-- Apart from ledgers, so that taking a number never conflicts with the foreign keys that share-lock
-- a ledger's row.
create table public.ledger_seqs (
  ledger_id uuid primary key references public.ledgers,
  seq bigint not null default 0
) with (fillfactor = 20);

-- `kinds` are the kinds of entity in the set. An undo, its undo and so on hang on the set they began
-- with (`undo_root`); each is one further from it (`undo_depth`), so that the newest one's depth tells
-- whether what began stands: even it does, odd it is undone.
create table public.change_sets (
  ledger_id uuid not null references public.ledgers,
  seq bigint not null,
  actor_id uuid,
  source text not null,
  action text not null,
  request_id text not null default '',
  undoes bigint,
  undo_root bigint,
  undo_depth integer not null default 0,
  kinds text[] not null default '{}',
  entities integer not null,
  at timestamptz not null default now(),
  primary key (ledger_id, seq)
);
create index change_sets_undo_idx on public.change_sets (ledger_id, undo_root, seq desc)
  where undo_root is not null;

create function public.place_undo() returns trigger language plpgsql as $$
begin
  select coalesce(undo_root, seq), undo_depth + 1 into new.undo_root, new.undo_depth
  from public.change_sets where ledger_id = new.ledger_id and seq = new.undoes;
  new.undo_depth := coalesce(new.undo_depth, 0);
  return new;
end $$;
create trigger place_undo before insert on public.change_sets for each row
  when (new.undoes is not null) execute function public.place_undo();

create table public.change_log (
  ledger_id uuid not null,
  entity text not null,
  entity_id uuid not null,
  seq bigint not null,
  before jsonb,
  after jsonb,
  primary key (ledger_id, entity, entity_id, seq)
);
create index change_log_seq_idx on public.change_log (ledger_id, seq, entity, entity_id);

-- First call of every writing statement: says who writes (a JSON object with actor, source, action,
-- request, undoes) and takes the ledger's lock, so that writers of one ledger never deadlock.
create function public.begin_write(p_ledger uuid, p_context text) returns boolean
language plpgsql volatile as $$
begin
  perform set_config('outlay.context', p_context, true);
  perform 1 from public.ledger_seqs where ledger_id = p_ledger for no key update;
  return found;
end $$;

-- 'replay' while an archive brings its own history in, 'erase' while a whole ledger is deleted.
create function public.write_mode() returns text
language sql stable
return coalesce(current_setting('outlay.mode', true), '');

-- The change set that this transaction has opened in a ledger, if any. The planner may work out the
-- cast before the condition, and the setting is empty in a session that wrote before: hence nullif.
create function public.held_change_set(p_ledger uuid) returns bigint
language sql stable
return case when split_part(current_setting('outlay.change_set', true), '/', 1) = p_ledger::text
  then nullif(split_part(current_setting('outlay.change_set', true), '/', 2), '')::bigint end;

create function public.open_change_set(p_ledger uuid, p_kind text, p_entities integer) returns bigint
language plpgsql volatile as $$
declare
  taken bigint := public.held_change_set(p_ledger);
  context jsonb;
begin
  if taken is not null then
    update public.change_sets
    set entities = entities + p_entities,
      kinds = case when p_kind = any(kinds) then kinds else kinds || p_kind end
    where ledger_id = p_ledger and seq = taken;
    return taken;
  end if;
  context := coalesce(nullif(current_setting('outlay.context', true), ''), '{}')::jsonb;
  update public.ledger_seqs set seq = seq + 1 where ledger_id = p_ledger returning seq into taken;
  insert into public.change_sets
    (ledger_id, seq, actor_id, source, action, request_id, undoes, kinds, entities)
  values (p_ledger, taken, (context ->> 'actor')::uuid, coalesce(context ->> 'source', 'sql'),
    coalesce(context ->> 'action', 'sql'), coalesce(context ->> 'request', ''),
    (context ->> 'undoes')::bigint, array[p_kind], p_entities);
  perform set_config('outlay.change_set', p_ledger || '/' || taken, true);
  return taken;
end $$;

create function public.bump_version() returns trigger language plpgsql as $$
begin
  if public.write_mode() = '' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $$;

-- How many of these rows the transaction's change set holds already: a row counts once, and keeps the
-- `before` that it had first.
create function public.logged_already(p_ledger uuid, p_kind text, p_ids uuid[]) returns integer
language sql stable
return (select count(*)::integer from public.change_log
  where ledger_id = p_ledger and entity = p_kind and entity_id = any(p_ids)
    and seq = public.held_change_set(p_ledger));

-- Ledgers, members, categories, accounts and tags: the argument names the entity and its id column.
create function public.log_inserted() returns trigger language plpgsql as $$
declare
  changed record;
  taken bigint;
begin
  if public.write_mode() <> '' then return null; end if;
  for changed in
    select (case tg_argv[0] when 'ledger' then to_jsonb(n) ->> 'id' else to_jsonb(n) ->> 'ledger_id' end)::uuid
      as ledger_id, array_agg((to_jsonb(n) ->> tg_argv[1])::uuid) as ids
    from new_rows n group by 1
  loop
    taken := public.open_change_set(changed.ledger_id, tg_argv[0], cardinality(changed.ids)
      - public.logged_already(changed.ledger_id, tg_argv[0], changed.ids));
    insert into public.change_log as l (ledger_id, entity, entity_id, seq, before, after)
    select changed.ledger_id, tg_argv[0], (row_json ->> tg_argv[1])::uuid, taken, null, row_json
    from (select to_jsonb(n) as row_json from new_rows n) r
    where (case tg_argv[0] when 'ledger' then row_json ->> 'id' else row_json ->> 'ledger_id' end)::uuid
      = changed.ledger_id
    on conflict (ledger_id, entity, entity_id, seq) do update set after = excluded.after;
  end loop;
  return null;
end $$;

create function public.log_updated() returns trigger language plpgsql as $$
declare
  changed record;
  taken bigint;
begin
  if public.write_mode() <> '' then return null; end if;
  for changed in
    select (case tg_argv[0] when 'ledger' then to_jsonb(n) ->> 'id' else to_jsonb(n) ->> 'ledger_id' end)::uuid
      as ledger_id, array_agg((to_jsonb(n) ->> tg_argv[1])::uuid) as ids
    from new_rows n group by 1
  loop
    taken := public.open_change_set(changed.ledger_id, tg_argv[0], cardinality(changed.ids)
      - public.logged_already(changed.ledger_id, tg_argv[0], changed.ids));
    insert into public.change_log as l (ledger_id, entity, entity_id, seq, before, after)
    select changed.ledger_id, tg_argv[0], key::uuid, taken, o.row_json, n.row_json
    -- A full join, as only hashing or merging can do it: see expenses_updated().
    from (select to_jsonb(r) as row_json, to_jsonb(r) ->> tg_argv[1] as key,
        to_jsonb(r) ->> (case tg_argv[0] when 'ledger' then 'id' else 'ledger_id' end) as ledger
      from new_rows r) n
    full join (select to_jsonb(r) as row_json, to_jsonb(r) ->> tg_argv[1] as key,
        to_jsonb(r) ->> (case tg_argv[0] when 'ledger' then 'id' else 'ledger_id' end) as ledger
      from old_rows r) o using (ledger, key)
    where ledger::uuid = changed.ledger_id
    on conflict (ledger_id, entity, entity_id, seq) do update set after = excluded.after;
  end loop;
  return null;
end $$;

create function public.log_deleted() returns trigger language plpgsql as $$
declare
  changed record;
  taken bigint;
begin
  if public.write_mode() <> '' then return null; end if;
  for changed in
    select (to_jsonb(o) ->> 'ledger_id')::uuid as ledger_id,
      array_agg((to_jsonb(o) ->> tg_argv[1])::uuid) as ids
    from old_rows o group by 1
  loop
    taken := public.open_change_set(changed.ledger_id, tg_argv[0], cardinality(changed.ids)
      - public.logged_already(changed.ledger_id, tg_argv[0], changed.ids));
    insert into public.change_log as l (ledger_id, entity, entity_id, seq, before, after)
    select changed.ledger_id, tg_argv[0], (row_json ->> tg_argv[1])::uuid, taken, row_json, null
    from (select to_jsonb(o) as row_json from old_rows o) r
    where (row_json ->> 'ledger_id')::uuid = changed.ledger_id
    on conflict (ledger_id, entity, entity_id, seq) do update set after = null;
  end loop;
  return null;
end $$;

create function public.number_ledger() returns trigger language plpgsql as $$
begin
  insert into public.ledger_seqs (ledger_id) select id from new_rows;
  return null;
end $$;

-- Triggers fire in the order of their names: the ledger's counter comes first.
create trigger a_number after insert on public.ledgers
  referencing new table as new_rows for each statement execute function public.number_ledger();

do $$
declare
  tracked record;
begin
  for tracked in select * from (values
    ('ledgers', 'ledger', 'id'), ('members', 'member', 'user_id'), ('categories', 'category', 'id'),
    ('accounts', 'account', 'id'), ('tags', 'tag', 'id')) as t (relation, entity, key)
  loop
    execute format('create trigger bump_version before update on public.%I
      for each row execute function public.bump_version()', tracked.relation);
    execute format('create trigger log_inserted after insert on public.%I referencing new table as new_rows
      for each statement execute function public.log_inserted(%L, %L)',
      tracked.relation, tracked.entity, tracked.key);
    execute format('create trigger log_updated after update on public.%I
      referencing old table as old_rows new table as new_rows
      for each statement execute function public.log_updated(%L, %L)',
      tracked.relation, tracked.entity, tracked.key);
    if tracked.entity <> 'ledger' then
      execute format('create trigger log_deleted after delete on public.%I referencing old table as old_rows
        for each statement execute function public.log_deleted(%L, %L)',
        tracked.relation, tracked.entity, tracked.key);
    end if;
  end loop;
end $$;

-- Two levels: a category with a parent has no children.
create function public.check_category_depth() returns trigger language plpgsql as $$
begin
  if exists (
    select from new_rows n
    join public.categories p on p.ledger_id = n.ledger_id and p.id = n.parent_id
    where p.parent_id is not null
    union all
    select from new_rows n
    join public.categories c on c.ledger_id = n.ledger_id and c.parent_id = n.id
    where n.parent_id is not null
  ) then
    raise check_violation using constraint = 'categories_two_levels',
      message = 'a category under another one cannot have categories of its own';
  end if;
  return null;
end $$;
create trigger check_depth_inserted after insert on public.categories referencing new table as new_rows
  for each statement execute function public.check_category_depth();
create trigger check_depth_updated after update on public.categories referencing new table as new_rows
  for each statement execute function public.check_category_depth();
