"""Upload a file: it is read at once, and the answer is the preview."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import HeaderParameter, QueryParameter

from outlay import metrics
from outlay.access import Call, call_of, editor
from outlay.archives.slots import Slots
from outlay.auth.desk import desk_of
from outlay.db import Connection, acquire
from outlay.errors import InvalidInput, NotFound
from outlay.ids import uuid7
from outlay.imports import override, profiles, store
from outlay.imports.answers import Found, ImportDetail, LayoutChange, set_fields
from outlay.imports.detect.notices import Notice
from outlay.imports.override import Sample, Saved, Way
from outlay.imports.routes import PATH, answer
from outlay.imports.spool import Spool
from outlay.imports.staging import stage
from outlay.imports.summary import Summary
from outlay.imports.upload import clean_name, receive_file
from outlay.problems import from_msgspec

Req = Request[Any, Any, Any]
SLOTS: Final = Slots(4, "Four files are being read already; try again shortly")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What came with an upload beside the file."""

    given: dict[str, Any]
    profile: UUID | None
    no_profile: bool
    account: UUID | None
    category: UUID | None


class Start(msgspec.Struct, frozen=True):
    """How the file will be read, and the defaults for its rows."""

    way: Way
    account: UUID | None
    category: UUID | None


@dataclass
class UploadOperation(Operation):
    """Says what the body is: the route reads it itself."""

    def __post_init__(self) -> None:
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        self.request_body = RequestBody(
            required=True,
            description="The file as it is, or a form with one file",
            content={
                "text/csv": OpenAPIMediaType(schema=file),
                "application/octet-stream": OpenAPIMediaType(schema=file),
                "multipart/form-data": OpenAPIMediaType(schema=form),
            },
        )


@post(
    PATH,
    opt=editor(db="brief", body="stream"),
    status_code=201,
    operation_class=UploadOperation,
    summary="Upload a file",
)
async def upload_import(
    request: Req,
    name: Annotated[str | None, QueryParameter(description="The file's name")] = None,
    layout: Annotated[
        str | None, QueryParameter(description="Fields of the layout that are known, as JSON")
    ] = None,
    profile: Annotated[
        str | None, QueryParameter(description="A profile's id to read it by, or `none`")
    ] = None,
    account: Annotated[
        UUID | None, QueryParameter(description="Account of rows that name none")
    ] = None,
    category: Annotated[
        UUID | None, QueryParameter(description="Category of rows that name none")
    ] = None,
    x_file_name: Annotated[  # noqa: ARG001 - read with the body; here for the description
        str | None,
        HeaderParameter(name="X-File-Name", description="The same, percent-encoded"),
    ] = None,
) -> Response[ImportDetail]:
    """Detect its layout (or use the profile that fits), read all rows, compare them with the ledger.

    Nothing is in the ledger before the commit. The preview is kept for a week.
    """
    call = call_of(request)
    asked = Asked(
        given=_given(layout),
        profile=_profile_id(profile),
        no_profile=profile == "none",
        account=account,
        category=category,
    )
    with SLOTS.taken(), Spool(desk_of(request).settings.max_upload) as spool:
        sent_name = await receive_file(request, spool)
        shown = clean_name(name) if name else sent_name
        return await _preview(call, spool, asked, shown)


def _given(layout: str | None) -> dict[str, Any]:
    if layout is None:
        return {}
    try:
        return set_fields(msgspec.json.decode(layout, type=LayoutChange))
    except msgspec.ValidationError as error:
        problem = from_msgspec(error)
        raise InvalidInput.field(f"/layout{problem.errors[0].pointer}", problem.detail) from error
    except msgspec.DecodeError as error:
        raise InvalidInput.field("/layout", "This is no JSON") from error


def _profile_id(text: str | None) -> UUID | None:
    if text in {None, "none"}:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput.field("/profile", "Give a profile's id, or none") from None


async def _preview(call: Call, spool: Spool, asked: Asked, name: str) -> Response[ImportDetail]:
    start = await _start(call, spool, asked)
    id_ = uuid7()
    async with acquire(call.pool) as db:
        async with db.transaction():
            summary = await _stage(db, call, spool, start, id_, name)
        _count(summary)
        row = await store.get(db, call.ledger.id, id_)
        if row is None:
            raise NotFound("Somebody discarded this import already")
        made = await answer(db, call, row, status=201)
    made.headers["Location"] = f"/api/v1/ledgers/{call.ledger.id}/imports/{id_}"
    return made


async def _start(call: Call, spool: Spool, asked: Asked) -> Start:
    """Find out how to read the file; no connection is held while it is looked at."""
    async with acquire(call.pool) as db:
        saved = await _profiles(db, call.ledger.id, asked)
    sample = Sample(spool.sample, spool.is_complete, spool.is_utf8, call.ledger.currency)
    way = await asyncio.to_thread(_way, sample, saved, asked)
    override.refuse_given(way.layout, asked.given)
    used = next((profile for profile in saved if profile.id == way.profile), None)
    return Start(
        way,
        asked.account or (used.account if used else None),
        asked.category or (used.category if used else None),
    )


async def _profiles(db: Connection, ledger: UUID, asked: Asked) -> list[Saved]:
    if asked.no_profile:
        return []
    saved = await profiles.saved(db, ledger)
    if asked.profile is None:
        return saved
    named = [profile for profile in saved if profile.id == asked.profile]
    if not named:
        raise InvalidInput.field("/profile", "This ledger has no such profile")
    return named


def _way(sample: Sample, saved: list[Saved], asked: Asked) -> Way:
    if asked.profile is not None:
        return override.by_named_profile(sample, saved[0], asked.given)
    return override.by_profile(sample, saved, asked.given) or override.by_detection(
        sample, asked.given
    )


async def _stage(
    db: Connection, call: Call, spool: Spool, start: Start, id_: UUID, name: str
) -> Summary:
    ledger = call.ledger.id
    await store.lengthen(db)
    way = start.way._replace(found=await _with_same_file(db, ledger, id_, spool, start.way.found))
    await store.insert(
        db, ledger, id_, way, spool, call.caller.user_id,
        name=name, account=start.account, category=start.category,
    )  # fmt: skip
    return await stage(db, ledger, id_, spool, way.layout)


async def _with_same_file(
    db: Connection, ledger: UUID, id_: UUID, spool: Spool, found: Found
) -> Found:
    before = await store.same_file(db, ledger, spool.sha256, id_)
    if before is None:
        return found
    day = before["committed_at"].date().isoformat()
    notice = Notice("same_file", "", f"This very file was imported on {day} already")
    return msgspec.structs.replace(found, notices=(*found.notices, notice))


def _count(summary: Summary) -> None:
    for verdict in summary.counts.__struct_fields__:
        metrics.IMPORT_ROWS.labels(verdict).inc(getattr(summary.counts, verdict))


handlers = [upload_import]
