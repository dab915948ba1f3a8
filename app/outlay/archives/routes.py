"""An archive brought in as a new ledger."""

import asyncio
from typing import IO, Annotated, Final, Literal
from uuid import UUID

import asyncpg
import msgspec
from litestar import Response, post
from litestar.params import QueryParameter

from outlay.access import AnyRequest, Call, call_of, user
from outlay.archives import store
from outlay.archives.bringing import Order, bring
from outlay.archives.frame import MOST_TIMES_UPLOAD
from outlay.archives.reading import uploaded
from outlay.archives.slots import Slots
from outlay.auth.desk import desk_of
from outlay.db import Connection, acquire, in_transaction
from outlay.errors import Unavailable

Became = Literal["you", "placeholder", "not-a-member"]
SLOTS: Final = Slots(2, "Two archives are being imported already; try again shortly")


class MemberOutcome(msgspec.Struct, frozen=True):
    """A member of the archive, and who that is here.

    `you` own the ledger now, a `placeholder` only keeps the name, and somebody known here is
    `not-a-member` until you invite them.
    """

    user_id: UUID
    name: str
    role: str
    became: Became


class ImportedArchive(msgspec.Struct, frozen=True):
    """The new ledger, how many lines of each type made it, and what became of its members."""

    ledger: UUID
    counts: dict[str, int]
    members: list[MemberOutcome]


@post(
    "/ledgers/import-archive",
    opt=user("write", db="brief", body="stream"),
    status_code=201,
    summary="Import an archive as a new ledger",
)
async def import_archive(
    request: AnyRequest,
    as_: Annotated[
        Literal["new"] | None,
        QueryParameter(name="as", description="`new`: a copy under an id of its own"),
    ] = None,
) -> Response[ImportedArchive]:
    """The body is the file that `GET /ledgers/{ledger}/export?format=archive` gave, packed or not.

    Ids, versions, times and history stay as they were; the importer becomes the owner. Either all
    of it is imported or nothing; mistakes are told by line (`/line/12/amount`).
    """
    call = call_of(request)
    settings = desk_of(request).settings
    order = Order(
        importer=call.caller.user_id,
        context=call.context("archive.import"),
        as_new=as_ == "new",
        most_bytes=settings.max_upload * MOST_TIMES_UPLOAD,
    )
    with SLOTS.taken():
        async with uploaded(
            request.receive, most=settings.max_upload, patience=settings.request_timeout
        ) as file:
            made = await _imported(call, file, order)
    return Response(made, status_code=201, headers={"Location": f"/api/v1/ledgers/{made.ledger}"})


async def _imported(call: Call, file: IO[bytes], order: Order) -> ImportedArchive:
    try:
        async with asyncio.timeout(store.MOST_SECONDS), acquire(call.pool) as db:
            return await in_transaction(db, lambda: _brought(db, file, order))
    except TimeoutError as error:
        raise Unavailable("The import took too long and was stopped") from error


async def _brought(db: Connection, file: IO[bytes], order: Order) -> ImportedArchive:
    ledger, counts = await bring(db, file, order)
    members = [_outcome(row, order.importer) for row in await store.outcomes(db)]
    return ImportedArchive(ledger, counts, members)


def _outcome(row: asyncpg.Record, importer: UUID) -> MemberOutcome:
    became: Became = "not-a-member"
    if row["user_id"] == importer:
        became = "you"
    elif row["is_placeholder"]:
        became = "placeholder"
    return MemberOutcome(row["user_id"], row["name"], row["role"], became)


handlers = [import_archive]
