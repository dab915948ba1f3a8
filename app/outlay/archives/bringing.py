"""One archive into one new ledger: read, staged, checked, written; all of it or nothing."""

from typing import IO
from uuid import UUID

import msgspec

from outlay.archives import store
from outlay.archives.checks import check_all
from outlay.archives.parser import Parser
from outlay.archives.people import place_people
from outlay.archives.reading import batches
from outlay.archives.staging import Loader, make_stages
from outlay.db import Connection
from outlay.errors import Conflict
from outlay.ids import uuid7


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Who imports; under which id (the archive's own by default); bytes allowed, unpacked."""

    importer: UUID
    context: str
    as_new: bool
    most_bytes: int


async def bring(db: Connection, file: IO[bytes], order: Order) -> tuple[UUID, dict[str, int]]:
    """Write the archive inside the caller's transaction; the ledger's id and its lines by type.

    Raises InvalidInput with the wrong lines, Conflict when the ledger is here already.
    """
    await db.execute(store.SETTINGS)
    await make_stages(db)
    parser = Parser()
    loader = Loader(db)
    ledger: UUID | None = None
    async for lines in batches(file, most=order.most_bytes):
        for raw in lines:
            line = parser.take(raw)
            if line is not None and not parser.errors:
                await loader.add(parser.number, line)
        if ledger is None and lines:
            ledger = await _free_id(db, parser.header.ledger, as_new=order.as_new)
    parser.close()
    await loader.flush()
    await check_all(db, parser.header.ledger, history=parser.header.history)
    await place_people(db, order.importer)
    ledger = ledger or parser.header.ledger
    if not await store.bring_in(
        db, ledger, order.importer, order.context, history=parser.header.history
    ):
        raise _here_already()
    return ledger, dict(parser.counts)


async def _free_id(db: Connection, own: UUID, *, as_new: bool) -> UUID:
    if as_new:
        return uuid7()
    if await store.is_taken(db, own):
        raise _here_already()
    return own


def _here_already() -> Conflict:
    return Conflict("A ledger with this id is here already; send `as=new` to make a second copy")
