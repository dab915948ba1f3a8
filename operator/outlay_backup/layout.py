"""Where things lie below the prefix; docs/backups/format.md tells it whole.

`outlay-backups.json` says whose they are. A run is a folder such as `20261126T205227Z-3f9a2c71`
with, in the order of their coming: `begun.json`, the dump (age around zstd around pg_dump's custom
format), `manifest.json` once the dump is whole, `verified.json` once it was restored and compared,
the CSVs and their list, `result.json`. `drill.json` tells of the owners' own key.
"""

import re
import secrets
from datetime import datetime
from typing import Final

from outlay_backup.times import from_stamp, stamp

MARKER: Final = "outlay-backups.json"
BEGUN: Final = "begun.json"
DUMP: Final = "dump.pgc.zst.age"
MANIFEST: Final = "manifest.json"
VERIFIED: Final = "verified.json"
DRILL: Final = "drill.json"
RESULT: Final = "result.json"
CSV_LIST: Final = "csv.json"
_DIGITS: Final = re.compile(r"[0-9a-f]{8}")
_RUN: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


def new_run(moment: datetime, digits: str = "") -> str:
    """Return a name that sorts by time and that no other run has; `digits` are random by default."""
    return f"{stamp(moment)}-{digits or secrets.token_hex(4)}"


def digits_of(run_id: str) -> str:
    """Return the digits that a run has in its name whose starter knows it by this id.

    A UID of Kubernetes, or at least eight hexadecimal digits of any other kind; ValueError.
    """
    found = run_id.replace("-", "").lower()[:8]
    if not _DIGITS.fullmatch(found):
        raise ValueError(run_id)
    return found


def is_run(name: str) -> bool:
    return _RUN.fullmatch(name) is not None and from_stamp(name) is not None


def run_of(path: str) -> str | None:
    """Return the run that an object belongs to; None for what is not ours."""
    name, slash, _ = path.partition("/")
    return name if slash and is_run(name) else None


def at(run: str, name: str) -> str:
    return f"{run}/{name}"


def csv_of(table: str) -> str:
    return f"csv/{table}.csv.zst.age"
