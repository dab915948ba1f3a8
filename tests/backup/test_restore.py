"""A backup brought back: what is there afterwards, who may enter, and what a kill leaves."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import msgspec
import pytest

from backup.parts import Owner, backed_up, program
from conftest import with_database
from outlay.migrations import runner
from outlay_backup import contents, layout, runs, stages
from outlay_backup.database import LOCK, Database
from outlay_backup.errors import BusyError, RestoreRefusedError, VerifyFailedError
from outlay_backup.model import Contents, Manifest, Schema, encode
from outlay_backup.progress import Quiet
from outlay_backup.restore import LOAD, SWAP, Restored, Wish, restore
from outlay_backup.store import Store
from world import Person, World

HERE = Path(__file__).parent
SERVICE = (str(Path(sys.executable).with_name("outlay")),)
# What a restore renews; everything else must be as it was.
RENEWED = {"public.installation", "public.sessions", "public.sign_in_attempts"}


def name_of(dsn: str) -> str:
    return Database(dsn).name


def wish(dsn: str, run: str, owner: Owner, **more: object) -> Wish:
    given = {"service": SERVICE, "lock_wait": 5.0} | more
    return Wish(
        admin=Database(dsn), target=name_of(dsn), run=run, identities=(owner.identity,), **given
    )


async def restored(dsn: str, store: Store, run: str, owner: Owner, **more: object) -> Restored:
    return await restore(store, wish(dsn, run, owner, **more), Quiet())


async def read(dsn: str, *, without: frozenset[str] = frozenset(RENEWED)) -> Contents:
    db = await asyncpg.connect(dsn)
    async with db.transaction(readonly=True):
        found = await contents.read(db)
    await db.close()
    kept = tuple(table for table in found.tables if table.name not in without)
    return msgspec.structs.replace(found, tables=kept)


async def ask(dsn: str, sql: str, *values: object) -> object:
    db = await asyncpg.connect(dsn)
    try:
        return await db.fetchval(sql, *values)
    finally:
        await db.close()


@dataclass
class Home:
    """A household with a backup of it."""

    dsn: str
    ada: Person
    run: str
    before: Contents
    epoch: object


@pytest.fixture
async def home(world: World, target: str, store: Store, owner: Owner) -> AsyncIterator[Home]:
    ada = await world.person()
    for n in range(20):
        await ada.expense(f"{n + 1}.50", f"entry {n}")
    before = await read(target)
    result = await backed_up(target, store, owner)
    return Home(
        target, ada, result.run, before, await ask(target, "select epoch from installation")
    )


async def damage(dsn: str) -> None:
    await ask(dsn, "delete from public.expenses where description like 'entry 1%'")
    await ask(dsn, "update public.expenses set amount = amount + 1")


async def test_a_damaged_ledger_is_as_it_was_and_the_service_serves_on(
    home: Home, store: Store, owner: Owner
) -> None:
    await damage(home.dsn)
    done = await restored(home.dsn, store, home.run, owner)
    assert done.swapped
    assert await read(home.dsn) == home.before
    assert await ask(home.dsn, "select epoch from installation") != home.epoch
    answer = await home.ada.call("GET", "/ledgers/default/expenses?limit=50")
    if answer.status_code == 503:
        answer = await home.ada.call("GET", "/ledgers/default/expenses?limit=50")
    assert len(answer.json()["items"]) == 20
    kept = with_database(home.dsn, done.kept)
    assert done.kept.startswith(name_of(home.dsn) + "_before_2")
    with pytest.raises(asyncpg.PostgresError, match="not currently accepting connections"):
        await ask(kept, "select 1")


async def test_a_dry_run_compares_and_changes_nothing(
    home: Home, store: Store, owner: Owner, server: str
) -> None:
    await damage(home.dsn)
    damaged = await read(home.dsn)
    done = await restored(home.dsn, store, home.run, owner, dry_run=True)
    assert (done.dry_run, done.swapped) == (True, False)
    assert await read(home.dsn) == damaged
    left = "select count(*) from pg_database where datname like $1"
    assert await ask(server, left, f"{name_of(home.dsn)}\\_%") == 0


async def test_who_was_shut_out_since_stays_out(
    home: Home, world: World, store: Store, owner: Owner
) -> None:
    bob = await world.person("Bob", ledger=home.ada.ledger, role="editor")
    eve = await world.person("Eve", ledger=home.ada.ledger, role="editor")
    run = (await backed_up(home.dsn, store, owner)).run
    await ask(home.dsn, "delete from api_tokens where user_id = $1", bob.id)
    await ask(home.dsn, "update users set password_hash = 'new' where id = $1", bob.id)
    await ask(home.dsn, "update users set disabled_at = now() where id = $1", eve.id)
    await ask(home.dsn, "delete from members where user_id = $1", eve.id)
    await ask(
        home.dsn,
        "insert into sessions (id, token_hash, user_id, expires_at)"
        " values (gen_random_uuid(), 'x', $1, now() + interval '1 day')",
        bob.id,
    )
    await restored(home.dsn, store, run, owner)
    rows = "select string_agg(name || ' ' || (disabled_at is null) || ' ' || coalesce(password_hash, '-'), ', ' order by name) from users where name in ('Bob', 'Eve')"
    assert await ask(home.dsn, rows) == "Bob true new, Eve false -"
    assert await ask(home.dsn, "select count(*) from api_tokens where user_id = $1", bob.id) == 0
    assert (
        await ask(home.dsn, "select count(*) from api_tokens where user_id = $1", home.ada.id) == 1
    )
    assert await ask(home.dsn, "select count(*) from members where user_id = $1", eve.id) == 0
    assert await ask(home.dsn, "select count(*) from members where user_id = $1", bob.id) == 1
    assert await ask(home.dsn, "select count(*) from sessions") == 0


async def test_a_database_that_cannot_tell_who_was_shut_out_lets_no_token_in(
    home: Home, store: Store, owner: Owner
) -> None:
    await ask(home.dsn, "drop table public.api_tokens cascade")
    done = await restored(home.dsn, store, home.run, owner)
    assert done.swapped
    assert await ask(home.dsn, "select count(*) from api_tokens") == 0
    assert await ask(home.dsn, "select count(*) from expenses") == 20


async def test_a_new_server_needs_nothing_but_the_store_and_the_key(
    home: Home, store: Store, owner: Owner
) -> None:
    new = f"{name_of(home.dsn)}_new"
    given = wish(home.dsn, home.run, owner)
    given = Wish(**{**{f: getattr(given, f) for f in given.__slots__}, "target": new})
    done = await restore(store, given, Quiet())
    assert (done.database, done.swapped, done.kept) == (new, True, "")
    there = with_database(home.dsn, new)
    without = frozenset({*RENEWED, "public.api_tokens"})
    assert await read(there, without=without) == await read(home.dsn, without=without)
    assert await ask(there, "select count(*) from api_tokens") == 0


async def test_settings_and_grants_of_the_database_come_along(
    home: Home, store: Store, owner: Owner
) -> None:
    name = name_of(home.dsn)
    await ask(home.dsn, f"alter database {name} set work_mem = '7MB'")
    await ask(home.dsn, f"grant create on database {name} to pg_monitor")
    await restored(home.dsn, store, home.run, owner)
    assert await ask(home.dsn, "show work_mem") == "7MB"
    granted = "select has_database_privilege('pg_monitor', current_database(), 'create')"
    assert await ask(home.dsn, granted)


async def test_an_older_schema_is_migrated_by_the_service_s_own_command(
    target: str, store: Store, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = runner.migrations()
    name = f"{name_of(target)}_old"
    await ask(target, f"create database {name}")
    dsn = with_database(target, name)
    with monkeypatch.context() as before:
        before.setattr(runner, "migrations", lambda: every[:-1])
        db = await asyncpg.connect(dsn)
        await runner.migrate(db)
        await db.close()
    run = (await backed_up(dsn, store, owner)).run
    schema = runs.manifest(store, run).schema
    assert schema is not None
    assert schema.version == every[-2].version
    await restored(dsn, store, run, owner)
    assert await ask(dsn, "select max(version) from schema_migrations") == every[-1].version
    owned = "select count(*) from pg_class where relowner <> 'outlay'::regrole and relnamespace = 'public'::regnamespace"
    assert await ask(dsn, owned) == 0


async def test_a_newer_schema_is_refused_with_a_sentence_before_anything_is_loaded(
    home: Home, store: Store, owner: Owner
) -> None:
    manifest = runs.manifest(store, home.run)
    newer = msgspec.structs.replace(manifest, schema=Schema(99, "9.1.0"))
    store.put(layout.at(home.run, layout.MANIFEST), encode(newer))
    for more in ({}, {"service": None, "service_version": "0.1.0"}):
        with pytest.raises(RestoreRefusedError, match=r"needs Outlay 9\.1\.0 .*, and this is 0\."):
            await restored(home.dsn, store, home.run, owner, **more)
    assert await read(home.dsn) == home.before


async def test_what_is_not_what_was_dumped_is_never_swapped_in(
    home: Home, store: Store, owner: Owner
) -> None:
    manifest = runs.manifest(store, home.run)
    store.put(layout.at(home.run, layout.MANIFEST), encode(with_one_row_more(manifest)))
    with pytest.raises(VerifyFailedError, match=r"public\.expenses: 21 rows .* dumped, 20 rows"):
        await restored(home.dsn, store, home.run, owner)
    assert await read(home.dsn) == home.before
    new = stages.new_name(name_of(home.dsn))
    assert not await ask(home.dsn, "select count(*) from pg_database where datname = $1", new)


def with_one_row_more(manifest: Manifest) -> Manifest:
    tables = tuple(
        msgspec.structs.replace(table, rows=table.rows + 1)
        if table.name == "public.expenses"
        else table
        for table in manifest.contents.tables
    )
    changed = msgspec.structs.replace(manifest.contents, tables=tables)
    return msgspec.structs.replace(manifest, contents=changed)


async def test_a_migration_or_backup_under_way_keeps_a_restore_out(
    home: Home, store: Store, owner: Owner
) -> None:
    db = await asyncpg.connect(home.dsn)
    await db.execute("select pg_advisory_lock($1)", LOCK)
    with pytest.raises(BusyError):
        await restored(home.dsn, store, home.run, owner, lock_wait=0.3)
    await db.close()


async def test_where_renaming_is_refused_the_new_database_is_named(
    home: Home, store: Store, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise asyncpg.InsufficientPrivilegeError("permission denied to rename database")

    monkeypatch.setattr("outlay_backup.swap._rename_old", refused)
    done = await restored(home.dsn, store, home.run, owner)
    new = stages.new_name(name_of(home.dsn))
    assert (done.swapped, done.database) == (False, new)
    assert "point OUTLAY_DATABASE_URL" in done.message
    assert await read(with_database(home.dsn, new)) == home.before


async def test_a_database_that_no_restore_made_is_never_dropped(
    home: Home, store: Store, owner: Owner
) -> None:
    new = stages.new_name(name_of(home.dsn))
    await ask(home.dsn, f"create database {new}")
    await ask(with_database(home.dsn, new), "create table precious (n int)")
    with pytest.raises(RestoreRefusedError, match="that no restore made"):
        await restored(home.dsn, store, home.run, owner)
    assert await ask(with_database(home.dsn, new), "select count(*) from precious") == 0


async def test_the_same_order_is_carried_out_once(home: Home, store: Store, owner: Owner) -> None:
    first = await restored(home.dsn, store, home.run, owner, order="uid-1")
    second = await restored(home.dsn, store, home.run, owner, order="uid-1")
    assert (first.already_done, second.already_done) == (False, True)


async def test_an_order_keeps_to_the_backup_that_it_began_with(
    home: Home, store: Store, owner: Owner
) -> None:
    """What is the latest may be another one when the second step, or another try, asks."""
    await restored(home.dsn, store, home.run, owner, order="uid-1", steps=LOAD)
    await damage(home.dsn)
    later = await backed_up(home.dsn, store, owner)
    swapped = await restored(home.dsn, store, later.run, owner, order="uid-1", steps=SWAP)
    assert (swapped.run, swapped.swapped) == (home.run, True)
    assert await read(home.dsn) == home.before
    again = await restored(home.dsn, store, later.run, owner, order="uid-1")
    assert (again.run, again.already_done) == (home.run, True)


async def test_a_role_of_its_own_restores_for_the_owner(
    home: Home, store: Store, owner: Owner
) -> None:
    """CREATEDB and membership are enough: no superuser, and nothing is its own afterwards."""
    await damage(home.dsn)
    superuser = home.dsn.replace("//outlay@", "//postgres@", 1)
    role = f"{name_of(home.dsn)}_admin"
    await ask(superuser, f"create role {role} login createdb")
    await ask(superuser, f"grant outlay to {role}")
    try:
        admin = home.dsn.replace("//outlay@", f"//{role}@", 1)
        done = await restored(admin, store, home.run, owner)
        assert done.swapped
        assert await read(home.dsn) == home.before
        owned = "select count(*) from pg_class where relowner = $1::regrole"
        assert await ask(superuser, owned, role) == 0
        database = "select pg_get_userbyid(datdba) from pg_database where datname = $1"
        assert await ask(home.dsn, database, name_of(home.dsn)) == "outlay"
    finally:
        await ask(superuser, f"drop role {role}")


async def test_a_role_without_the_rights_is_refused_with_what_it_needs(
    home: Home, store: Store, owner: Owner
) -> None:
    superuser = home.dsn.replace("//outlay@", "//postgres@", 1)
    role = f"{name_of(home.dsn)}_poor"
    await ask(superuser, f"create role {role} login")
    try:
        poor = home.dsn.replace("//outlay@", f"//{role}@", 1)
        with pytest.raises(
            RestoreRefusedError, match=r"needs CREATEDB, and membership in\s+outlay"
        ):
            await restored(poor, store, home.run, owner)
    finally:
        await ask(superuser, f"drop role {role}")


async def test_too_little_room_is_told_before_anything_is_loaded(
    home: Home, store: Store, owner: Owner
) -> None:
    with pytest.raises(RestoreRefusedError, match="has 1000 bytes free"):
        await restored(home.dsn, store, home.run, owner, free_bytes=1000)


async def test_the_two_halves_may_be_two_calls(home: Home, store: Store, owner: Owner) -> None:
    await damage(home.dsn)
    loaded = await restored(home.dsn, store, home.run, owner, steps="load")
    assert (loaded.swapped, loaded.database) == (False, stages.new_name(name_of(home.dsn)))
    done = await restored(home.dsn, store, home.run, owner, steps="swap")
    assert done.swapped
    assert await read(home.dsn) == home.before


# Each is a step of a restore; the number says which of its calls. In this order each kill finds
# what the one before it left.
KILLS = [
    ("after", "outlay_backup.loading:make_database", 1),
    ("before", "outlay_backup.loading:refill", 1),
    ("after", "outlay_backup.loading:refill", 1),
    ("before", "outlay_backup.stages:write", 2),
    ("before", "outlay_backup.migrating:migrate", 1),
    ("after", "outlay_backup.placing:_renew", 1),
    ("before", "outlay_backup.swap:_rename_old", 1),
    ("after", "outlay_backup.swap:_rename_old", 1),
    ("after", "outlay_backup.swap:swap", 1),
]


@pytest.mark.slow
async def test_killed_at_any_step_the_old_or_the_new_database_is_there_whole(
    home: Home, store: Store, owner: Owner, tmp_path: Path
) -> None:
    await damage(home.dsn)
    damaged = await read(home.dsn)
    arguments = [
        "restore", home.run, "--store", store.location, "--key", str(owner.key_file(tmp_path)),
        "--lock-wait", "30",
    ]  # fmt: skip
    for moment, place, number in KILLS:
        where = "outlay_backup.placing:swap" if place.endswith("swap:swap") else place
        died = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, str(HERE / "die.py"), moment, where, str(number), *arguments],
            env={"OUTLAY_DATABASE_URL": home.dsn, "PATH": "/usr/bin:/bin"},
            capture_output=True, check=False, text=True,
        )  # fmt: skip
        assert died.returncode == -signal.SIGKILL, (place, died.stdout, died.stderr)
        expected = home.before if place.endswith("swap:swap") else damaged
        assert await read(home.dsn) == expected, place
    done = await asyncio.to_thread(program, *arguments, OUTLAY_DATABASE_URL=home.dsn)
    assert done.returncode == 0, done.stderr
    assert await read(home.dsn) == home.before
