"""A service of this machine alone: its owner, their token and the link that signs them in."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from outlay.access import SCOPES, secret_hash
from outlay.auth.desk import link_at
from outlay.auth.links import create_sign_in_link
from outlay.auth.secrets import new_secret
from outlay.db import Connection, acquire
from outlay.errors import Unavailable
from outlay.main import Service
from outlay.server.clientfile import NAME, Client, write_client
from outlay.server.household import local_ledger, local_name
from outlay.tokens import store
from outlay.tokens.model import TokenInput
from outlay.tokens.rules import HINT, PREFIX
from outlay.users.first import ensure_first_user

log = logging.getLogger("outlay.server")

TOKEN_NAME: Final = "this machine"  # noqa: S105 - the name of a token, not one
# The row stays and its secret changes, as tokens made with it end with it.
_RENEW: Final = """
update public.api_tokens set token_hash = $3, hint = $4, scopes = $5
where id = (select id from public.api_tokens where user_id = $1 and name = $2
  order by created_at, id limit 1)
returning id
"""


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a local instance; `sign_in_url` works once, for ten minutes."""

    id: UUID
    sign_in_url: str


@asynccontextmanager
async def local_owner(service: Service, url: str, folder: Path) -> AsyncIterator[Owner]:
    """Make the owner if need be, and let their command line in until the end of the block."""
    async with acquire(service.pool) as db:
        owner = await ensure_first_user(db, local_name(), ledger=local_ledger())
        token = await _renewed_token(db, owner)
        secret = await create_sign_in_link(db, owner)
    note = folder / NAME
    write_client(note, Client(url, token))
    try:
        yield Owner(owner, link_at(url, "sign-in", secret))
    finally:
        note.unlink(missing_ok=True)
        await _forget(service, owner)


async def _renewed_token(db: Connection, owner: UUID) -> str:
    secret = new_secret(PREFIX)
    values = (owner, TOKEN_NAME, secret_hash(secret), secret[:HINT], list(SCOPES))
    if await db.fetchval(_RENEW, *values) is None:
        given = TokenInput(name=TOKEN_NAME, scopes=SCOPES)
        await store.insert(db, owner, None, secret, given)
    return secret


async def _forget(service: Service, owner: UUID) -> None:
    """Put a secret that nobody has in the token's place."""
    try:
        async with acquire(service.pool) as db:
            await _renewed_token(db, owner)
    except Unavailable:
        log.warning("the token of this machine could not be ended; the next start replaces it")
