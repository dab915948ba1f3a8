from uuid import uuid4

from world import Person, World

LIST = "/ledgers/default/expenses"


async def ids(ada: Person, **params: object) -> list[str]:
    answer = await ada.call("GET", LIST, params=params, status=200)
    return [item["description"] for item in answer.json()["items"]]


async def test_the_list_is_newest_first_with_the_totals_of_its_days(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "coffee", date="2026-11-02")
    await ada.expense("3.20", "bus", date="2026-11-02")
    rent = await ada.expense("800", "rent", date="2026-11-01")
    await ada.expense("50", "rent back", kind="income", refund_of=rent["id"], date="2026-11-01")
    await ada.expense("2000", "salary", kind="income", date="2026-11-01")
    page = (await ada.call("GET", LIST, status=200)).json()
    assert {item["description"] for item in page["items"][:2]} == {"bus", "coffee"}
    assert [(d["date"], d["spent"], d["income"], d["count"]) for d in page["days"]] == [
        ("2026-11-02", "7.40", "0.00", 2),
        ("2026-11-01", "750.00", "2000.00", 3),
    ]
    assert page["count"] == {"value": 5, "exact": True}
    assert page["next"] is None


async def test_filters_narrow_the_list(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Café at Rossi", date="2026-11-02")
    await ada.expense("3.20", "bus ticket", date="2026-10-02", note="to the café")
    await ada.expense("900", "salary", kind="income", date="2026-10-01")
    assert await ids(ada, q="cafe") == ["Café at Rossi", "bus ticket"]
    assert await ids(ada, q="rosi") == ["Café at Rossi"]
    assert await ids(ada, q="caf ros") == ["Café at Rossi"]
    assert await ids(ada, q="zebra") == []
    assert await ids(ada, kind="income") == ["salary"]
    assert await ids(ada, **{"from": "2026-11-01"}) == ["Café at Rossi"]
    assert await ids(ada, currency="EUR", min="4", max="100") == ["Café at Rossi"]
    assert await ids(ada, currency="EUR", sort="amount") == [
        "salary",
        "Café at Rossi",
        "bus ticket",
    ]
    assert await ids(ada, category="none", kind="expense") == ["Café at Rossi", "bus ticket"]
    assert await ids(ada, trashed="true") == []


async def test_pages_join_to_the_whole_while_rows_come_and_go(world: World) -> None:
    ada = await world.person()
    made = [await ada.expense("1", f"e{n}", date=f"2026-01-{n + 1:02}") for n in range(9)]
    first = (await ada.call("GET", LIST, params={"limit": 4}, status=200)).json()
    await ada.expense("1", "new", date="2026-02-01")
    gone = made[2]
    await ada.call("DELETE", f"{LIST}/{gone['id']}", headers={"If-Match": gone["etag"]}, status=200)
    second = (
        await ada.call("GET", LIST, params={"limit": 4, "cursor": first["next"]}, status=200)
    ).json()
    seen = [item["description"] for item in first["items"] + second["items"]]
    assert seen == ["e8", "e7", "e6", "e5", "e4", "e3", "e1", "e0"]
    assert second["next"] is None


async def test_a_cursor_that_was_tampered_with_is_refused(world: World) -> None:
    ada = await world.person()
    for n in range(3):
        await ada.expense("1", f"e{n}")
    cursor = (await ada.call("GET", LIST, params={"limit": 1}, status=200)).json()["next"]
    for bad in (cursor[:-3] + "AAA", "x", "", "é", cursor + "A" * 50):
        await ada.call("GET", LIST, params={"limit": 1, "cursor": bad}, status=422)
    await ada.call("GET", LIST, params={"limit": 1, "cursor": cursor, "kind": "income"}, status=422)


async def test_bad_parameters_are_refused_by_name(world: World) -> None:
    ada = await world.person()
    for params in (
        {"limit": "501"}, {"limit": "0"}, {"categry": str(uuid4())}, {"min": "5"}, {"sort": "amount"},
        {"from": "2026-13-01"}, {"from": "2026-02-01", "to": "2026-01-01"}, {"currency": "euro"},
        {"q": "x" * 201}, {"from": "0001-01-01"},
    ):  # fmt: skip
        answer = await ada.call("GET", LIST, params=params, status=422)
        assert answer.json()["errors"], params


async def test_the_summary_compares_with_the_period_before(world: World) -> None:
    ada = await world.person()
    await ada.expense("10", "a", date="2026-11-02")
    await ada.expense("20.01", "b", date="2026-11-30")
    await ada.expense("7", "c", date="2026-10-31")
    await ada.expense("100", "yen", date="2026-11-05", currency="JPY")
    params = {"from": "2026-11-01", "to": "2026-11-30", "group": "month"}
    told = (await ada.call("GET", f"{LIST}/summary", params=params, status=200)).json()
    assert told["previous"] == {"from": "2026-10-01", "to": "2026-10-31"}
    euro, yen = told["totals"]
    assert (euro["spent"], euro["count"], euro["average"], euro["per_day"]) == (
        "30.01",
        2,
        "15.00",
        "1.00",
    )
    assert euro["previous"]["spent"] == "7.00"
    assert (yen["currency"], yen["spent"]) == ("JPY", "100")
    assert told["groups"][0] == {
        "key": "2026-11-01", "currency": "EUR", "spent": "30.01", "income": "0.00", "count": 2,
        "previous_spent": "7.00",
    }  # fmt: skip
    for group in ("none", "category", "day", "week", "tag", "account", "description"):
        answer = await ada.call(
            "GET", f"{LIST}/summary", params={**params, "group": group}, status=200
        )
        assert answer.json()["totals"] == told["totals"]
        with_words = {**params, "group": group, "q": "a"}
        answer = await ada.call("GET", f"{LIST}/summary", params=with_words, status=200)
        assert answer.json()["totals"][0]["spent"] == "10.00"


async def test_descriptions_that_differ_in_case_and_accents_only_are_one(world: World) -> None:
    ada = await world.person()
    await ada.expense("3", "caffe rossi", date="2026-10-30")
    await ada.expense("4", "CAFFE ROSSI", date="2026-11-30")
    await ada.expense("1", "café", date="2026-11-04", currency="USD")
    await ada.expense("2", "Caffe\u0300 Rossi", date="2026-11-05")
    await ada.expense("3", "Caffè Rossi", date="2026-11-02")
    await ada.expense("9", date="2026-11-03")
    await ada.expense("2", "--", date="2026-11-03")
    params = {"from": "2026-11-01", "to": "2026-11-30", "group": "description"}
    told = (await ada.call("GET", f"{LIST}/summary", params=params, status=200)).json()
    assert [(part["key"], part["currency"], part["spent"]) for part in told["groups"]] == [
        (None, "EUR", "9.00"), ("Caffè Rossi", "EUR", "9.00"), ("--", "EUR", "2.00"),
        ("café", "USD", "1.00"),
    ]  # fmt: skip
    assert (told["groups"][1]["count"], told["groups"][1]["previous_spent"]) == (3, "3.00")
    assert told["totals"][0]["spent"] == "20.00"


async def test_the_fifty_largest_descriptions_are_told_and_all_are_in_the_total(
    world: World,
) -> None:
    ada = await world.person()
    rows = [
        {"amount": str(n), "description": f"shop {n}", "date": "2026-11-02"} for n in range(1, 61)
    ]
    await ada.call("POST", f"{LIST}/bulk", json={"create": rows}, status=200)
    params = {"from": "2026-11-01", "to": "2026-11-30", "group": "description"}
    told = (await ada.call("GET", f"{LIST}/summary", params=params, status=200)).json()
    assert [part["key"] for part in told["groups"]] == [f"shop {n}" for n in range(60, 10, -1)]
    assert told["totals"][0]["spent"] == "1830.00"
