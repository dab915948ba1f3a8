"""POST /demo: a ledger full of rows in one change set, like any other from then on."""

import asyncio
import datetime as dt
from collections import Counter
from zoneinfo import ZoneInfo

from world import Person, World


async def a_demo(ada: Person) -> dict[str, object]:
    return (await ada.call("POST", "/demo", status=201)).json()  # type: ignore[no-any-return]


async def test_a_demo_is_a_ledger_of_mine_with_data_up_to_today(world: World) -> None:
    ada = await world.person()
    answer = await ada.call("POST", "/demo", json={"language": "en"}, status=201)
    made = answer.json()
    assert (made["name"], made["role"], made["is_demo"], made["is_default"]) == (
        "Demo", "owner", True, False,
    )  # fmt: skip
    read = await ada.call("GET", f"/ledgers/{made['id']}", status=200)
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])
    page = await ada.call("GET", f"/ledgers/{made['id']}/expenses?limit=500", status=200)
    rows = page.json()["items"]
    today = dt.datetime.now(ZoneInfo("Europe/Rome")).date()
    assert abs(dt.date.fromisoformat(rows[0]["date"]) - today) <= dt.timedelta(1)
    assert {row["source"] for row in rows} == {"demo"}
    home = await ada.call("GET", "/ledgers/default/expenses", status=200)
    assert home.json()["items"] == []


async def test_the_totals_are_those_of_the_rows(world: World) -> None:
    ada = await world.person()
    made = await a_demo(ada)
    path = f"/ledgers/{made['id']}"
    every = {"from": "2000-01-01", "to": "2199-01-01"}
    quick = (await ada.call("GET", f"{path}/expenses/summary", params=every, status=200)).json()
    # An amount above zero is what every row has, and is answered from the rows themselves.
    slow = [
        (
            await ada.call(
                "GET", f"{path}/expenses/summary",
                params={**every, "currency": total["currency"], "min": "0.01"}, status=200,
            )
        ).json()["totals"][0]
        for total in quick["totals"]
    ]  # fmt: skip
    assert quick["totals"] == slow
    assert {total["currency"] for total in slow} == {"EUR", "GBP"}
    accounts = (await ada.call("GET", f"{path}/accounts", status=200)).json()["items"]
    assert all(not account["balance"].startswith("-") for account in accounts)
    assert len(accounts) == 3
    tags = (await ada.call("GET", f"{path}/tags", status=200)).json()["items"]
    assert all(tag["entries"] > 0 for tag in tags)


async def test_it_takes_currency_zone_and_calendar_of_the_default_ledger(world: World) -> None:
    home = await world.ledger(currency="JPY", time_zone="Asia/Tokyo", first_day_of_month=25)
    ada = await world.person(ledger=home)
    made = await a_demo(ada)
    assert (made["currency"], made["time_zone"], made["first_day_of_month"]) == (
        "JPY", "Asia/Tokyo", 25,
    )  # fmt: skip
    page = await ada.call("GET", f"/ledgers/{made['id']}/expenses?q=rent", status=200)
    assert all("." not in row["amount"] for row in page.json()["items"])


async def test_who_has_no_ledger_gets_a_demo_too(world: World) -> None:
    ada = await world.person()
    pool = world.service.pool
    await pool.execute("update public.users set default_ledger_id = null where id = $1", ada.id)
    made = await a_demo(ada)
    assert (made["currency"], made["time_zone"]) == ("EUR", "UTC")


async def test_it_is_one_change_set_that_only_deleting_takes_back(world: World) -> None:
    ada = await world.person()
    made = await a_demo(ada)
    sets = (await ada.call("GET", f"/ledgers/{made['id']}/changes", status=200)).json()["items"]
    assert [(each["action"], each["source"]) for each in sets] == [("demo.create", "demo")]
    assert sets[0]["entities"] > 1700
    undo = f"/ledgers/{made['id']}/changes/{sets[0]['seq']}/undo"
    assert "delete the ledger" in (await ada.call("POST", undo, status=409)).json()["detail"]


async def test_nobody_owns_two(world: World) -> None:
    ada, ben = await world.person(), await world.person("Ben")
    answers = await asyncio.gather(*(ada.call("POST", "/demo") for _ in range(3)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 2}
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "already" in refused.json()["detail"]
    await ben.call("POST", "/demo", status=201)
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    await ada.call(
        "DELETE", f"/ledgers/{made['id']}?confirm=Demo", headers={"If-Match": made["etag"]}, status=204
    )  # fmt: skip
    await ada.call("POST", "/demo", status=201)
    listed = (await ada.call("GET", "/ledgers", status=200)).json()["items"]
    assert [ledger["is_demo"] for ledger in listed] == [True, False]


async def test_a_guest_in_a_demo_can_have_one_of_their_own(world: World) -> None:
    ada, ben = await world.person(), await world.person("Ben")
    made = await a_demo(ada)
    await world.service.pool.execute(
        "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'editor')",
        made["id"], ben.id,
    )  # fmt: skip
    await ben.call("POST", "/demo", status=201)


async def test_the_same_request_again_gets_the_same_ledger(world: World) -> None:
    ada = await world.person()
    key = {"Idempotency-Key": "demo"}
    first = await ada.call("POST", "/demo", headers=key, status=201)
    again = await ada.call("POST", "/demo", headers=key, status=201)
    assert again.json() == first.json()


async def test_languages_that_are_not_there_are_refused(world: World) -> None:
    ada = await world.person()
    for body in ({"language": "tlh"}, {"size": 3}, []):
        await ada.call("POST", "/demo", json=body, status=422)
    reader = await world.person("Rea", scopes=("read",))
    await reader.call("POST", "/demo", status=403)
