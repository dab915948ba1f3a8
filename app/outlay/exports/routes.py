"""A ledger taken away: as a table for a spreadsheet, or whole, to be brought in again."""

import datetime as dt
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import get
from msgspec import Meta

from outlay.access import AnyRequest, Call, call_of, viewer
from outlay.archives.frame import MEDIA_TYPE
from outlay.archives.slots import Slots
from outlay.db import acquire
from outlay.errors import InvalidInput
from outlay.expenses.filters import Filter, checked
from outlay.expenses.search import words_query
from outlay.exports import table
from outlay.exports.archive import write_archive
from outlay.exports.download import Download, file_stem
from outlay.exports.model import Produce, Write
from outlay.exports.snapshot import in_index_order, snapshot
from outlay.queries import asked

SLOTS: Final = Slots(2, "Two exports are running already; try again shortly")
CSV_TYPE: Final = "text/csv; charset=utf-8; header=present"

Format = Literal["csv", "archive"]


class Exported(msgspec.Struct, frozen=True):
    format: Annotated[Format, Meta(description="A table, or all there is")] = "csv"
    history: Annotated[bool, Meta(description="With an archive: every change ever made, too")] = (
        False
    )
    compress: Annotated[Literal["gzip"] | None, Meta(description="Pack the file")] = None


@get(
    "/ledgers/{ledger:str}/export",
    opt=viewer(
        db="brief",
        query=(Filter, Exported),
        media=("text/csv", MEDIA_TYPE, "application/gzip"),
    ),
    media_type="application/octet-stream",
    summary="Export a ledger",
    response_description="The file, streamed; a broken connection means that it is not whole",
)
async def export_ledger(request: AnyRequest) -> Download:
    """`csv`: the expenses that the filters want, a line each, for spreadsheets.

    `archive`: JSON lines with everything in the ledger, the trash included, that
    `POST /ledgers/import-archive` brings in again without loss. Everything comes from one moment,
    whatever is written meanwhile. docs/archive.md describes both formats.
    """
    given, how = asked(request, Filter, Exported)
    wanted, format_ = checked(given), how.format
    call = call_of(request)
    _refuse_mixture(format_, wanted, history=how.history)
    produce = _archive(call, history=how.history) if format_ == "archive" else _csv(call, wanted)
    extension = "csv" if format_ == "csv" else "jsonl"
    return Download(
        produce,
        name=await _file_name(call, extension + (".gz" if how.compress else "")),
        media_type="application/gzip" if how.compress else _MEDIA_TYPES[format_],
        gzip=how.compress is not None,
    )


_MEDIA_TYPES: Final[dict[Format, str]] = {"csv": CSV_TYPE, "archive": MEDIA_TYPE}


def _refuse_mixture(format_: Format, wanted: Filter, *, history: bool) -> None:
    if format_ == "csv" and history:
        raise InvalidInput.field("/history", "History goes with format=archive")
    if format_ == "archive" and wanted != Filter():
        raise InvalidInput.field(
            "/format", "An archive holds the whole ledger; filters go with format=csv"
        )


def _archive(call: Call, *, history: bool) -> Produce:
    async def produce(write: Write) -> None:
        with SLOTS.taken():
            async with snapshot(call.pool) as db:
                await in_index_order(db)
                await write_archive(db, call.ledger.id, write, history=history)

    return produce


def _csv(call: Call, wanted: Filter) -> Produce:
    async def produce(write: Write) -> None:
        with SLOTS.taken():
            async with snapshot(call.pool) as db:
                words = None
                if wanted.q is not None:
                    words = await words_query(db, call.ledger.id, wanted.q) or ""
                if table.follows_an_index(wanted):
                    await in_index_order(db)
                sql, params = table.query(call.ledger.id, wanted, words)
                await db.copy_from_query(sql, *params, output=write, format="csv", header=True)

    return produce


async def _file_name(call: Call, extension: str) -> str:
    async with acquire(call.pool) as db:
        name = await db.fetchval("select name from public.ledgers where id = $1", call.ledger.id)
    today = dt.datetime.now(ZoneInfo(call.ledger.time_zone)).date()
    return f"outlay-{file_stem(name or '')}-{today.isoformat()}.{extension}"


handlers = [export_ledger]
