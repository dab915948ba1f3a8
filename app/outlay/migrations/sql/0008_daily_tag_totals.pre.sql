-- why: sums by tag, and of one tag, are read from totals as others are, and no longer from every row.
-- serves: 0.1.0

-- As daily_totals, a tag instead of a category. The nil uuid stands for any tag: a row with two tags
-- is in it once, so that what it leaves of daily_totals is the rows without tags.
create table public.daily_tag_totals (
  ledger_id uuid not null references public.ledgers on delete cascade,
  day date not null,
  tag_id uuid not null,
  currency text not null,
  kind text not null,
  amount numeric not null,
  entries bigint not null,
  primary key (ledger_id, day, tag_id, currency, kind)
) with (fillfactor = 80);

-- The keys under which a row's tags are summed up.
create function public.tag_keys(p_tags uuid[]) returns setof uuid
language sql immutable parallel safe rows 2
begin atomic
  select distinct unnest('00000000-0000-0000-0000-000000000000'::uuid || p_tags);
end;

create function public.tags_added() returns trigger language plpgsql as $$
begin
  if public.write_mode() = 'erase' or not exists (select from new_rows where tag_ids <> '{}') then
    return null;
  end if;
  insert into public.daily_tag_totals as d (ledger_id, day, tag_id, currency, kind, amount, entries)
  select ledger_id, date, tag, currency, case when refund_of is null then kind else 'refund' end,
    sum(amount), count(*)
  from new_rows cross join lateral public.tag_keys(tag_ids) as tag
  where tag_ids <> '{}' and deleted_at is null
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (ledger_id, day, tag_id, currency, kind)
  do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;
  return null;
end $$;

create function public.tags_moved() returns trigger language plpgsql as $$
begin
  if public.write_mode() = 'erase' or not exists (
    select from new_rows where tag_ids <> '{}' union all select from old_rows where tag_ids <> '{}')
  then
    return null;
  end if;
  insert into public.daily_tag_totals as d (ledger_id, day, tag_id, currency, kind, amount, entries)
  select ledger_id, date, tag, currency, kind, sum(amount), sum(entries)
  from (
    select ledger_id, tag_ids, date, currency,
      case when refund_of is null then kind else 'refund' end as kind, amount::numeric as amount, 1 as entries
    from new_rows where tag_ids <> '{}' and deleted_at is null
    union all
    select ledger_id, tag_ids, date, currency,
      case when refund_of is null then kind else 'refund' end, -amount, -1
    from old_rows where tag_ids <> '{}' and deleted_at is null
  ) moves cross join lateral public.tag_keys(tag_ids) as tag
  group by 1, 2, 3, 4, 5 having sum(amount) <> 0 or sum(entries) <> 0 order by 1, 2, 3, 4, 5
  on conflict (ledger_id, day, tag_id, currency, kind)
  do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;
  return null;
end $$;

create function public.tags_taken() returns trigger language plpgsql as $$
begin
  if public.write_mode() = 'erase' or not exists (select from old_rows where tag_ids <> '{}') then
    return null;
  end if;
  insert into public.daily_tag_totals as d (ledger_id, day, tag_id, currency, kind, amount, entries)
  select ledger_id, date, tag, currency, case when refund_of is null then kind else 'refund' end,
    -sum(amount), -count(*)
  from old_rows cross join lateral public.tag_keys(tag_ids) as tag
  where tag_ids <> '{}' and deleted_at is null
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (ledger_id, day, tag_id, currency, kind)
  do update set amount = d.amount + excluded.amount, entries = d.entries + excluded.entries;
  return null;
end $$;

-- After those that write the log: triggers fire in the order of their names.
create trigger tags_inserted after insert on public.expenses referencing new table as new_rows
  for each statement execute function public.tags_added();
create trigger tags_updated after update on public.expenses
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.tags_moved();
create trigger tags_deleted after delete on public.expenses referencing old table as old_rows
  for each statement execute function public.tags_taken();

-- Creating the triggers has locked writers out, so that none is counted twice or not at all.
insert into public.daily_tag_totals (ledger_id, day, tag_id, currency, kind, amount, entries)
select ledger_id, date, tag, currency, case when refund_of is null then kind else 'refund' end,
  sum(amount), count(*)
from public.expenses cross join lateral public.tag_keys(tag_ids) as tag
where tag_ids <> '{}' and deleted_at is null
group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5;
