"""How often one may try to sign in: counted in the database, so that all replicas count together."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

import msgspec

from outlay import metrics
from outlay.auth.rules import account_subject, address_subject
from outlay.db import Connection
from outlay.errors import TooManyRequests

WINDOW: Final = timedelta(minutes=15)
# Ten: more mistakes than a person makes in a row. It leaves a guesser 960 tries a day, 350,000 a year,
# against 10^14 passwords of ten random letters, and it opens by itself: nobody needs an
# administrator to get back in.
ACCOUNT_TRIES: Final = 10
# Fifty: a household or an office behind one address, five of whom have forgotten their passwords.
# It bounds trying one common password on many accounts, and the argon2 work one address can ask for.
ADDRESS_TRIES: Final = 50

Outcome = Literal["ok", "wrong", "limited", "busy", "link_ok", "link_wrong"]


class Limit(msgspec.Struct, frozen=True):
    """At most so many tries of a subject within WINDOW."""

    subject: str
    most: int


class Try(msgspec.Struct, frozen=True):
    """A try that was counted."""

    id: UUID
    subjects: tuple[str, ...]


def of_address(address: str) -> Limit:
    return Limit(address_subject(address), ADDRESS_TRIES)


def of_account(account: UUID | None, email: str, address: str, seen_at: Sequence[str]) -> Limit:
    return Limit(account_subject(account, email, address, seen_at), ACCOUNT_TRIES)


def of_password_change(user: UUID) -> Limit:
    return Limit(f"change:{user}", ACCOUNT_TRIES)


async def take(db: Connection, *limits: Limit) -> Try:
    """Count a try, or raise TooManyRequests with the seconds to wait; a refused try is not counted."""
    made = Try(uuid4(), tuple(limit.subject for limit in limits))
    wait = await db.fetchval(
        "select public.take_try($1, $2, $3, $4)",
        made.id, made.subjects, [limit.most for limit in limits], WINDOW,
    )  # fmt: skip
    if wait:
        count("limited")
        raise TooManyRequests(
            f"Too many tries; wait {_minutes(wait)} and try again",
            headers={"Retry-After": str(wait)},
        )
    return made


async def give_back(db: Connection, tried: Try) -> None:
    """Forget a try that guessed nothing."""
    await db.execute(
        "delete from public.sign_in_attempts where subject = any($1) and id = $2",
        tried.subjects,
        tried.id,
    )


async def clear(db: Connection, subjects: Sequence[str]) -> None:
    """Forget all tries of subjects who showed that they know."""
    await db.execute("delete from public.sign_in_attempts where subject = any($1)", list(subjects))


def count(outcome: Outcome) -> None:
    metrics.SIGN_INS.labels(outcome).inc()


def _minutes(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"
