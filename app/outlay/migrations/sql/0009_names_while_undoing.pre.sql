-- why: an undo may give a category its place while the one of that name there is about to leave it.
-- serves: 0.1.0

-- As the index before, checked row by row unless a transaction asks for the end.
drop index public.categories_name_key;
alter table public.categories add constraint categories_name_key exclude using btree (
  ledger_id with =,
  kind with =,
  coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid) with =,
  lower(name) with =
) where (archived_at is null) deferrable initially immediate;
