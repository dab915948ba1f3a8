"""Questions of somebody's own, asked of the restored copy."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from outlay_backup.copies import NAME, Copy
from outlay_backup.errors import SettingsError, VerifyFailedError
from outlay_backup.model import Check

CHECK_SECONDS: Final = 300
_ROLE: Final = "outlay_check"


def read_checks(path: Path) -> tuple[Check, ...]:
    """Read a JSON list of {"name", "sql", "expected"}; the answer is compared as text."""
    try:
        return tuple(msgspec.json.decode(path.read_bytes(), type=list[Check]))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise SettingsError(
            f'{path} is not a JSON list of {{"name", "sql", "expected"}}: {error}.'
        ) from error


async def ask(copy: Copy, checks: Sequence[Check]) -> None:
    """Ask each one; VerifyFailedError names the first whose answer is another.

    They come from whoever made the schedule, so they run as a role that may only read: no program,
    no file, no other role is theirs to reach.
    """
    if not checks:
        return
    async with copy.database.connected() as connection:
        await connection.execute(
            f"create role {_ROLE} login in role pg_read_all_data;"
            f" grant connect on database {NAME} to {_ROLE}"
        )
    url = copy.database.url.replace("//postgres@", f"//{_ROLE}@", 1)
    asked = await asyncpg.connect(url, timeout=15)
    try:
        for check in checks:
            await _ask(asked, check)
    finally:
        await asked.close(timeout=5)


async def _ask(connection: "asyncpg.Connection[asyncpg.Record]", check: Check) -> None:
    try:
        async with asyncio.timeout(CHECK_SECONDS), connection.transaction(readonly=True):
            found = await connection.fetchval(check.sql)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        raise VerifyFailedError(
            f"The check {check.name!r} failed: {str(error) or 'too slow'}"
        ) from error
    if _text(found) != check.expected:
        raise VerifyFailedError(
            f"The check {check.name!r} gave {_text(found)!r:.200} and not {check.expected!r:.200}."
        )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
