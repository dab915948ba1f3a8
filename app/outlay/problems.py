"""One place that turns every error into `application/problem+json`."""

import logging
import re
from traceback import walk_tb
from typing import Any, Final

import asyncpg
import msgspec
from litestar import Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from outlay.access import AnyRequest
from outlay.db import UNREACHABLE
from outlay.errors import (
    BadRequest,
    Conflict,
    FieldError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
)

log = logging.getLogger("outlay.error")

MEDIA_TYPE: Final = "application/problem+json"
_AT: Final = re.compile(r"^(.*?) - at `\$?(.*)`$", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")

# Rules that the database holds, in the words of the API: constraint -> (class, pointer, sentence).
_CONSTRAINTS: Final[dict[str, tuple[type[Problem], str, str]]] = {
    "expenses_category_fkey": (InvalidInput, "/category_id", "This ledger has no such category"),
    "expenses_account_fkey": (
        InvalidInput, "/account_id", "This ledger has no such account in that currency"),
    "expenses_to_account_fkey": (
        InvalidInput, "/to_account_id", "This ledger has no such account in that currency"),
    "expenses_refund_fkey": (InvalidInput, "/refund_of", "This ledger has no such expense"),
    "expenses_tags_fkey": (InvalidInput, "/tag_ids", "This ledger has no such tag"),
    "expenses_refund_itself": (InvalidInput, "/refund_of", "A row cannot refund itself"),
    "expenses_refund_kind": (InvalidInput, "/refund_of", "Only a row of kind income can be a refund"),
    "refund_of_expense": (InvalidInput, "/refund_of", "Only an expense can be refunded, not a refund or a transfer"),
    "refund_of_trashed": (Conflict, "/refund_of", "The refunded expense is in the trash; restore it first"),
    "refund_currency": (InvalidInput, "/currency", "A refund has the currency of the expense it refunds"),
    "refund_exceeds": (InvalidInput, "/amount", "Refunds cannot exceed the expense they refund"),
    "categories_two_levels": (InvalidInput, "/parent_id", "Categories have two levels: this parent has a parent, or this category has children"),
    "categories_parent_fkey": (InvalidInput, "/parent_id", "This ledger has no such category"),
    "categories_own_parent": (InvalidInput, "/parent_id", "A category cannot be its own parent"),
    "categories_name_key": (Conflict, "/name", "There is a category of that name already"),
    "categories_pkey": (Conflict, "/id", "This id is in use already"),
    "accounts_name_key": (Conflict, "/name", "There is an account of that name already"),
    "accounts_pkey": (Conflict, "/id", "This id is in use already"),
    "tags_name_key": (Conflict, "/name", "There is a tag of that name already"),
    "tags_pkey": (Conflict, "/id", "This id is in use already"),
    "imports_account_fkey": (InvalidInput, "/account_id", "This ledger has no such account"),
    "imports_category_fkey": (InvalidInput, "/category_id", "This ledger has no such category"),
    "import_profiles_account_fkey": (InvalidInput, "/account_id", "This ledger has no such account"),
    "import_profiles_category_fkey": (InvalidInput, "/category_id", "This ledger has no such category"),
    "import_profiles_name_key": (Conflict, "/name", "There is a profile of that name already"),
    "ledgers_pkey": (Conflict, "/id", "This id is in use already"),
    "users_email_key": (Conflict, "/email", "There is an account with this address already"),
    "members_last_owner": (Conflict, "", "A ledger needs an owner who can sign in; make somebody else one first, or delete the ledger"),
    "api_tokens_parent_id_fkey": (Conflict, "", "The token that asks was ended meanwhile"),
    "members_pkey": (Conflict, "/user_id", "This person is a member already"),
}  # fmt: skip


def to_problem(error: Exception) -> Problem:  # noqa: PLR0911 - one answer a kind of error
    """The problem that stands for any error; what is not foreseen becomes a plain 500."""
    match error:
        case Problem():
            return error
        case ValidationException() | ClientException() | HTTPException():
            return _from_litestar(error)
        case asyncpg.PostgresError() if (known := _from_database(error)) is not None:
            return known
        case _ if isinstance(error, (*UNREACHABLE, TimeoutError)):
            return Unavailable(headers={"Retry-After": "2"})
        case UnicodeDecodeError() if _while_decoding(error):
            return BadRequest("The body is not text in UTF-8")
        case RecursionError() if _while_decoding(error):
            return BadRequest("The body is nested too deeply")
        case _:
            return Problem("It was logged with the request id of this answer")


def _from_database(error: asyncpg.PostgresError) -> Problem | None:
    """What a statement's failure says to its caller; None where that is nothing."""
    match error:
        case asyncpg.IntegrityConstraintViolationError():
            return _from_constraint(error)
        case asyncpg.CharacterNotInRepertoireError() | asyncpg.UntranslatableCharacterError():
            return InvalidInput("The text holds a character that cannot be kept, such as NUL")
        case asyncpg.QueryCanceledError():
            return Unavailable("This took too long and was stopped; ask for less at once")
        case (
            asyncpg.DeadlockDetectedError()
            | asyncpg.SerializationError()
            | asyncpg.LockNotAvailableError()
        ):
            return Unavailable("Many changes at once; try again", headers={"Retry-After": "1"})
        case asyncpg.DiskFullError():
            return Unavailable(
                "The database has no room left; whoever runs Outlay has to make some"
            )
        case _:
            return None


def _while_decoding(error: Exception) -> bool:
    """Whether reading a body failed, and not something of ours that meets the same kind of error."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals["__name__"].startswith("litestar.serialization")


def _from_constraint(error: asyncpg.IntegrityConstraintViolationError) -> Problem:
    known = _CONSTRAINTS.get(str(getattr(error, "constraint_name", "")))
    if known:
        kind, pointer, sentence = known
        return kind(sentence, errors=[FieldError(pointer, sentence)])
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("Another row has this value already")
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return Conflict("It is in use, or what it names does not exist")
    return InvalidInput("A value is outside of what the ledger keeps")


def _from_litestar(error: HTTPException) -> Problem:
    cause = error.__cause__
    if isinstance(cause, msgspec.ValidationError):
        return from_msgspec(cause)
    match error:
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return MethodNotAllowed(headers=error.headers)
        case ValidationException():
            extra = error.extra if isinstance(error.extra, list) else []
            errors = [
                FieldError("/" + str(e.get("key", "")).replace(".", "/"), str(e.get("message", "")))
                for e in extra
                if isinstance(e, dict)
            ]
            return InvalidInput(errors[0].detail if errors else error.detail, errors=errors)
        case _ if error.status_code == 500:
            return Problem("It was logged with the request id of this answer")
        case _:
            return BadRequest(error.detail)


def from_msgspec(error: msgspec.ValidationError, strip: str = "data") -> InvalidInput:
    """The JSON pointer of a msgspec error, whose path reads like `$.data.rows[3].amount`."""
    text = str(error)
    match = _AT.match(text)
    sentence, path = (match[1], match[2]) if match else (text, "")
    steps = [a or b for a, b in _STEP.findall(path)]
    if steps and steps[0] == strip:
        steps = steps[1:]
    pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    unknown = re.search(r"unknown field `(.+)`", sentence)
    if unknown:
        pointer = f"{pointer}/{unknown[1]}"
    return InvalidInput.field(pointer, sentence)


def _give_up_connection(request: AnyRequest) -> None:
    """Close the request's connection, which may not have noticed its end, so that none gets it next."""
    call = request.scope["state"].get("call")
    if call is not None and call.held is not None:
        call.held.terminate()


def handle(request: AnyRequest, error: Exception) -> Response[Any]:
    """Litestar's exception handler for everything."""
    problem = to_problem(error)
    if isinstance(error, UNREACHABLE):
        _give_up_connection(request)
    if problem.status == 500:
        log.error(
            "unexpected %s", type(error).__name__, exc_info=error,
            extra={"fields": {"request_id": request.scope["state"].get("request_id")}},
        )  # fmt: skip
    waits = {"Retry-After": "2"} if problem.status == 503 else {}
    return Response(
        msgspec.json.encode(problem.body()),
        status_code=problem.status,
        headers={**waits, **problem.headers},
        media_type=MEDIA_TYPE,
    )
