"""What a restore kept goes when it is released, and nothing else ever does."""

import asyncio
import json
from pathlib import Path

import pytest

from backup.parts import Owner, backed_up, program
from backup.test_restore import ask, name_of, restored
from conftest import with_database
from outlay_backup.database import Database
from outlay_backup.errors import ReleaseRefusedError
from outlay_backup.release import release
from outlay_backup.store import Store


async def kept_of(dsn: str, store: Store, owner: Owner) -> str:
    run = (await backed_up(dsn, store, owner)).run
    return (await restored(dsn, store, run, owner)).kept


async def is_there(dsn: str, name: str) -> bool:
    return bool(await ask(dsn, "select count(*) from pg_database where datname = $1", name))


async def test_the_kept_database_goes_and_again_is_fine(
    target: str, store: Store, owner: Owner, tmp_path: Path
) -> None:
    kept = await kept_of(target, store, owner)
    told = tmp_path / "result"
    env = {"OUTLAY_DATABASE_URL": target, "OUTLAY_BACKUP_KEPT": kept,
           "OUTLAY_BACKUP_RESULT_FILE": str(told)}  # fmt: skip
    for dropped in (True, False):
        done = await asyncio.to_thread(program, "release", **env)
        assert done.returncode == 0, done.stderr
        assert json.loads(told.read_bytes()) == {"database": kept, "dropped": dropped}
        assert not await is_there(target, kept)
    assert await is_there(target, name_of(target))


async def test_any_other_database_is_refused(target: str, store: Store, owner: Owner) -> None:
    kept = await kept_of(target, store, owner)
    admin = Database(target)
    for other in (name_of(target), "postgres"):
        with pytest.raises(ReleaseRefusedError, match="not a database that a restore kept"):
            await release(admin, other, 5)
    await ask(target, f"alter database {kept} with allow_connections true")
    with pytest.raises(ReleaseRefusedError, match="opened again"):
        await release(admin, kept, 5)
    assert await is_there(target, kept)


async def test_an_old_database_that_is_back_in_its_place_is_never_released(
    target: str, store: Store, owner: Owner
) -> None:
    kept, name = await kept_of(target, store, owner), name_of(target)
    server = with_database(target, "postgres")
    await ask(server, f"alter database {name} rename to {name}_restored_and_left")
    await ask(server, f"alter database {kept} rename to {name}")
    with pytest.raises(ReleaseRefusedError, match="not a database that a restore kept"):
        await release(Database(target), name, 5)
    assert await is_there(server, name)


async def test_a_role_without_the_owner_s_rights_drops_nothing(
    target: str, store: Store, owner: Owner
) -> None:
    kept = await kept_of(target, store, owner)
    superuser = target.replace("//outlay@", "//postgres@", 1)
    role = f"{name_of(target)}_guest"
    await ask(superuser, f"create role {role} login")
    try:
        guest = Database(target.replace("//outlay@", f"//{role}@", 1))
        with pytest.raises(ReleaseRefusedError, match="may not drop"):
            await release(guest, kept, 5)
        assert await is_there(target, kept)
    finally:
        await ask(superuser, f"drop role {role}")
