"""Archives in tests: written, read, compared, and changed by hand."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from outlay.archives.bringing import Order, bring
from outlay.db import Pool, acquire, in_transaction
from outlay.exports.archive import write_archive
from outlay.exports.snapshot import in_index_order, snapshot
from world import Person

Lines = list[dict[str, Any]]


async def written(pool: Pool, ledger: UUID, *, history: bool) -> bytes:
    """The ledger as an archive."""
    pieces: list[bytes] = []

    async def write(piece: bytes) -> None:
        pieces.append(piece)

    async with snapshot(pool) as db:
        await in_index_order(db)
        await write_archive(db, ledger, write, history=history)
    return b"".join(pieces)


async def brought(pool: Pool, archive: bytes, importer: UUID, *, as_new: bool = False) -> UUID:
    """Import the archive, and return the ledger's id."""
    context = json.dumps({"actor": str(importer), "source": "api", "action": "archive.import"})
    order = Order(importer=importer, context=context, as_new=as_new, most_bytes=1 << 30)
    async with acquire(pool) as db:
        made, _ = await in_transaction(db, lambda: bring(db, io.BytesIO(archive), order))
    return made


def lines_of(archive: bytes) -> Lines:
    return [json.loads(line) for line in archive.split(b"\n")[:-1]]


def lasting(archive: bytes) -> list[Any]:
    """What two archives of one ledger must share, byte for byte: all but when and where."""
    first, *middle, last = archive.split(b"\n")[:-1]
    header, end = json.loads(first), json.loads(last)
    for name in ("written_at", "epoch", "seq"):
        del header[name]
    return [header, *middle, end["counts"]]


def sealed(lines: Iterable[dict[str, Any]]) -> bytes:
    """The lines as a whole archive, whose last line is right whatever the others say."""
    first, *middle = [line for line in lines if line.get("type") != "end"]
    counts = Counter(line["type"] for line in middle if "type" in line)
    body = b"".join(json.dumps(line).encode() + b"\n" for line in (first, *middle))
    end = {"type": "end", "counts": counts, "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"


def changed(archive: bytes, change: Callable[[Lines], Any]) -> bytes:
    """The archive with its lines changed and sealed again."""
    lines = lines_of(archive)
    change(lines)
    return sealed(lines)


def the(lines: Lines, kind: str, **having: Any) -> dict[str, Any]:
    """The first line of a type with these values."""
    return next(
        line for line in lines
        if line.get("type") == kind and all(line[k] == v for k, v in having.items())
    )  # fmt: skip


async def exported(person: Person, ledger: UUID | str = "default", **params: Any) -> bytes:
    """The answer of the export route."""
    path = f"/ledgers/{ledger}/export"
    answer = await person.call("GET", path, params={"format": "archive", **params}, status=200)
    return answer.content
