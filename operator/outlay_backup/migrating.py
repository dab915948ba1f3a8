"""The service's own migrate command, called as a program: its code is never imported."""

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from outlay_backup.database import Database
from outlay_backup.errors import RestoreFailedError, RestoreRefusedError
from outlay_backup.model import Manifest
from outlay_backup.process import output_of


def service_command(given: str | None) -> list[str] | None:
    """Return the service's command: the given one, the one beside this Python, or one on PATH."""
    beside = Path(sys.executable).with_name("outlay")
    found = given or (str(beside) if os.access(beside, os.X_OK) else shutil.which("outlay"))
    return [found] if found else None


async def refuse_newer(
    command: Sequence[str] | None, version: str | None, manifest: Manifest
) -> None:
    """Refuse a backup whose schema the service cannot serve, before anything is restored.

    The service's version is `version`, or asked of its command; with neither nothing is refused.
    """
    if manifest.schema is None or (command is None and version is None):
        return
    own = version or (await _run([*(command or ()), "version"], {})).strip()
    if _tuple(manifest.schema.serves) > _tuple(own):
        raise RestoreRefusedError(
            f"{manifest.run} needs Outlay {manifest.schema.serves} or later, and this is {own}."
            " Upgrade Outlay first, then restore."
        )


async def migrate(command: Sequence[str], database: Database, role: str) -> None:
    """Bring a restored database's schema forward, as its owner."""
    env = {"OUTLAY_DATABASE_URL": _as_role(database.url, role), "OUTLAY_LOG_FORMAT": "text"}
    if database.password_file is not None:
        env["OUTLAY_DATABASE_PASSWORD_FILE"] = str(database.password_file)
    await _run([*command, "migrate"], env)


def _as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query), ("role", role)]
    return urlunsplit(parts._replace(query=urlencode(query, safe="/")))


async def _run(command: Sequence[str], env: dict[str, str]) -> str:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OUTLAY_")}
    return await output_of(command, kept | env, RestoreFailedError, missing=RestoreRefusedError)


def _tuple(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
