"""A PostgreSQL data directory: made whole or not at all, recognised by its version."""

import os
import shutil
import tempfile
from pathlib import Path

from outlay.embedded.accounts import give
from outlay.embedded.errors import ProgramError, StartError
from outlay.embedded.programs import Programs

ROLE = "outlay"
DATABASE = "outlay"
SUPERUSER = "postgres"

_MIB = 1024 * 1024
BEGUN = "creating-"
_FIRST_STATEMENTS = f"""\
CREATE ROLE {ROLE} LOGIN CREATEDB;
CREATE DATABASE {DATABASE} OWNER {ROLE};
"""


def create(programs: Programs, target: Path, keep_open: int, *, durable: bool) -> None:
    """Make a new data directory with the role and the database, then rename it to `target`.

    Killed at any point, it leaves either the whole directory or a `creating-` folder that
    `remove_unfinished` takes away. Without `durable` nothing is flushed to disk (tests only).
    """
    begun = Path(tempfile.mkdtemp(prefix=BEGUN, dir=target.parent))
    try:
        give(begun, programs.account)
        programs.run("initdb", _initdb_arguments(begun, durable), keep_open=(keep_open,))
        single = ["--single", "-D", str(begun), "postgres"]
        programs.run("postgres", single, text=_FIRST_STATEMENTS, keep_open=(keep_open,))
        begun.rename(target)
    except ProgramError as error:
        raise StartError(
            f"A new database could not be made in {target.parent}, and nothing was left there."
            f" Correct what PostgreSQL names, then start again. {error}"
        ) from error
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    flush(target.parent)


def remove_unfinished(folder: Path) -> None:
    for left in folder.glob(f"{BEGUN}*"):
        shutil.rmtree(left, ignore_errors=True)


def major_of(cluster: Path) -> int:
    """Return the major version that wrote the directory."""
    return int((cluster / "PG_VERSION").read_text().strip())


def flush(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _initdb_arguments(target: Path, durable: bool) -> list[str]:
    arguments = [
        f"--pgdata={target}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]
    arguments += [f"--set={name}={value}" for name, value in _settings().items()]
    return arguments if durable else [*arguments, "--no-sync"]


def _settings() -> dict[str, str]:
    """Return what goes into postgresql.conf once; its owner may change it there.

    Only what a household's machine needs other than PostgreSQL's own default: little memory, no
    compilation of short queries, no row contents in the log.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "shared_buffers": f"{min(128, memory // 8 // _MIB)}MB",
        "max_connections": "40",
        "max_wal_size": "512MB",
        "random_page_cost": "1.1",
        "huge_pages": "off",
        "jit": "off",
        "log_error_verbosity": "terse",
        "log_line_prefix": "%m [%p] %q%u@%d ",
    }
