"""The first person and ledger of a local instance, as far as the machine tells about them."""

import locale
import os
import pwd
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from outlay.ledgers.model import LedgerRow
from outlay.money.currencies import EXPONENTS
from outlay.users.first import FIRST_LEDGER

_ZONES: Final = "zoneinfo/"


def local_name() -> str:
    """Return the name of whoever starts the service, as the system has it."""
    try:
        account = pwd.getpwuid(os.geteuid())
    except KeyError:
        return "Owner"
    name = account.pw_gecos.split(",")[0].strip() or account.pw_name
    return name[:100] if name.isprintable() else "Owner"


def local_ledger() -> LedgerRow:
    """Return a ledger in the machine's time zone and its locale's currency."""
    return msgspec.structs.replace(
        FIRST_LEDGER,
        time_zone=_time_zone() or FIRST_LEDGER.time_zone,
        currency=_currency() or FIRST_LEDGER.currency,
    )


def _time_zone(link: Path = Path("/etc/localtime")) -> str | None:
    linked = str(link.resolve())
    name = os.environ.get("TZ", "") or linked.partition(_ZONES)[2]
    try:
        return ZoneInfo(name).key if name else None
    except (ValueError, OSError):
        return None


def _currency() -> str | None:
    try:
        locale.setlocale(locale.LC_MONETARY, "")
    except locale.Error:
        return None
    code = str(locale.localeconv()["int_curr_symbol"]).strip()
    return code if code in EXPONENTS else None
