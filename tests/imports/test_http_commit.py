"""Commits: names become categories and tags, duplicates are decided again, nobody is in the way."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest

from imports.uploading import PATH, account, bank, category, commit, imported, listed, rows, upload
from outlay import metrics
from world import Person, World

TEA = "2026-03-05,Tea,-3.50"
RENT = "2026-03-01,Rent,-900.00"
NAMED = b"""Date,What,Amount,Category,Account,Tags
2026-03-01,Bread,-2.00,groceries,giro,home
2026-03-02,Bus,-2.50,Travel: Bus,Giro,"home, trip"
2026-03-03,Refund,2.00,Groceries,Giro,
2026-03-04,Pay,2500.00,Salary,Elsewhere,trip
"""


async def named(ada: Person) -> dict[str, str | None]:
    """The category's name of each expense, by description."""
    items = (await ada.call("GET", "/ledgers/default/categories", status=200)).json()["items"]
    names = {each["id"]: each["name"] for each in items}
    return {e["description"]: names.get(e["category_id"]) for e in await listed(ada)}


async def test_names_are_matched_whatever_their_case_and_the_rest_is_told(world: World) -> None:
    ada = await world.person()
    food = await category(ada, "Groceries")
    giro = await account(ada, "Giro")
    preview = await upload(ada, NAMED)
    assert {c["name"]: c["id"] for c in preview["categories"]} == {
        "groceries": food,
        "Groceries": food,
        "Travel: Bus": None,
        "Salary": None,
    }
    done = await commit(ada, preview)
    assert await named(ada) == {
        "Bread": "Groceries",
        "Bus": None,
        "Refund": "Groceries",
        "Pay": None,
    }
    assert {n["name"] for n in done["uncategorised"]} == {"Travel: Bus", "Salary"}
    assert {n["name"]: n["count"] for n in done["ignored_tags"]} == {"home": 2, "trip": 2}
    assert (done["created_categories"], done["created_tags"]) == ([], [])
    assert Counter(e["account_id"] for e in await listed(ada)) == {giro: 3, None: 1}


async def test_missing_categories_and_tags_are_made_when_asked_for(world: World) -> None:
    ada = await world.person()
    done = await commit(ada, await upload(ada, NAMED), create_categories=True)
    assert sorted(done["created_categories"]) == ["Bus", "Salary", "Travel", "groceries"]
    assert sorted(done["created_tags"]) == ["home", "trip"]
    assert await named(ada) == {
        "Bread": "groceries",
        "Bus": "Bus",
        "Refund": "groceries",
        "Pay": "Salary",
    }
    items = (await ada.call("GET", "/ledgers/default/categories", status=200)).json()["items"]
    kinds = {each["name"]: (each["kind"], each["parent_id"]) for each in items}
    assert kinds["Salary"] == ("income", None)
    parent = next(each["id"] for each in items if each["name"] == "Travel")
    assert kinds["Bus"] == ("expense", parent)
    tags = {e["description"]: len(e["tag_ids"]) for e in await listed(ada)}
    assert tags == {"Bread": 1, "Bus": 2, "Refund": 0, "Pay": 1}
    (last,) = (
        await ada.call("GET", "/ledgers/default/changes", params={"limit": 1}, status=200)
    ).json()["items"]
    assert (last["action"], last["source"], last["seq"]) == ("import.commit", "import", done["seq"])


async def test_defaults_stand_for_rows_that_name_nothing(world: World) -> None:
    ada = await world.person()
    food, giro = await category(ada, "Food"), await account(ada, "Giro")
    await imported(ada, bank(TEA, "2026-03-02,Pay,2500.00"), account=giro, category=food)
    found = {e["description"]: e for e in await listed(ada)}
    assert {e["account_id"] for e in found.values()} == {giro}
    assert (found["Tea"]["category_id"], found["Pay"]["category_id"]) == (food, None)


async def test_an_account_in_another_currency_is_left_out(world: World) -> None:
    ada = await world.person()
    dollars = await account(ada, "Dollars", "USD")
    await imported(ada, bank(TEA), account=dollars)
    assert [e["account_id"] for e in await listed(ada)] == [None]


async def test_a_commit_is_one_change_set_that_undo_takes_back(world: World) -> None:
    ada = await world.person()
    kept = await ada.expense("1", "kept")
    done = await imported(ada, NAMED)
    undo = f"/ledgers/default/changes/{done['seq']}/undo"
    await ada.call("POST", undo, json={}, status=200)
    assert [e["id"] for e in await listed(ada)] == [kept["id"]]


async def test_the_same_commit_again_answers_the_same(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, RENT))
    path = f"{PATH}/{preview['id']}/commit"
    key = {"Idempotency-Key": "k-1"}
    before = metrics.EXPENSES_CREATED.labels("import")._value.get()
    first = await ada.call("POST", path, json={}, headers=key, status=200)
    again = await ada.call("POST", path, json={}, headers=key, status=200)
    assert again.headers["idempotent-replay"] == "true"
    third = await ada.call("POST", path, json={}, status=200)
    assert first.json() == again.json() == third.json()
    assert metrics.EXPENSES_CREATED.labels("import")._value.get() == before + 2
    await ada.call("POST", path, json={"create_categories": True}, headers=key, status=422)
    assert len(await listed(ada)) == 2


async def test_a_committed_import_can_no_longer_be_changed(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    await commit(ada, preview)
    path = f"{PATH}/{preview['id']}"
    for method, place, body in [
        ("PUT", "/layout", {}),
        ("PATCH", "", {"name": "x"}),
        ("PATCH", "/rows", {"include": False, "lines": [2]}),
        ("DELETE", "", None),
    ]:
        await ada.call(method, path + place, json=body, status=409)
    detail = (await ada.call("GET", path, status=200)).json()
    assert (detail["status"], detail["expires_at"]) == ("committed", None)
    assert [r["verdict"] for r in await rows(ada, preview)] == ["new"]
    assert await world.service.pool.fetchval("select count(*) from import_files") == 0


async def test_a_preview_cannot_be_reverted_nor_a_reverted_import_committed(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    path = f"{PATH}/{preview['id']}"
    await ada.call("POST", f"{path}/revert", json={}, status=409)
    await commit(ada, preview)
    await ada.call("POST", f"{path}/revert", json={}, status=200)
    await ada.call("POST", f"{path}/commit", json={}, status=409)


async def test_of_concurrent_commits_one_adds_the_rows(world: World) -> None:
    ada = await world.person()
    preview = await upload(
        ada, bank(*(f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(300)))
    )
    answers = await asyncio.gather(*(commit(ada, preview) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    count = await world.service.pool.fetchval("select count(*) from expenses")
    assert count == answers[0]["created"] == 300


async def test_of_two_previews_of_one_file_the_second_adds_nothing(world: World) -> None:
    ada = await world.person()
    lines = [f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(200)]
    first, second = await upload(ada, bank(*lines)), await upload(ada, bank(*lines))
    assert second["counts"]["new"] == 200
    done = await asyncio.gather(commit(ada, first), commit(ada, second))
    assert sorted(each["created"] for each in done) == [0, 200]
    late = min(done, key=lambda each: each["created"])
    assert (late["turned_duplicate"], len(late["left_out"])) == (200, 100)
    assert late["left_out"][0]["why"].startswith("same day, amount and description as 2026-")
    assert late["counts"] == {"new": 0, "duplicate": 200, "error": 0, "skipped": 0}


async def test_what_was_typed_in_since_the_preview_is_left_out_unless_forced(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, TEA, RENT))
    await ada.expense("3.50", "Tea", date="2026-03-05")
    await ada.expense("900", "Rent", date="2026-03-01")
    path = f"{PATH}/{preview['id']}/rows"
    await ada.call("PATCH", path, json={"include": True, "lines": [4]}, status=200)
    done = await commit(ada, preview)
    assert (done["created"], done["turned_duplicate"]) == (2, 2)
    assert Counter(e["description"] for e in await listed(ada)) == {"Tea": 2, "Rent": 2}


async def test_what_is_gone_since_the_preview_is_added(world: World) -> None:
    ada = await world.person()
    tea = await ada.expense("3.50", "Tea", date="2026-03-05")
    preview = await upload(ada, bank(TEA, RENT))
    assert preview["counts"]["duplicate"] == 1
    await ada.call(
        "PATCH", f"/ledgers/default/expenses/{tea['id']}",
        json={"amount": "4"}, headers={"If-Match": tea["etag"]}, status=200,
    )  # fmt: skip
    done = await commit(ada, preview)
    assert (done["created"], done["turned_new"]) == (2, 1)


async def test_an_account_made_since_the_preview_tells_two_bookings_apart(world: World) -> None:
    ada = await world.person()
    card = await account(ada, "Card")
    await ada.expense("3.50", "Tea", date="2026-03-05", account_id=card)
    preview = await upload(ada, b"Date,What,Amount,Account\n2026-03-05,Tea,-3.50,Giro\n")
    assert preview["counts"]["duplicate"] == 1
    giro = await account(ada, "Giro")
    done = await commit(ada, preview)
    assert (done["created"], done["turned_new"]) == (1, 1)
    assert {e["account_id"] for e in await listed(ada)} == {card, giro}


async def test_expenses_recorded_while_a_commit_runs_are_all_kept(world: World) -> None:
    ada = await world.person()
    lines = [f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(1000)]
    preview = await upload(ada, bank(*lines))
    typed = [ada.expense(f"{n}.77", f"typed {n}", date="2026-03-01") for n in range(1, 21)]
    done, *made = await asyncio.gather(commit(ada, preview), *typed)
    assert done["created"] == 1000
    assert await world.service.pool.fetchval("select count(*) from expenses") == 1020
    seqs = await world.service.pool.fetch("select seq from change_sets order by seq")
    assert [row["seq"] for row in seqs] == list(range(1, len(seqs) + 1))
    assert len({e["id"] for e in made}) == 20


async def test_more_categories_than_a_ledger_holds_are_refused_as_a_whole(world: World) -> None:
    ada = await world.person()
    many = "".join(f"2026-03-05,Tea {n},-1.00,Kind {n}\n" for n in range(1001))
    preview = await upload(ada, f"Date,What,Amount,Category\n{many}".encode())
    path = f"{PATH}/{preview['id']}/commit"
    answer = await ada.call("POST", path, json={"create_categories": True}, status=409)
    assert "1000" in answer.json()["detail"]
    assert await listed(ada) == []
    assert (await commit(ada, preview))["created"] == 1001


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Food", "food"), ("FOOD: Bread", "bread"), ("food:bread", "bread"), ("Bread", "bread"),
        ("Twice", None), ("Old", "old"), ("Nothing", None), ("Food: Cake", None),
    ],
)  # fmt: skip
async def test_a_name_means_one_category_or_none(world: World, text: str, found: str) -> None:
    ada = await world.person()
    ids = {"food": await category(ada, "Food"), "drink": await category(ada, "Drink")}
    ids["bread"] = await category(ada, "Bread", parent_id=ids["food"])
    ids["old"] = await category(ada, "Old")
    for parent in ("food", "drink"):
        await category(ada, "Twice", parent_id=ids[parent])
    await world.service.pool.execute("update categories set archived_at = now() where name = 'Old'")
    preview = await upload(
        ada, f'Date,What,Amount,Category\n2026-03-05,Tea,-1.00,"{text}"\n'.encode()
    )
    wanted = ids[found] if found else None
    assert [c["id"] for c in preview["categories"]] == [wanted]
    assert [r["expense"]["category_id"] for r in await rows(ada, preview)] == [wanted]
    await commit(ada, preview)
    assert [e["category_id"] for e in await listed(ada)] == [wanted]


async def test_within_a_day_a_later_booking_comes_first_whichever_way_the_file_runs(
    world: World,
) -> None:
    days = ["2026-03-05,Morning,-1.00", "2026-03-05,Noon,-2.00", "2026-03-06,Next,-3.00"]
    for lines in (days, days[::-1]):
        ada = await world.person()
        await imported(ada, bank(*lines))
        shown = [e["description"] for e in await listed(ada)]
        assert shown == ["Next", "Noon", "Morning"]


async def test_a_commit_of_nothing_makes_no_change_set(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA))
    done = await imported(ada, bank(TEA))
    assert (done["created"], done["seq"], done["counts"]["duplicate"]) == (0, None, 1)


async def test_an_unknown_import_is_not_found(world: World) -> None:
    ada = await world.person()
    for place in ("commit", "revert"):
        await ada.call("POST", f"{PATH}/{uuid4()}/{place}", json={}, status=404)
