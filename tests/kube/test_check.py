"""`python -m outlay.kube.check`, as `helm test` runs it, against a real service."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import asyncpg
import pytest

from server.conftest import Start, people, start
from server.programs import Program
from world import World

__all__ = ["people", "start"]
EMAIL = "root@example.org"
PASSWORD = "k7mqx-9hs4e"


async def check(url: str, **settings: str) -> tuple[int, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OUTLAY_")}
    env |= {"OUTLAY_URL": url} | {f"OUTLAY_CHECK_{k.upper()}": v for k, v in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "outlay.kube.check", env=env, stdout=PIPE, stderr=STDOUT
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


@pytest.fixture
async def program(start: Start, dsn: str, tmp_path: Path) -> Program:
    """A service whose first administrator is the chart's."""
    file = tmp_path / "admin-password"
    file.write_text(PASSWORD)
    settings = {"admin_email": EMAIL, "admin_password_file": str(file)}
    return await (await start("serve", database_url=dsn, **settings)).up()


async def left_behind(dsn: str) -> list[int]:
    db = await asyncpg.connect(dsn)
    tables = ("ledgers", "api_tokens", "sessions", "expenses")
    counts = [await db.fetchval(f"select count(*) from public.{table}") for table in tables]
    await db.close()
    return counts


async def test_it_writes_reads_sums_deletes_and_leaves_nothing_behind(
    program: Program, dsn: str, tmp_path: Path
) -> None:
    before = await left_behind(dsn)
    file = str(tmp_path / "admin-password")
    code, told = await check(program.url, email=EMAIL, password_file=file)
    assert (code, told.splitlines()[-1]) == (0, "all of it works"), told
    assert await left_behind(dsn) == before


async def test_a_token_does_in_the_place_of_a_password(
    program: Program, people: World, tmp_path: Path
) -> None:
    ada = await people.person()
    (tmp_path / "token").write_text(ada.token)
    code, told = await check(program.url, token_file=str(tmp_path / "token"))
    assert (code, told.splitlines()[-1]) == (0, "all of it works"), told


async def test_a_password_that_was_changed_is_told_with_the_way_out(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "old").write_text("something else")
    code, told = await check(program.url, email=EMAIL, password_file=str(tmp_path / "old"))
    assert code == 1
    assert "name that in test.existingSecret" in told
    assert "Traceback" not in told


async def test_a_token_that_may_not_write_fails_the_check(
    program: Program, people: World, tmp_path: Path
) -> None:
    ada = await people.person(scopes=("read",))
    (tmp_path / "token").write_text(ada.token)
    code, told = await check(program.url, token_file=str(tmp_path / "token"))
    assert (code, "POST /api/v1/ledgers was answered 403" in told) == (1, True)


async def test_a_service_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("x")
    code, told = await check("http://127.0.0.1:1", token_file=str(tmp_path / "token"))
    assert (code, "http://127.0.0.1:1 cannot be reached" in told) == (1, True)
    assert "Traceback" not in told
