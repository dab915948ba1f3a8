"""Previews that nobody commits go after a week; what was committed stays known."""

from imports.uploading import PATH, bank, imported, upload
from outlay.housekeeping.task import Housekeeping
from outlay.settings import Settings
from world import World

TEA = "2026-03-05,Tea,-3.50"
TABLES = ("import_files", "import_rows", "imports")


async def swept(world: World) -> dict[str, int]:
    settings = Settings(log_level="warning")
    house = Housekeeping(settings, world.service.connect, lambda _: None)
    return {name: rows for name, rows in (await house.once()).items() if name in TABLES}


async def test_an_expired_preview_is_swept_away_with_its_file_and_rows(world: World) -> None:
    ada = await world.person()
    pool = world.service.pool
    kept = await upload(ada, bank(TEA))
    old = await upload(ada, bank(TEA, TEA))
    await pool.execute(
        "update imports set expires_at = now() - interval '2 hours' where bytes = $1", old["bytes"]
    )
    assert await swept(world) == {"import_rows": 2, "imports": 1}
    assert [await pool.fetchval(f"select count(*) from {table}") for table in TABLES] == [1, 1, 1]
    await ada.call("GET", f"{PATH}/{kept['id']}", status=200)


async def test_a_committed_import_is_never_swept(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA))
    assert await swept(world) == {"import_rows": 0, "imports": 0}
    assert (await upload(ada, bank(TEA)))["counts"]["duplicate"] == 1
