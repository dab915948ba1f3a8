"""The database every part measures on: one embedded PostgreSQL, a person, a token, ledgers."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from rich.console import Console

from outlay.access import LedgerView, Role, secret_hash
from outlay.embedded import EmbeddedPostgres
from outlay.migrations.runner import migrate

# Production settings but for the number of connections: three programs keep sixteen each.
OPTIONS = {"max_connections": "100"}
CONNECTIONS = 16
TOKEN = "benchmarks-only"
USER = UUID("0197b1a0-0000-7000-8000-000000000001")
ZONE = "Europe/Rome"
CATEGORIES = 36
ACCOUNTS = 4
TAGS = 30

console = Console()


def numbered(what: str, number: int) -> UUID:
    """An id that SQL and Lua can compute as well; `what` has four hexadecimal digits."""
    return UUID(f"0197b1a0-{what}-7000-8000-{number:012x}")


def ledger_id(number: int) -> UUID:
    return numbered("1ed0", number)


def category(ledger: UUID, number: int) -> UUID:
    """Every ledger has ids of its own: shared ones would mislead PostgreSQL's statistics."""
    return _inside("ca7e", ledger, number)


def account(ledger: UUID, number: int) -> UUID:
    return _inside("acc0", ledger, number)


def tag(ledger: UUID, number: int) -> UUID:
    return _inside("7a60", ledger, number)


def _inside(what: str, ledger: UUID, number: int) -> UUID:
    return numbered(what, ledger.int % 2**40 * 256 + number)


def today() -> dt.date:
    """Today in the ledgers' time zone."""
    return dt.datetime.now(ZoneInfo(ZONE)).date()


def view(ledger: UUID) -> LedgerView:
    return LedgerView(ledger, "EUR", ZONE, 1, 1, Role.owner)


@contextmanager
def folder(kept: Path | None) -> Iterator[Path]:
    """The folder to work in; without `kept` one that vanishes."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with TemporaryDirectory(prefix="outlay-bench-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@contextmanager
def server(home: Path) -> Iterator[str]:
    """PostgreSQL as `outlay serve` runs it; gives its address."""
    with EmbeddedPostgres(home / "data", options=OPTIONS) as postgres:
        yield postgres.dsn


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"jit": "off"})
    try:
        yield connection
    finally:
        await connection.close()


async def furnish(dsn: str) -> None:
    """Migrate, and let the person and the token be there."""
    async with connected(dsn) as db:
        await migrate(db)
        await db.execute(
            "insert into public.users (id, email, name) values ($1, 'bench@example.org', 'Bench')"
            " on conflict do nothing",
            USER,
        )
        await db.execute(
            "insert into public.api_tokens (id, token_hash, hint, user_id, name, scopes)"
            " values ($1, $2, 'benc', $3, 'bench', '{read,write}') on conflict do nothing",
            numbered("70ce", 1), secret_hash(TOKEN), USER,
        )  # fmt: skip


async def open_ledger(db: asyncpg.Connection, number: int) -> UUID:
    """A ledger of the person with categories, accounts and tags; the one that is there already."""
    ledger = ledger_id(number)
    if await db.fetchval("select true from public.ledgers where id = $1", ledger):
        return ledger
    await db.execute(
        "insert into public.ledgers (id, name, currency, time_zone)"
        " values ($1, $2, 'EUR', 'Europe/Rome')",
        ledger, f"Ledger {number}",
    )  # fmt: skip
    await db.execute("insert into public.members values ($1, $2, 'owner')", ledger, USER)
    for table, count, make in (
        ("categories (ledger_id, id, name)", CATEGORIES, category),
        ("accounts (ledger_id, id, name, currency)", ACCOUNTS, account),
        ("tags (ledger_id, id, name)", TAGS, tag),
    ):
        more = ", 'EUR'" if "currency" in table else ""
        await db.execute(
            f"insert into public.{table} select $1, id, 'Name ' || place{more}"
            " from unnest($2::uuid[]) with ordinality as given (id, place)",
            ledger, [make(ledger, n) for n in range(count)],
        )  # fmt: skip
    return ledger
