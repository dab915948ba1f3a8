import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from outlay import db as database
from outlay import metrics
from outlay.housekeeping import store
from outlay.housekeeping.task import LOCK, Housekeeping
from outlay.settings import Settings
from waiting import until
from world import Person, World

NEVER = (3600.0, 3600.0)
AT_ONCE = (0.0, 0.0)


def housekeeper(dsn: str, changed: list[UUID] | None = None, **more: Any) -> Housekeeping:
    settings = Settings()

    def connect() -> Awaitable[database.Direct]:
        return database.connect(settings, dsn)

    return Housekeeping(settings, connect, (changed if changed is not None else []).append, **more)


async def somebody_waits(db: Any) -> bool:
    return await db.fetchval("select exists (select from pg_locks where not granted)")


async def trashed(world: World, ada: Person, days: int, **more: Any) -> str:
    made = await ada.expense("5", **more)
    path = f"/ledgers/default/expenses/{made['id']}"
    await ada.call("DELETE", path, headers={"If-Match": made["etag"]}, status=200)
    await age(world, made["id"], days)
    return made["id"]


async def age(world: World, expense: str, days: int) -> None:
    await world.service.pool.execute(
        "update public.expenses set deleted_at = now() - $2::interval where id = $1",
        UUID(expense), timedelta(days=days),
    )  # fmt: skip


async def test_the_trash_keeps_a_row_for_thirty_days_and_its_history_for_good(
    world: World, dsn: str
) -> None:
    ada = await world.person()
    old, young = await trashed(world, ada, 31), await trashed(world, ada, 29)
    kept = (await ada.expense("7"))["id"]
    changed: list[UUID] = []
    removed = await housekeeper(dsn, changed).once()
    assert removed["expenses"] == 1
    assert changed == [ada.ledger]
    await ada.call("GET", f"/ledgers/default/expenses/{old}", status=404)
    for each in (young, kept):
        await ada.call("GET", f"/ledgers/default/expenses/{each}", status=200)
    row = await world.service.pool.fetchrow(
        "select s.actor_id, s.action, s.entities, l.after is null as is_gone from public.change_sets s "
        "join public.change_log l using (ledger_id, seq) where entity_id = $1 order by seq desc limit 1",
        UUID(old),
    )
    assert row is not None
    assert tuple(row) == (None, "trash.expire", 1, True)


async def test_old_trash_goes_in_batches_each_a_change_set(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outlay.housekeeping.task.TRASH_BATCH", 2)
    ada, bea = await world.person(), await world.person("Bea")
    for _ in range(5):
        await trashed(world, ada, 40)
    await trashed(world, bea, 40)
    changed: list[UUID] = []
    assert (await housekeeper(dsn, changed).once())["expenses"] == 6
    assert sorted(changed) == sorted([ada.ledger, bea.ledger])
    sizes = await world.service.pool.fetch(
        "select entities from public.change_sets where action = 'trash.expire' "
        "order by ledger_id = $1 desc, seq", ada.ledger,
    )  # fmt: skip
    assert [row["entities"] for row in sizes] == [2, 2, 1, 1]


async def test_a_refund_that_outlives_its_expense_in_the_trash_stands_alone(
    world: World, dsn: str
) -> None:
    ada = await world.person()
    bought = await ada.expense("9")
    refund = await ada.expense("4", kind="income", refund_of=bought["id"])
    path = f"/ledgers/default/expenses/{bought['id']}"
    await ada.call("DELETE", path, headers={"If-Match": bought["etag"]}, status=200)
    await age(world, bought["id"], 31)
    assert (await housekeeper(dsn).once())["expenses"] == 1
    left = await ada.call("GET", f"/ledgers/default/expenses/{refund['id']}", status=200)
    assert left.json()["refund_of"] is None
    assert left.json()["deleted_at"] is not None


async def test_what_was_restored_while_it_waited_stays(
    world: World, dsn: str, db: asyncpg.Connection
) -> None:
    ada = await world.person()
    old = await trashed(world, ada, 31)
    async with db.transaction():
        await db.fetchval("select public.begin_write($1, '{}')", ada.ledger)
        await db.execute("update public.expenses set deleted_at = null where id = $1", UUID(old))
        sweeping = asyncio.create_task(housekeeper(dsn).once())
        await until(lambda: somebody_waits(world.service.pool))
    assert (await sweeping)["expenses"] == 0
    await ada.call("GET", f"/ledgers/default/expenses/{old}", status=200)


OVER = {
    "idempotency_keys": (
        """
        insert into public.idempotency_keys
          (ledger_id, user_id, route, key, body_hash, status, headers, body, created_at)
        values (gen_random_uuid(), $1, 'POST /x', 'k', '', 201, '{}', '', now() - $2::interval)
        """,
        timedelta(days=30),
    ),
    "sessions": (
        """
        insert into public.sessions (id, token_hash, user_id, expires_at)
        values (gen_random_uuid(), gen_random_uuid()::text::bytea, $1, now() - $2::interval)
        """,
        timedelta(0),
    ),
    "links": (
        """
        insert into public.links (id, token_hash, kind, user_id, expires_at)
        values (gen_random_uuid(), gen_random_uuid()::text::bytea, 'sign_in', $1,
          now() - $2::interval)
        """,
        timedelta(days=7),
    ),
    "sign_in_attempts": (
        """
        insert into public.sign_in_attempts (subject, id, attempted_at)
        values ($1::uuid::text, gen_random_uuid(), now() - $2::interval)
        """,
        timedelta(days=1),
    ),
    "api_tokens": (
        """
        insert into public.api_tokens (id, token_hash, hint, user_id, name, scopes, expires_at)
        values (gen_random_uuid(), gen_random_uuid()::text::bytea, 'abcd', $1, 'old', '{read}',
          now() - $2::interval)
        """,
        timedelta(days=90),
    ),
}


@pytest.mark.parametrize("kind", OVER)
async def test_what_is_over_goes_and_what_is_not_stays(world: World, dsn: str, kind: str) -> None:
    ada = await world.person()
    statement, kept_for = OVER[kind]
    pool = world.service.pool
    before = await pool.fetchval(f"select count(*) from public.{kind}")
    for since in (-timedelta(hours=1), timedelta(hours=1)):
        await pool.execute(statement, ada.id, kept_for + since)
    removed = await housekeeper(dsn).once()
    assert {name: rows for name, rows in removed.items() if rows} == {kind: 1}
    assert await pool.fetchval(f"select count(*) from public.{kind}") == before + 1


async def test_a_used_link_goes_though_it_would_have_run_longer(world: World, dsn: str) -> None:
    ada = await world.person()
    pool = world.service.pool
    for used in (timedelta(days=8), timedelta(days=6)):
        await pool.execute(
            "insert into public.links (id, token_hash, kind, user_id, expires_at, used_at) "
            "values ($1, $2, 'sign_in', $3, now() + interval '1 day', now() - $4::interval)",
            uuid4(), uuid4().bytes, ada.id, used,
        )  # fmt: skip
    assert (await housekeeper(dsn).once())["links"] == 1


async def test_only_one_replica_keeps_house(dsn: str, db: asyncpg.Connection) -> None:
    await db.execute("select pg_advisory_lock($1)", LOCK)
    assert await housekeeper(dsn).once() == {}
    await db.execute("select pg_advisory_unlock($1)", LOCK)
    assert set(await housekeeper(dsn).once()) == {"expenses", *(s.name for s in store.SWEEPS)}


async def test_what_fails_keeps_nothing_else_waiting(world: World, dsn: str) -> None:
    ada = await world.person()
    pool = world.service.pool
    await trashed(world, ada, 31)
    await ended_session(world, ada)
    await pool.execute("alter table public.change_sets add check (action <> 'trash.expire')")
    with pytest.raises(ExceptionGroup) as failed:
        await housekeeper(dsn).once()
    assert len(failed.value.exceptions) == 1
    assert await pool.fetchval("select count(*) from public.sessions") == 0


async def ended_session(world: World, ada: Person) -> None:
    statement, _ = OVER["sessions"]
    await world.service.pool.execute(statement, ada.id, timedelta(hours=1))


async def test_it_goes_on_after_a_failure_and_ends_with_the_service(world: World, dsn: str) -> None:
    ada = await world.person()
    settings = Settings()
    tries = 0

    async def connect() -> database.Direct:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError("no way there")
        return await database.connect(settings, dsn)

    house = Housekeeping(
        settings, connect, lambda _: None, first=AT_ONCE, every=NEVER, retry=AT_ONCE
    )
    pool = world.service.pool
    await ended_session(world, ada)
    metrics.HOUSEKEEPING_DONE.set(0)
    async with house.running():
        await until(lambda: metrics.HOUSEKEEPING_DONE._value.get() > 0)
    assert tries == 3
    assert await pool.fetchval("select count(*) from public.sessions") == 0


async def test_it_ends_in_the_middle_of_its_work(dsn: str, db: asyncpg.Connection) -> None:
    async with db.transaction():
        await db.execute("lock table public.sessions")
        async with housekeeper(dsn, first=AT_ONCE, every=NEVER).running():
            await until(lambda: somebody_waits(db))
