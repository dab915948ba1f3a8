"""Puts a dump back into a database: pg_restore, then what it could not be asked to do."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from outlay_backup.database import Connection, Database
from outlay_backup.errors import RestoreFailedError
from outlay_backup.model import Source
from outlay_backup.process import output_of
from outlay_backup.programs import Programs, environment

JOBS: Final = 2
_GRANTS: Final = (" ACL ", " DEFAULT ACL ")


async def make_database(connection: Connection, name: str, like: Source, owner: str) -> str | None:
    """Make an empty database with the source's encoding and locale.

    Returns a sentence where the server does not know that locale: then it is C, which sorts by code
    point and changes nothing that is stored.
    """
    statement = f"create database {quoted(name)} owner {quoted(owner)} template template0"
    encoding = f"encoding {literal(like.encoding)}"
    for options in _locales(like):
        try:
            await connection.execute(f"{statement} {encoding} {options}")
        except Exception as error:
            if not _is_about_locale(error):
                raise
            continue
        if options == _PLAIN:
            return f"The server has no locale {like.locale.get('collate')}; C is used instead."
        return None
    raise RestoreFailedError(f"The server cannot make a database with {like.encoding}.")


_PLAIN: Final = "lc_collate 'C' lc_ctype 'C'"


def _locales(like: Source) -> list[str]:
    collate, ctype = like.locale.get("collate") or "C", like.locale.get("ctype") or "C"
    libc = f"lc_collate {literal(collate)} lc_ctype {literal(ctype)}"
    named = literal(like.locale.get("locale") or "")
    match like.locale.get("provider"):
        case "b":
            first = f"{libc} locale_provider builtin builtin_locale {named}"
        case "i":
            first = f"{libc} locale_provider icu icu_locale {named}"
        case _:
            first = f"{libc} locale_provider libc"
    return [first, libc, _PLAIN]


def _is_about_locale(error: Exception) -> bool:
    return any(word in str(error).lower() for word in ("locale", "encoding", "icu", "collation"))


async def refill(
    programs: Programs, database: Database, dump: Path, role: str | None, jobs: int = JOBS
) -> None:
    """Restore everything but grants, as `role`; the first error ends it."""
    as_role = [f"--role={role}"] if role else []
    arguments = ["--exit-on-error", "--no-owner", "--no-privileges", f"--jobs={jobs}", *as_role]
    await _pg_restore(programs, database, [*arguments, str(dump)])


async def grant(programs: Programs, database: Database, dump: Path, role: str) -> str | None:
    """Restore the grants; a sentence where some name a role that is not here."""
    listing = [programs.path("pg_restore"), "--list", str(dump)]
    listed = await output_of(listing, environment(), RestoreFailedError)
    wanted = [line for line in listed.splitlines() if any(kind in line for kind in _GRANTS)]
    if not wanted:
        return None
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".list") as chosen:
        chosen.write("\n".join(wanted) + "\n")
        chosen.flush()
        arguments = [f"--use-list={chosen.name}", "--no-owner", f"--role={role}", str(dump)]
        try:
            await _pg_restore(programs, database, arguments)
        except RestoreFailedError as error:
            return f"Some grants could not be given again: {error}"
    return None


async def _pg_restore(programs: Programs, database: Database, arguments: Sequence[str]) -> None:
    address = f"--dbname={database.public_url()}"
    command = [programs.path("pg_restore"), "--no-password", address, *arguments]
    await output_of(command, environment(database), RestoreFailedError)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
