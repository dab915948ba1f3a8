"""What a database holds, table by table, and whether two databases hold the same."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from outlay.embedded.cluster import SUPERUSER
from outlay.embedded.errors import UpgradeError
from outlay.embedded.programs import Programs

# Rows as text, hashed and added up: the order of the rows does not matter. 60 bits of md5 each,
# the sum in numeric, so that it neither overflows nor depends on the server's major.
_TABLES = r"""
set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres';
set bytea_output = 'hex'; set extra_float_digits = 1;
select format(
  'select %L, count(*),
     coalesce(sum((''x'' || left(md5(row_of_table::text), 15))::bit(60)::bigint), 0)
   from only %I.%I row_of_table', 'table ' || n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
order by 1 \gexec
select format('select %L, is_called::int, last_value from %I.%I',
  'sequence ' || n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'S' and n.nspname !~ '^pg_'
order by 1 \gexec
"""
_DATABASES = """
select datname from pg_catalog.pg_database
where datallowconn and not datistemplate and datname <> 'postgres' order by 1;
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A running server, and the programs to ask it with."""

    programs: Programs
    sockets: Path
    port: int

    def options(self, database: str) -> list[str]:
        address = [f"--host={self.sockets}", f"--port={self.port}", f"--username={SUPERUSER}"]
        return [*address, f"--dbname={_conninfo(database)}"]


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows of a table and the sum of their hashes; of a sequence its state and last value."""

    rows: int
    checksum: Decimal


def run_sql(at: Endpoint, database: str, sql: str) -> str:
    quiet = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t"]
    stop = ["--set=ON_ERROR_STOP=1"]
    return at.programs.run("psql", [*at.options(database), *quiet, *stop], text=sql)


def databases(at: Endpoint) -> tuple[str, ...]:
    return tuple(run_sql(at, "postgres", _DATABASES).split("\n")[:-1])


def contents(at: Endpoint, database: str) -> dict[str, Contents]:
    found = {}
    for line in run_sql(at, database, _TABLES).splitlines():
        name, rows, checksum = line.rsplit("\t", 2)
        found[name] = Contents(int(rows), Decimal(checksum))
    return found


def compare(database: str, before: dict[str, Contents], after: dict[str, Contents]) -> None:
    """Raise UpgradeError naming the first table that is not the same."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            raise UpgradeError(
                f"{database}: {name} is not the same after the restore ({_told(before.get(name))}"
                f" before, {_told(after.get(name))} after). The old data is in place, unchanged."
            )


def _told(found: Contents | None) -> str:
    return "absent" if found is None else f"{found.rows} rows, checksum {found.checksum}"


def _conninfo(database: str) -> str:
    escaped = database.replace("\\", "\\\\").replace("'", "\\'")
    return f"dbname='{escaped}'"
