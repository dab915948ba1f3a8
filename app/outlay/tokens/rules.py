"""A token never has more rights, ledgers or time than the credential that makes it."""

from datetime import datetime
from typing import Final

import msgspec

from outlay.access import SCOPES, Caller
from outlay.errors import FieldError, InvalidInput
from outlay.etags import etag
from outlay.rows import Row
from outlay.texts import check_text
from outlay.tokens.model import Token, TokenInput

MOST_TOKENS: Final = 100
PREFIX: Final = "olt_"
HINT: Final = 8


def check(given: TokenInput, caller: Caller, ends: datetime | None, now: datetime) -> TokenInput:
    """Return the token as it is to be kept; raises InvalidInput with every mistake.

    `ends` is when the token that the caller showed ends; sessions and lasting tokens have None.
    Whether the ledgers are the person's is left to the store.
    """
    errors = check_text("/name", given.name, most=100, least=1)
    errors += _check_scopes(given, caller)
    errors += _check_ledgers(given, caller)
    errors += _check_end(given.expires_at, ends, now)
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return msgspec.structs.replace(
        given,
        name=given.name.strip(),
        scopes=tuple(scope for scope in SCOPES if scope in given.scopes),
        ledger_ids=None if given.ledger_ids is None else tuple(dict.fromkeys(given.ledger_ids)),
    )


def _check_scopes(given: TokenInput, caller: Caller) -> list[FieldError]:
    if not given.scopes:
        return [FieldError("/scopes", f"Give one or more of {', '.join(SCOPES)}")]
    return [
        FieldError(f"/scopes/{place}", f"You cannot give the scope {scope}: your token lacks it")
        for place, scope in enumerate(given.scopes)
        if scope not in caller.scopes
    ]


def _check_ledgers(given: TokenInput, caller: Caller) -> list[FieldError]:
    if given.ledger_ids is None:
        if caller.ledger_ids is None:
            return []
        return [FieldError("/ledger_ids", "Name ledgers: your own token is limited to some")]
    if not given.ledger_ids:
        return [FieldError("/ledger_ids", "Name one ledger or more, or leave this out for all")]
    return [
        unknown_ledger(place)
        for place, ledger in enumerate(given.ledger_ids)
        if caller.ledger_ids is not None and ledger not in caller.ledger_ids
    ]


def unknown_ledger(place: int) -> FieldError:
    return FieldError(f"/ledger_ids/{place}", "You are not a member of such a ledger")


def _check_end(wanted: datetime | None, ends: datetime | None, now: datetime) -> list[FieldError]:
    if wanted is None:
        if ends is None:
            return []
        return [FieldError("/expires_at", "Say when it ends: your own token ends too")]
    if wanted.tzinfo is None:
        return [FieldError("/expires_at", "Add the offset from UTC, as in 2030-01-31T00:00:00Z")]
    if wanted <= now:
        return [FieldError("/expires_at", "This time has passed")]
    if ends is not None and wanted > ends:
        return [FieldError("/expires_at", f"Your own token ends at {ends.isoformat()}")]
    return []


def to_api(record: Row, epoch: str, caller: Caller) -> Token:
    return Token(
        id=record["id"],
        name=record["name"],
        hint=record["hint"],
        scopes=record["scopes"],
        ledger_ids=record["ledger_ids"],
        parent_id=record["parent_id"],
        current=record["id"] == caller.credential_id,
        version=record["version"],
        etag=etag(epoch, record["version"]),
        created_at=record["created_at"],
        last_used_at=record["last_used_at"],
        expires_at=record["expires_at"],
    )
