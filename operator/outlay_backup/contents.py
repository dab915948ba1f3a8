"""What a database holds, table by table, in a form that two databases can be compared by.

Each row is written as text over its stored columns (a generated one may differ between majors and
is made again by a restore) and hashed to 64 bits, and the hashes are added up: the order of the rows
does not matter. The hash is the one that PostgreSQL parts tables by, so no major may change it.
"""

from collections.abc import Callable, Iterator
from typing import Final

from outlay_backup.database import Connection
from outlay_backup.model import Contents, Sequence, Table

# Text must not depend on the session or the server's defaults.
TEXT_SETTINGS: Final = """
set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
set local bytea_output = 'hex'; set local extra_float_digits = 1; set local xmloption = 'content';
set local search_path = ''; set local lc_monetary = 'C'; set local statement_timeout = 0;
"""
_TABLES: Final = """
select format('%I.%I', n.nspname, c.relname) as name,
  array(select quote_ident(a.attname) from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    order by a.attname collate "C") as columns
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and not exists (select from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
order by 1
"""
_SEQUENCES: Final = """
select format('%I.%I', schemaname, sequencename) as name, last_value as value,
  increment_by as step
from pg_catalog.pg_sequences order by 1
"""
_ROWS: Final = """
select count(*) as rows,
  coalesce(sum(hashtextextended(row({columns})::text collate "C", 0)), 0)::text as checksum
from only {name} t
"""
_LARGE_OBJECTS: Final = """
select count(*) as rows,
  coalesce(sum(hashtextextended(oid::text || md5(lo_get(oid)) collate "C", 0)), 0)::text as checksum
from pg_catalog.pg_largeobject_metadata
"""

Say = Callable[[int], None]


async def read(connection: Connection, say: Say = lambda _: None) -> Contents:
    """Read everything in the caller's transaction; `say` is told of each table that is done."""
    await connection.execute(TEXT_SETTINGS)
    sequences = await connection.fetch(_SEQUENCES)
    found = await connection.fetch(_TABLES)
    tables = []
    for table in found:
        tables.append(await _table(connection, table["name"], table["columns"]))
        say(1)
    large = await connection.fetchrow(_LARGE_OBJECTS)
    assert large is not None  # noqa: S101 - an aggregate has a row
    return Contents(
        tables=tuple(tables),
        sequences=tuple(Sequence(*row) for row in sequences),
        large_objects=large["rows"],
        large_objects_checksum=large["checksum"],
    )


async def _table(connection: Connection, name: str, columns: list[str]) -> Table:
    stored = ", ".join(f"t.{column}" for column in columns)
    row = await connection.fetchrow(_ROWS.format(name=name, columns=stored))
    assert row is not None  # noqa: S101 - an aggregate has a row
    return Table(name, row["rows"], row["checksum"], tuple(columns))


def differences(dumped: Contents, restored: Contents) -> Iterator[str]:
    """Say in what a restored database differs from what was dumped; nothing when it is the same."""
    before = {table.name: table for table in dumped.tables}
    after = {table.name: table for table in restored.tables}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield f"table {name}: {_told(was)} dumped, {_told(now)} restored"
    yield from _behind(dumped, restored)
    old = (dumped.large_objects, dumped.large_objects_checksum)
    new = (restored.large_objects, restored.large_objects_checksum)
    if old != new:
        yield f"large objects: {old[0]} dumped, {new[0]} restored, or other bytes"


def _behind(dumped: Contents, restored: Contents) -> Iterator[str]:
    """Sequences are outside of snapshots: a dump may find one further on, never behind."""
    after = {each.name: each for each in restored.sequences}
    for was in dumped.sequences:
        now = after.get(was.name)
        if now is None:
            yield f"sequence {was.name} is missing"
        elif was.value is not None and (
            now.value is None or (now.value - was.value) * (1 if was.step > 0 else -1) < 0
        ):
            yield f"sequence {was.name} stands at {now.value}, behind {was.value}"


def _told(table: Table | None) -> str:
    if table is None:
        return "absent"
    return f"{table.rows} rows of {len(table.columns)} columns, checksum {table.checksum}"
