"""The first person of an installation: by `make run`, or by the password that the chart wrote."""

from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from outlay.auth import accounts
from outlay.auth.passwords import Passwords
from outlay.auth.rules import check_email, check_password, clean_email
from outlay.db import Connection, in_transaction
from outlay.ids import uuid7
from outlay.ledgers.defaults import default_categories
from outlay.ledgers.making import make_ledger
from outlay.ledgers.model import LedgerRow
from outlay.settings import Settings, SettingsError

FIRST_LEDGER: Final = LedgerRow(
    name="Home", currency="EUR", time_zone="UTC", first_day_of_month=1, first_day_of_week=1
)
ADMIN_NAME: Final = "Administrator"

_ADMIN: Final = """
select id from public.users where is_admin and disabled_at is null and not is_placeholder
order by created_at, id limit 1
"""


async def ensure_first_user(
    db: Connection,
    name: str,
    email: str | None = None,
    *,
    password_hash: str | None = None,
    ledger: LedgerRow = FIRST_LEDGER,
) -> UUID:
    """Return the first administrator; make them and their ledger where there is none.

    Any number of processes may ask at once. The ledger comes with the default categories.
    """
    new = uuid7()
    context = {"actor": new, "source": "cli", "action": "ledger.create", "request": "first-start"}

    async def work() -> UUID:
        await db.execute("select 1 from public.installation for update")
        found: UUID | None = await db.fetchval(_ADMIN)
        if found is not None:
            return found
        await accounts.insert(db, new, name, email, password_hash, is_admin=True)
        as_json = msgspec.json.encode(context).decode()
        categories = list(default_categories())
        await make_ledger(db, uuid7(), ledger, owner=new, context=as_json, categories=categories)
        return new

    return await in_transaction(db, work)


async def ensure_admin(db: Connection, settings: Settings, passwords: Passwords) -> UUID | None:
    """Make the administrator of OUTLAY_ADMIN_EMAIL if there is none yet; None without that setting.

    The password file is read for that only: a change of it later changes no password. Raises
    SettingsError when the address or the password cannot be taken.
    """
    if settings.admin_email is None:
        return None
    found: UUID | None = await db.fetchval(_ADMIN)
    if found is not None:
        return found
    email = clean_email(settings.admin_email)
    password = _read(settings.admin_password_file)
    mistakes = [f"OUTLAY_ADMIN_EMAIL: {error.detail}" for error in check_email("", email)]
    mistakes += [
        f"OUTLAY_ADMIN_PASSWORD_FILE: {error.detail}"
        for error in check_password("", password, of=(email,))
    ]
    if mistakes:
        raise SettingsError(mistakes)
    kept = await passwords.hash(password)
    return await ensure_first_user(db, ADMIN_NAME, email, password_hash=kept)


def _read(file: Path | None) -> str:
    if file is None:
        raise SettingsError(["OUTLAY_ADMIN_PASSWORD_FILE: name the file with the first password"])
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([_missing(file)]) from error


def _missing(file: Path) -> str:
    return (
        f"OUTLAY_ADMIN_PASSWORD_FILE: {file} cannot be read; check its path and its mode."
        f" In Kubernetes it is the key {file.name} of the Secret {file.parent.name}"
    )
