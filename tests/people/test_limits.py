import asyncio
import threading
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from outlay.auth.limits import ACCOUNT_TRIES, ADDRESS_TRIES, WINDOW
from outlay.auth.passwords import Busy, Passwords
from outlay.auth.rules import network_of
from outlay.main import Service
from outlay.settings import Settings
from people.conftest import CHEAP
from people.doors import Doors, credentials

WRONG = credentials("Bea", "wrong horse battery")


async def tried(browser: httpx.AsyncClient, body: dict[str, Any], times: int) -> list[int]:
    return [(await browser.post("/session", json=body)).status_code for _ in range(times)]


async def test_an_account_takes_ten_wrong_tries_from_wherever_they_come(doors: Doors) -> None:
    await doors.account()
    for number in range(ACCOUNT_TRIES):
        browser = doors.browser(f"198.51.100.{number}")
        assert await tried(browser, WRONG, 1) == [401]
    refused = await doors.browser("203.0.113.9").post("/session", json=credentials())
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= WINDOW.total_seconds()
    assert await tried(doors.browser("203.0.113.9"), credentials("Cat"), 1) == [401]


async def test_strangers_do_not_shut_a_person_out_where_they_are_signed_in(doors: Doors) -> None:
    await doors.account()
    await doors.signed_in(address="192.0.2.77")
    await doors.signed_in(address="2001:db8:77::1")
    assert await tried(doors.browser("198.51.100.1"), WRONG, ACCOUNT_TRIES + 1) == [401] * 10 + [
        429
    ]
    assert await tried(doors.browser("192.0.2.77"), credentials(), 1) == [201]
    assert await tried(doors.browser("2001:db8:77::abcd"), credentials(), 1) == [201]
    assert await tried(doors.browser("198.51.100.2"), credentials(), 1) == [429]


async def test_at_home_one_cannot_guess_for_ever_either(doors: Doors) -> None:
    await doors.account()
    await doors.signed_in(address="192.0.2.77")
    assert (await tried(doors.browser("192.0.2.77"), WRONG, ACCOUNT_TRIES + 1))[-1] == 429


async def test_tries_at_once_are_counted_one_by_one(doors: Doors) -> None:
    await doors.account()
    browsers = [doors.browser(f"198.51.100.{n}") for n in range(24)]
    codes: list[int] = []

    async def try_until_taken(browser: httpx.AsyncClient) -> None:
        while (answer := await browser.post("/session", json=WRONG)).status_code == 503:
            assert answer.headers["retry-after"] == "1"
        codes.append(answer.status_code)

    await asyncio.gather(*(try_until_taken(browser) for browser in browsers))
    assert sorted(codes) == [401] * ACCOUNT_TRIES + [429] * (24 - ACCOUNT_TRIES)


async def test_replicas_count_together(doors: Doors, dsn: str) -> None:
    await doors.account()
    other = Service(Settings(log_level="warning"), dsn, hasher=CHEAP)
    async with other.running(), Doors(other) as elsewhere:
        assert await tried(doors.browser(), WRONG, 5) == [401] * 5
        assert await tried(elsewhere.browser(), WRONG, 6) == [401] * 5 + [429]


async def test_an_address_takes_fifty_tries_over_all_accounts_and_links(doors: Doors) -> None:
    browser = doors.browser("2001:db8:1:2::3")
    for number in range(ADDRESS_TRIES // 2):
        assert await tried(browser, credentials(f"nobody-{number}"), 1) == [401]
        assert (await browser.post("/session/link", json={"token": "x"})).status_code == 422
    neighbour = doors.browser("2001:db8:1:2:ffff::1")
    for path, body in [
        ("/session", credentials("another")),
        ("/session/link", {"token": "x"}),
        ("/links/preview", {"token": "x"}),
        ("/password-reset", {"token": "x", "password": "a new password"}),
        (
            "/invitations/join",
            {
                "token": "x",
                "name": "Eve",
                "email": "eve@example.org",
                "password": "a new password",
            },
        ),
    ]:
        assert (await neighbour.post(path, json=body)).status_code == 429, path
    assert await tried(doors.browser("2001:db8:1:3::3"), credentials("another"), 1) == [401]


async def test_the_window_slides_and_refused_tries_do_not_lengthen_it(doors: Doors) -> None:
    await doors.account()
    browser = doors.browser()
    assert await tried(browser, WRONG, ACCOUNT_TRIES) == [401] * ACCOUNT_TRIES
    assert await tried(browser, WRONG, 5) == [429] * 5
    pool = doors.service.pool
    await pool.execute(
        "update public.sign_in_attempts set attempted_at = attempted_at - interval '15 minutes' "
        "where (subject, id) in (select subject, id from public.sign_in_attempts "
        "order by attempted_at limit 2)"
    )
    assert await tried(browser, WRONG, 2) == [401, 429]


async def test_the_right_password_forgets_the_accounts_wrong_tries(doors: Doors) -> None:
    await doors.account()
    browser = doors.browser()
    assert await tried(browser, WRONG, 9) == [401] * 9
    assert await tried(browser, credentials(), 1) == [201]
    left = await doors.service.pool.fetch("select subject from public.sign_in_attempts")
    assert [row["subject"] for row in left] == ["address:192.0.2.1"] * 9


async def test_one_own_account_does_not_wash_an_address_clean(doors: Doors) -> None:
    await doors.account()
    browser = doors.browser()
    for number in range(ADDRESS_TRIES):
        assert await tried(browser, credentials(f"victim-{number}"), 1) == [401]
    assert await tried(browser, credentials(), 1) == [429]


def test_an_ipv6_user_has_a_whole_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1" == network_of("192.0.2.1")
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("") == network_of("not an address") == "unknown"


class Held(PasswordHasher):
    """A hasher that works when it is let."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.go = threading.Event()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.go.wait(30)
        return super().hash(password, salt=salt)


async def test_a_full_queue_refuses_and_a_caller_who_leaves_frees_no_thread() -> None:
    hasher = Held()
    passwords = Passwords(hasher, threads=1, waiting=1)
    first, second = (asyncio.ensure_future(passwords.hash(word)) for word in ("one", "two"))
    await asyncio.sleep(0)
    with pytest.raises(Busy) as caught:
        await passwords.hash("three")
    assert caught.value.headers == {"Retry-After": "1"}
    second.cancel()
    hasher.go.set()
    kept = await first
    assert (await passwords.verify(kept, "one")).right
    assert not (await passwords.verify(kept, "two")).right
    assert not (await passwords.verify(None, "nobody's password")).right
    assert not (await passwords.verify("not a hash", "one")).right
    passwords.close()


async def test_a_try_that_found_no_free_thread_is_not_counted(doors: Doors) -> None:
    await doors.account()
    hasher = Held()
    desk = doors.service.litestar.state.desk
    busy = Passwords(hasher, threads=1, waiting=0)
    doors.service.litestar.state.desk = type(desk)(desk.settings, busy, desk.cookie_name)
    holding = asyncio.ensure_future(busy.hash("slow"))
    await asyncio.sleep(0)
    answer = await doors.browser().post("/session", json=credentials())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert await doors.service.pool.fetchval("select count(*) from public.sign_in_attempts") == 0
    hasher.go.set()
    await holding
    busy.close()
