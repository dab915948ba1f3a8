-- why: whoever writes expenses, the log, the totals, the words and the refund rules stay right.
-- serves: 0.1.0

-- What the log keeps of an expense: every column but the search vector.
create function public.expense_json(e public.expenses) returns jsonb
language sql stable
return jsonb_build_object(
  'ledger_id', e.ledger_id, 'id', e.id, 'kind', e.kind, 'date', e.date, 'amount', e.amount,
  'currency', e.currency, 'description', e.description, 'note', e.note,
  'category_id', e.category_id, 'tag_ids', e.tag_ids, 'account_id', e.account_id,
  'to_account_id', e.to_account_id, 'to_amount', e.to_amount, 'to_currency', e.to_currency,
  'purchase_id', e.purchase_id, 'refund_of', e.refund_of, 'reference', e.reference,
  'source', e.source, 'import_id', e.import_id, 'version', e.version, 'created_by', e.created_by,
  'created_at', e.created_at, 'updated_at', e.updated_at, 'deleted_at', e.deleted_at);

-- A refund lies in the category of what it refunds. Where one statement writes both, the refunded row
-- may come second, and where a category goes, both lose it: then the statement's own trigger moves the
-- refund.
create function public.take_refund_category() returns trigger language plpgsql as $$
declare
  refunded record;
begin
  if tg_op = 'UPDATE' and new.refund_of = old.refund_of and new.category_id is null then
    return new;
  end if;
  if public.write_mode() = '' then
    select category_id into refunded from public.expenses
      where ledger_id = new.ledger_id and id = new.refund_of;
    if found then new.category_id := refunded.category_id; end if;
  end if;
  return new;
end $$;
create trigger refund_category before insert or update on public.expenses for each row
  when (new.refund_of is not null) execute function public.take_refund_category();

create trigger bump_version before update on public.expenses
  for each row execute function public.bump_version();

create function public.check_refunds(p_ledger uuid, p_refunded uuid[]) returns void
language plpgsql as $$
declare
  bad record;
begin
  select r.id, case
      when t.refund_of is not null or t.kind <> 'expense' then 'refund_of_expense'
      when t.deleted_at is not null then 'refund_of_trashed'
      when t.currency <> r.currency then 'refund_currency'
    end as rule
  into bad
  from public.expenses t
  join public.expenses r on r.ledger_id = t.ledger_id and r.refund_of = t.id and r.deleted_at is null
  where t.ledger_id = p_ledger and t.id = any(p_refunded)
    and (t.refund_of is not null or t.kind <> 'expense' or t.deleted_at is not null
      or t.currency <> r.currency)
  limit 1;
  if found then
    raise check_violation using constraint = bad.rule, detail = bad.id::text,
      message = 'a refund must name an expense of the same currency that is not in the trash';
  end if;
  select t.id into bad
  from public.expenses t
  join public.expenses r on r.ledger_id = t.ledger_id and r.refund_of = t.id and r.deleted_at is null
  where t.ledger_id = p_ledger and t.id = any(p_refunded)
  group by t.id, t.amount having sum(r.amount) > t.amount
  limit 1;
  if found then
    raise check_violation using constraint = 'refund_exceeds', detail = bad.id::text,
      message = 'refunds cannot exceed the expense they refund';
  end if;
end $$;

create function public.check_tags(p_ledger uuid, p_tags uuid[]) returns void
language plpgsql as $$
begin
  if exists (select from unnest(p_tags) as used (id)
    where not exists (select from public.tags t where t.ledger_id = p_ledger and t.id = used.id))
  then
    raise foreign_key_violation using constraint = 'expenses_tags_fkey',
      message = 'a tag is not one of this ledger';
  end if;
end $$;

create function public.move_refunds(p_ledger uuid, p_refunded uuid[]) returns void
language sql volatile
begin atomic
  update public.expenses r set category_id = t.category_id
  from public.expenses t
  where t.ledger_id = p_ledger and t.id = any(p_refunded)
    and r.ledger_id = p_ledger and r.refund_of = t.id and r.category_id is distinct from t.category_id;
end;

create function public.expenses_inserted() returns trigger language plpgsql as $$
declare
  part record;
  taken bigint;
  first_day integer;
begin
  if public.write_mode() = 'erase' then return null; end if;
  for part in
    select ledger_id, count(*)::integer as entities,
      bool_or(account_id is not null) as has_accounts,
      bool_or(tag_ids <> '{}') as has_tags,
      array_agg(refund_of) filter (where refund_of is not null) as refunded
    from new_rows group by ledger_id
  loop
    if public.write_mode() = '' then
      taken := public.open_change_set(part.ledger_id, 'expense', part.entities
        - case when public.held_change_set(part.ledger_id) is null then 0 else
          public.logged_already(part.ledger_id, 'expense',
            array(select id from new_rows where ledger_id = part.ledger_id)) end);
      insert into public.change_log (ledger_id, entity, entity_id, seq, before, after)
      select part.ledger_id, 'expense', n.id, taken, null, public.expense_json(n.*::public.expenses)
      from new_rows n where n.ledger_id = part.ledger_id
      on conflict (ledger_id, entity, entity_id, seq) do update set after = excluded.after;
    end if;

    select first_day_of_month into first_day from public.ledgers where id = part.ledger_id;
    with cells as materialized (
      select date as day, coalesce(category_id, '00000000-0000-0000-0000-000000000000') as category,
        currency, case when refund_of is null then kind else 'refund' end as kind,
        sum(amount) as amount, count(*) as entries
      from new_rows where ledger_id = part.ledger_id and deleted_at is null group by 1, 2, 3, 4
    ), months as (
      insert into public.monthly_totals as m (ledger_id, month, category_id, currency, kind, amount, entries)
      select part.ledger_id, public.month_of(day, first_day), category, currency, kind, sum(amount), sum(entries)
      from cells group by 2, 3, 4, 5 order by 2, 3, 4, 5
      on conflict (ledger_id, month, category_id, currency, kind)
      do update set amount = m.amount + excluded.amount, entries = m.entries + excluded.entries
    )
    insert into public.daily_totals as d (ledger_id, day, category_id, currency, kind, amount, entries)
    select part.ledger_id, day, category, currency, kind, amount, entries
    from cells order by 2, 3, 4, 5
    on conflict (ledger_id, day, category_id, currency, kind)
    do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;

    if part.has_accounts then
      insert into public.account_totals as d (ledger_id, account_id, day, amount, entries)
      select part.ledger_id, account, date, sum(signed), count(*)
      from (
        select account_id as account, date, case kind when 'income' then amount else -amount end as signed
        from new_rows where ledger_id = part.ledger_id and deleted_at is null and account_id is not null
        union all
        select to_account_id, date, to_amount
        from new_rows where ledger_id = part.ledger_id and deleted_at is null and to_account_id is not null
      ) flows
      group by account, date order by account, date
      on conflict (ledger_id, account_id, day)
      do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;
    end if;

    insert into public.words (ledger_id, word)
    select part.ledger_id, used.word
    from (select distinct unnest(tsvector_to_array(search)) as word
      from new_rows where ledger_id = part.ledger_id) used
    where not exists (select from public.words w
      where w.ledger_id = part.ledger_id and w.word = used.word collate "C")
    order by 2
    on conflict do nothing;

    if part.has_tags then
      perform public.check_tags(part.ledger_id,
        (select array_agg(distinct tag) from new_rows n, unnest(n.tag_ids) as tag
          where n.ledger_id = part.ledger_id));
      insert into public.tag_totals as d (ledger_id, tag_id, entries)
      select part.ledger_id, tag, count(*) from new_rows n, unnest(n.tag_ids) as tag
      where n.ledger_id = part.ledger_id and n.deleted_at is null
      group by tag order by tag
      on conflict (ledger_id, tag_id) do update set entries = d.entries + excluded.entries;
    end if;
    if part.refunded is not null then
      if public.write_mode() = '' then
        perform public.move_refunds(part.ledger_id, part.refunded);
      end if;
      perform public.check_refunds(part.ledger_id, part.refunded);
    end if;
  end loop;
  return null;
end $$;

create function public.expenses_updated() returns trigger language plpgsql as $$
declare
  part record;
  taken bigint;
  first_day integer;
begin
  if public.write_mode() = 'erase' then return null; end if;
  for part in
    select ledger_id, count(*)::integer as entities,
      bool_or(n.search is distinct from o.search) as has_words,
      bool_or(n.tag_ids <> o.tag_ids) as has_tags,
      bool_or(n.tag_ids <> o.tag_ids
        or (n.tag_ids <> '{}' and (n.deleted_at is null) <> (o.deleted_at is null))) as moves_tags,
      bool_or(n.account_id is not null or o.account_id is not null) as has_accounts,
      array_agg(id) filter (where n.kind = 'expense' and n.category_id is distinct from o.category_id)
        || array_agg(n.refund_of) filter (where n.category_id is null and o.category_id is not null)
        as moved,
      array_agg(id) filter (where n.deleted_at is not null and o.deleted_at is null) as trashed,
      array_agg(id) filter (where n.amount < o.amount or n.currency <> o.currency or n.kind <> o.kind)
        || array_agg(n.refund_of) filter (where n.refund_of is not null
          and (n.amount, n.currency, n.refund_of, n.deleted_at)
            is distinct from (o.amount, o.currency, o.refund_of, o.deleted_at)) as refunded
    -- A full join, as only hashing or merging can do it: a nested loop, planned for one row and kept
    -- by the session, would take hours for a hundred thousand.
    from new_rows n full join old_rows o using (ledger_id, id)
    group by ledger_id
  loop
    if public.write_mode() = '' then
      taken := public.open_change_set(part.ledger_id, 'expense', part.entities
        - case when public.held_change_set(part.ledger_id) is null then 0 else
          public.logged_already(part.ledger_id, 'expense',
            array(select id from new_rows where ledger_id = part.ledger_id)) end);
      insert into public.change_log (ledger_id, entity, entity_id, seq, before, after)
      select part.ledger_id, 'expense', id, taken,
        public.expense_json(o.*::public.expenses), public.expense_json(n.*::public.expenses)
      from new_rows n full join old_rows o using (ledger_id, id)
      where ledger_id = part.ledger_id
      on conflict (ledger_id, entity, entity_id, seq) do update set after = excluded.after;
    end if;

    select first_day_of_month into first_day from public.ledgers where id = part.ledger_id;
    with moves as (
      select date as day, coalesce(category_id, '00000000-0000-0000-0000-000000000000') as category,
        currency, case when refund_of is null then kind else 'refund' end as kind,
        amount::numeric as amount, 1 as entries
      from new_rows where deleted_at is null and ledger_id = part.ledger_id
      union all
      select date, coalesce(category_id, '00000000-0000-0000-0000-000000000000'),
        currency, case when refund_of is null then kind else 'refund' end, -amount, -1
      from old_rows where deleted_at is null and ledger_id = part.ledger_id
    ), cells as materialized (
      select day, category, currency, kind, sum(amount) as amount, sum(entries) as entries
      from moves group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(entries) <> 0
    ), months as (
      insert into public.monthly_totals as m (ledger_id, month, category_id, currency, kind, amount, entries)
      select part.ledger_id, public.month_of(day, first_day), category, currency, kind, sum(amount), sum(entries)
      from cells group by 2, 3, 4, 5 having sum(amount) <> 0 or sum(entries) <> 0 order by 2, 3, 4, 5
      on conflict (ledger_id, month, category_id, currency, kind)
      do update set amount = m.amount + excluded.amount, entries = m.entries + excluded.entries
    )
    insert into public.daily_totals as d (ledger_id, day, category_id, currency, kind, amount, entries)
    select part.ledger_id, day, category, currency, kind, amount, entries
    from cells order by 2, 3, 4, 5
    on conflict (ledger_id, day, category_id, currency, kind)
    do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;

    if part.has_accounts then
      insert into public.account_totals as d (ledger_id, account_id, day, amount, entries)
      select part.ledger_id, account, date, sum(signed), sum(entries)
      from (
        select account_id as account, date,
          case kind when 'income' then amount else -amount end as signed, 1 as entries
        from new_rows where ledger_id = part.ledger_id and deleted_at is null and account_id is not null
        union all
        select to_account_id, date, to_amount, 1
        from new_rows where ledger_id = part.ledger_id and deleted_at is null and to_account_id is not null
        union all
        select account_id, date, case kind when 'income' then -amount else amount end, -1
        from old_rows where ledger_id = part.ledger_id and deleted_at is null and account_id is not null
        union all
        select to_account_id, date, -to_amount, -1
        from old_rows where ledger_id = part.ledger_id and deleted_at is null and to_account_id is not null
      ) flows
      group by account, date having sum(signed) <> 0 or sum(entries) <> 0
      order by account, date
      on conflict (ledger_id, account_id, day)
      do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;
    end if;

    if part.has_words then
      insert into public.words (ledger_id, word)
      select part.ledger_id, used.word
      from (select distinct unnest(tsvector_to_array(search)) as word
        from new_rows where ledger_id = part.ledger_id) used
      where not exists (select from public.words w
        where w.ledger_id = part.ledger_id and w.word = used.word collate "C")
      order by 2
      on conflict do nothing;
    end if;

    if part.has_tags then
      perform public.check_tags(part.ledger_id,
        (select array_agg(distinct tag) from new_rows n, unnest(n.tag_ids) as tag
          where n.ledger_id = part.ledger_id));
    end if;
    if part.moves_tags then
      insert into public.tag_totals as d (ledger_id, tag_id, entries)
      select part.ledger_id, tag, sum(entries)
      from (
        select tag, 1 as entries from new_rows n, unnest(n.tag_ids) as tag
        where n.ledger_id = part.ledger_id and n.deleted_at is null
        union all
        select tag, -1 from old_rows o, unnest(o.tag_ids) as tag
        where o.ledger_id = part.ledger_id and o.deleted_at is null
      ) moved
      group by tag having sum(entries) <> 0 order by tag
      on conflict (ledger_id, tag_id) do update set entries = d.entries + excluded.entries;
    end if;
    if public.write_mode() = '' then
      if part.moved is not null then
        perform public.move_refunds(part.ledger_id, part.moved);
      end if;
      if part.trashed is not null then
        update public.expenses r set deleted_at = now()
        where r.ledger_id = part.ledger_id and r.refund_of = any(part.trashed) and r.deleted_at is null;
      end if;
    end if;
    if part.refunded is not null then
      perform public.check_refunds(part.ledger_id, part.refunded);
    end if;
  end loop;
  return null;
end $$;

create function public.expenses_deleted() returns trigger language plpgsql as $$
declare
  part record;
  taken bigint;
  first_day integer;
begin
  if public.write_mode() = 'erase' then return null; end if;
  for part in
    select ledger_id, count(*)::integer as entities, bool_or(tag_ids <> '{}') as has_tags
    from old_rows group by ledger_id
  loop
    if public.write_mode() = '' then
      taken := public.open_change_set(part.ledger_id, 'expense', part.entities
        - case when public.held_change_set(part.ledger_id) is null then 0 else
          public.logged_already(part.ledger_id, 'expense',
            array(select id from old_rows where ledger_id = part.ledger_id)) end);
      insert into public.change_log (ledger_id, entity, entity_id, seq, before, after)
      select part.ledger_id, 'expense', o.id, taken, public.expense_json(o.*::public.expenses), null
      from old_rows o where o.ledger_id = part.ledger_id
      on conflict (ledger_id, entity, entity_id, seq) do update set after = null;
    end if;

    select first_day_of_month into first_day from public.ledgers where id = part.ledger_id;
    with cells as materialized (
      select date as day, coalesce(category_id, '00000000-0000-0000-0000-000000000000') as category,
        currency, case when refund_of is null then kind else 'refund' end as kind,
        -sum(amount) as amount, -count(*) as entries
      from old_rows where ledger_id = part.ledger_id and deleted_at is null group by 1, 2, 3, 4
    ), months as (
      insert into public.monthly_totals as m (ledger_id, month, category_id, currency, kind, amount, entries)
      select part.ledger_id, public.month_of(day, first_day), category, currency, kind, sum(amount), sum(entries)
      from cells group by 2, 3, 4, 5 order by 2, 3, 4, 5
      on conflict (ledger_id, month, category_id, currency, kind)
      do update set amount = m.amount + excluded.amount, entries = m.entries + excluded.entries
    )
    insert into public.daily_totals as d (ledger_id, day, category_id, currency, kind, amount, entries)
    select part.ledger_id, day, category, currency, kind, amount, entries
    from cells order by 2, 3, 4, 5
    on conflict (ledger_id, day, category_id, currency, kind)
    do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;

    insert into public.account_totals as d (ledger_id, account_id, day, amount, entries)
    select part.ledger_id, account, date, sum(signed), -count(*)
    from (
      select account_id as account, date, case kind when 'income' then -amount else amount end as signed
      from old_rows where ledger_id = part.ledger_id and deleted_at is null and account_id is not null
      union all
      select to_account_id, date, -to_amount
      from old_rows where ledger_id = part.ledger_id and deleted_at is null and to_account_id is not null
    ) flows
    group by account, date order by account, date
    on conflict (ledger_id, account_id, day)
    do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;

    if part.has_tags then
      insert into public.tag_totals as d (ledger_id, tag_id, entries)
      select part.ledger_id, tag, -count(*) from old_rows o, unnest(o.tag_ids) as tag
      where o.ledger_id = part.ledger_id and o.deleted_at is null
      group by tag order by tag
      on conflict (ledger_id, tag_id) do update set entries = d.entries + excluded.entries;
    end if;
  end loop;
  return null;
end $$;

-- A tag that goes leaves every expense; arrays have no foreign keys that could do it.
create function public.tags_deleted() returns trigger language plpgsql as $$
declare
  part record;
begin
  if public.write_mode() <> '' then return null; end if;
  for part in select ledger_id, array_agg(id) as gone from old_rows group by ledger_id loop
    update public.expenses set tag_ids = array(
        select tag from unnest(tag_ids) with ordinality as t (tag, place)
        where tag <> all(part.gone) order by place)
      where ledger_id = part.ledger_id and tag_ids && part.gone and deleted_at is null;
    update public.expenses set tag_ids = array(
        select tag from unnest(tag_ids) with ordinality as t (tag, place)
        where tag <> all(part.gone) order by place)
      where ledger_id = part.ledger_id and tag_ids && part.gone and deleted_at is not null;
    delete from public.tag_totals where ledger_id = part.ledger_id and tag_id = any(part.gone);
  end loop;
  return null;
end $$;
create trigger take_off_expenses after delete on public.tags referencing old table as old_rows
  for each statement execute function public.tags_deleted();

create trigger changed_inserted after insert on public.expenses referencing new table as new_rows
  for each statement execute function public.expenses_inserted();
create trigger changed_updated after update on public.expenses
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.expenses_updated();
create trigger changed_deleted after delete on public.expenses referencing old table as old_rows
  for each statement execute function public.expenses_deleted();

-- Another first day of the month makes other months.
create function public.months_moved() returns trigger language plpgsql as $$
declare
  moved record;
begin
  if public.write_mode() = 'erase' then return null; end if;
  for moved in
    select n.id, n.first_day_of_month as first_day from new_rows n join old_rows o on o.id = n.id
    where n.first_day_of_month <> o.first_day_of_month
  loop
    perform 1 from public.ledger_seqs where ledger_id = moved.id for no key update;
    delete from public.monthly_totals where ledger_id = moved.id;
    insert into public.monthly_totals (ledger_id, month, category_id, currency, kind, amount, entries)
    select moved.id, public.month_of(day, moved.first_day), category_id, currency, kind,
      sum(amount), sum(entries)
    from public.daily_totals where ledger_id = moved.id and entries <> 0 group by 2, 3, 4, 5;
  end loop;
  return null;
end $$;
create trigger months_moved after update on public.ledgers
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.months_moved();

create function public.refuse_truncate() returns trigger language plpgsql as $$
begin
  raise feature_not_supported using message =
    'TRUNCATE would leave the totals and the history wrong; use DELETE';
end $$;
create trigger refuse_truncate before truncate on public.expenses
  for each statement execute function public.refuse_truncate();
