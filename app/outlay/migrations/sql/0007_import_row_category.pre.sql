-- why: rows of an import get categories while they are looked at, not one by one afterwards.
-- serves: 0.1.0

-- What somebody chose for the row; it comes before the file's own name and the import's default. There
-- is no foreign key, as for everything in this table: a category that has gone counts as none chosen.
alter table public.import_rows add column chosen_category uuid;
