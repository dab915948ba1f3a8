import asyncio
from pathlib import Path

import asyncpg
import pytest

from outlay.auth.links import create_sign_in_link
from outlay.main import Service
from outlay.settings import Settings, SettingsError
from outlay.users.first import ensure_first_user
from people.conftest import CHEAP
from people.doors import PASSWORD, Doors


async def test_the_first_user_administers_and_owns_a_ledger_with_categories(doors: Doors) -> None:
    async with doors.service.pool.acquire() as db:
        first = await ensure_first_user(db, "Ada")
        assert await ensure_first_user(db, "Somebody else") == first
        secret = await create_sign_in_link(db, first)
    browser = doors.browser()
    entered = await browser.post("/session/link", json={"token": secret})
    assert entered.json()["user"]["is_admin"] is True
    assert (await browser.get("/ledgers/default")).json()["role"] == "owner"
    count = await doors.service.pool.fetchval("select count(*) from public.categories")
    assert count > 30
    assert await doors.service.pool.fetchval("select count(*) from public.users") == 1


async def test_processes_that_start_at_once_make_one_first_user(dsn: str) -> None:
    connections = [await asyncpg.connect(dsn) for _ in range(6)]
    made = await asyncio.gather(
        *(ensure_first_user(db, f"P{n}") for n, db in enumerate(connections))
    )
    assert len(set(made)) == 1
    assert await connections[0].fetchval("select count(*) from public.users") == 1
    assert await connections[0].fetchval("select count(*) from public.ledgers") == 1
    for db in connections:
        await db.close()


def settings(file: Path, **more: str) -> Settings:
    chosen = {"admin_email": "root@example.org", "log_level": "warning", **more}
    return Settings(admin_password_file=file, **chosen)  # type: ignore[arg-type]


async def test_the_chart_makes_the_administrator_from_a_file_once(dsn: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    body = {"email": "root@example.org", "password": PASSWORD}
    for _ in range(2):
        service = Service(settings(file), dsn, hasher=CHEAP)
        async with service.running(), Doors(service) as doors:
            browser = doors.browser()
            assert (await browser.post("/session", json=body)).status_code == 201
            assert (await browser.get("/users")).status_code == 200
        file.write_text("a changed file changes nothing")


@pytest.mark.parametrize(
    ("content", "email", "word"),
    [
        ("short", "root@example.org", "OUTLAY_ADMIN_PASSWORD_FILE"),
        (None, "root@example.org", "OUTLAY_ADMIN_PASSWORD_FILE"),
        (PASSWORD, "nonsense", "OUTLAY_ADMIN_EMAIL"),
    ],
)
async def test_a_first_administrator_who_cannot_be_made_stops_the_start(
    dsn: str, tmp_path: Path, content: str | None, email: str, word: str
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    service = Service(settings(file, admin_email=email), dsn, hasher=CHEAP)
    with pytest.raises(SettingsError, match=word):
        async with service.running():
            pass
