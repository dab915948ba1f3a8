"""The ledgers' tables as CSV, for whoever has no PostgreSQL at hand.

What is exported is named here, table by table, so that nothing gets out by being new: users,
sessions, tokens, links and stored answers never do. A test holds the list to the catalogue.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from outlay_backup import layout, programs
from outlay_backup.copies import Copy
from outlay_backup.database import Connection
from outlay_backup.errors import VerifyFailedError
from outlay_backup.keys import Recipient
from outlay_backup.model import CsvFile, CsvFiles, Stored, encode
from outlay_backup.packing import store_stream
from outlay_backup.process import Output
from outlay_backup.progress import Progress
from outlay_backup.store import Store
from outlay_backup.times import now

EXPORTED: Final = (
    "ledgers",
    "members",
    "accounts",
    "categories",
    "tags",
    "expenses",
    "change_sets",
    "change_log",
    "import_profiles",
    "imports",
    "import_rows",
)
_COLUMNS: Final = """
select quote_ident(a.attname) as name, t.typcategory = 'S' as is_text
from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
order by a.attnum
"""
# A spreadsheet takes such a cell for a formula, whoever wrote it (OWASP, CSV injection). An
# apostrophe in front makes it a text; one that begins so already gets another.
_NEUTRAL: Final = """case when {0} ~ '^''*[-=+@\\t\\r\\n]' then '''' || {0} else {0} end as {0}"""
# Excel reads a file without it in the machine's own old encoding.
BOM: Final = "\ufeff".encode()


class _WithBom:
    """A program's output with the mark in front."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._first = BOM

    def read(self, size: int, /) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        return self._output.read(size)

    def finish(self) -> None:
        self._output.finish()


async def export(
    copy: Copy, store: Store, run: str, recipients: Sequence[Recipient], progress: Progress
) -> CsvFiles:
    """Store a CSV of each table, encrypted as the dump is, then the list of them."""
    rows = {table.name: table.rows for table in copy.contents.tables}
    wanted = [name for name in EXPORTED if f"public.{name}" in rows]
    progress.begin("Writing CSV", len(wanted), unit="tables")
    files = []
    async with copy.database.connected() as connection:
        for name in wanted:
            query = await _query(connection, name)
            stored = await asyncio.to_thread(_store, copy, store, run, name, query, recipients)
            files.append(CsvFile(name, rows[f"public.{name}"], stored))
            progress.advance(1)
    listed = CsvFiles(run, now(), tuple(files))
    await asyncio.to_thread(store.put, layout.at(run, layout.CSV_LIST), encode(listed))
    return listed


async def _query(connection: Connection, table: str) -> str:
    columns = await connection.fetch(_COLUMNS, f"public.{table}")
    cells = [
        _NEUTRAL.format(column["name"]) if column["is_text"] else column["name"]
        for column in columns
    ]
    return f"copy (select {', '.join(cells)} from public.{table}) to stdout (format csv, header)"


def _store(
    copy: Copy, store: Store, run: str, table: str, query: str, recipients: Sequence[Recipient]
) -> Stored:
    command = [
        copy.server.programs.path("psql"),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={copy.database.public_url()}",
        "--command=set timezone = 'UTC'; set datestyle = 'ISO, YMD'",
        f"--command={query}",
    ]
    path = layout.at(run, layout.csv_of(table))
    with Output(command, programs.environment(), VerifyFailedError) as output:
        expected = copy.manifest.source.bytes
        return store_stream(store, path, _WithBom(output), recipients, expected)
