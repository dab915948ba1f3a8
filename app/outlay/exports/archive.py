"""A whole ledger written as an archive, in one snapshot, a bounded piece at a time."""

import datetime as dt
import hashlib
from typing import Any, Final
from uuid import UUID

import msgspec

from outlay import __version__
from outlay.archives.frame import End, Header
from outlay.db import Connection
from outlay.exports.lines import sections
from outlay.exports.model import Write

_STATE: Final = """
select i.epoch, s.seq, (select max(version) from public.schema_migrations) as schema
from public.installation i, public.ledger_seqs s where s.ledger_id = $1
"""
# JSON has neither character raw, so COPY's CSV writes its lines as they are.
_COPY: Final[dict[str, Any]] = {"format": "csv", "delimiter": "\x02", "quote": "\x01"}


async def write_archive(db: Connection, ledger: UUID, write: Write, *, history: bool) -> None:
    """Write the archive's lines; the caller's transaction is the snapshot."""
    digest = hashlib.sha256()
    counts: dict[str, int] = {}

    async def out(chunk: bytes) -> None:
        digest.update(chunk)
        await write(chunk)

    await out(msgspec.json.encode(await _header(db, ledger, history=history)) + b"\n")
    for section in sections(history=history):
        status = await db.copy_from_query(section.sql, ledger, output=out, **_COPY)
        counts[section.name] = int(status.removeprefix("COPY "))
    await write(msgspec.json.encode(End(counts=counts, sha256=digest.hexdigest())) + b"\n")


async def _header(db: Connection, ledger: UUID, *, history: bool) -> Header:
    state = await db.fetchrow(_STATE, ledger)
    if state is None:
        raise AssertionError("a ledger has its counter from its first moment")
    return Header(
        program=__version__,
        schema=state["schema"],
        ledger=ledger,
        history=history,
        epoch=state["epoch"],
        seq=state["seq"],
        written_at=dt.datetime.now(dt.UTC),
    )
