"""Which rows of a file the ledger has already, as a person meets it."""

from imports.uploading import PATH, account, bank, commit, imported, listed, revert, rows, upload
from world import World

TEA = "2026-03-05,Tea,-3.50"
COFFEE = "2026-03-05,Coffee,-2.00"
RENT = "2026-03-01,Rent,-900.00"


async def test_two_equal_rows_in_one_file_are_two_expenses(world: World) -> None:
    ada = await world.person()
    assert (await imported(ada, bank(COFFEE, COFFEE, RENT)))["created"] == 3
    third = await upload(ada, bank(COFFEE, COFFEE, COFFEE))
    assert third["counts"] == {"new": 1, "duplicate": 2, "error": 0, "skipped": 0}


async def test_of_overlapping_exports_only_the_difference_is_added(world: World) -> None:
    ada = await world.person()
    march = [f"2026-03-{day:02},Shop {day},-{day}.10" for day in range(1, 31)]
    await imported(ada, bank(*march[:20]))
    done = await imported(ada, bank(*march[10:]))
    assert (done["created"], done["counts"]["duplicate"]) == (10, 10)
    assert len(await listed(ada)) == 30


async def test_a_duplicate_says_of_what_and_why(world: World) -> None:
    ada = await world.person()
    mine = await ada.expense("3.50", "tea", date="2026-03-05")
    preview = await upload(ada, bank(TEA, RENT))
    same, new = await rows(ada, preview)
    assert same["duplicate_of"] == {
        "id": mine["id"],
        "state": "live",
        "date": "2026-03-05",
        "description": "tea",
    }
    assert same["why"] == "same day, amount and description as 2026-03-05 tea"
    assert (same["selected"], new["selected"]) == (False, True)
    assert new["duplicate_of"] is None


async def test_an_imported_row_stays_known_however_it_is_changed(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA, COFFEE))
    for expense in await listed(ada):
        await ada.call(
            "PATCH", f"/ledgers/default/expenses/{expense['id']}",
            json={"description": "breakfast", "amount": "9.99", "date": "2025-01-01"},
            headers={"If-Match": expense["etag"]}, status=200,
        )  # fmt: skip
    assert (await upload(ada, bank(TEA, COFFEE)))["counts"]["duplicate"] == 2


async def test_a_row_that_was_deleted_by_hand_does_not_come_back(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA, COFFEE))
    path = "/ledgers/default/expenses"
    tea, coffee = sorted(await listed(ada), key=lambda e: e["description"], reverse=True)
    for expense in (tea, coffee):
        trashed = await ada.call(
            "DELETE",
            f"{path}/{expense['id']}",
            headers={"If-Match": expense["etag"]},
            status=200,
        )
        if expense is coffee:
            await ada.call(
                "DELETE",
                f"{path}/{expense['id']}",
                params={"purge": "true"},
                headers={"If-Match": trashed.headers["etag"]},
                status=200,
            )
    first, second = await rows(ada, await upload(ada, bank(TEA, COFFEE)))
    assert (first["verdict"], first["duplicate_of"]["state"]) == ("duplicate", "trashed")
    assert (second["verdict"], second["duplicate_of"]["state"]) == ("duplicate", "gone")


async def test_after_a_revert_the_same_file_can_be_imported_again(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, COFFEE, COFFEE))
    await commit(ada, preview)
    taken = await revert(ada, preview["id"])
    assert (taken["trashed"], taken["kept_count"]) == (3, 0)
    assert await listed(ada) == []
    assert len(await listed(ada, trashed="true")) == 3
    status = await ada.call("GET", f"{PATH}/{preview['id']}", status=200)
    assert status.json()["status"] == "reverted"
    assert (await imported(ada, bank(TEA, COFFEE, COFFEE)))["created"] == 3


async def test_an_undone_import_is_as_good_as_reverted_and_redone_as_good_as_new(
    world: World,
) -> None:
    ada = await world.person()
    done = await imported(ada, bank(TEA, COFFEE))
    undo = f"/ledgers/default/changes/{done['seq']}/undo"
    undone = (await ada.call("POST", undo, json={}, status=200)).json()
    assert await listed(ada) == []
    assert (await upload(ada, bank(TEA, COFFEE)))["counts"]["new"] == 2
    redo = f"/ledgers/default/changes/{undone['seq']}/undo"
    await ada.call("POST", redo, json={}, status=200)
    assert len(await listed(ada)) == 2
    assert (await upload(ada, bank(TEA, COFFEE)))["counts"]["duplicate"] == 2


async def test_an_undone_revert_stands_again_and_can_be_reverted_again(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, COFFEE))
    await commit(ada, preview)
    seq = (await revert(ada, preview["id"]))["seq"]
    await ada.call("POST", f"/ledgers/default/changes/{seq}/undo", json={}, status=200)
    status = await ada.call("GET", f"{PATH}/{preview['id']}", status=200)
    assert status.json()["status"] == "committed"
    assert (await upload(ada, bank(TEA, COFFEE)))["counts"]["duplicate"] == 2
    assert (await revert(ada, preview["id"]))["trashed"] == 2


async def test_rows_changed_since_stay_at_a_revert_and_stay_known(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, COFFEE))
    await commit(ada, preview)
    tea = next(e for e in await listed(ada) if e["description"] == "Tea")
    await ada.call(
        "PATCH", f"/ledgers/default/expenses/{tea['id']}",
        json={"description": "Green tea"}, headers={"If-Match": tea["etag"]}, status=200,
    )  # fmt: skip
    taken = await revert(ada, preview["id"])
    assert (taken["trashed"], taken["kept_count"]) == (1, 1)
    assert [(k["id"], k["description"]) for k in taken["kept"]] == [(tea["id"], "Green tea")]
    counts = (await upload(ada, bank(TEA, COFFEE)))["counts"]
    assert (counts["duplicate"], counts["new"]) == (1, 1)
    assert (await revert(ada, preview["id"]))["trashed"] == 0
    assert (await revert(ada, preview["id"], force=True))["trashed"] == 1
    assert (await upload(ada, bank(TEA, COFFEE)))["counts"]["new"] == 2


async def test_the_banks_reference_tells_a_booking_whose_day_and_text_moved(world: World) -> None:
    ada = await world.person()
    head = "Date,What,Amount,Reference\n"
    first = f"{head}2026-03-05,Tea pending,-3.50,BANK-00001\n".encode()
    moved = f"{head}2026-03-07,TEA HOUSE LTD,-3.50,BANK-00001\n".encode()
    other = f"{head}2026-03-05,Tea pending,-3.50,BANK-00002\n".encode()
    await imported(ada, first)
    (row,) = await rows(ada, await upload(ada, moved))
    assert row["why"].startswith("the bank's own reference and the amount are those of 2026-03-05")
    assert (await upload(ada, other))["counts"]["new"] == 1


async def test_equal_rows_of_two_accounts_are_two_bookings(world: World) -> None:
    ada = await world.person()
    card, giro = [await account(ada, name) for name in ("Card", "Giro")]
    await imported(ada, bank(TEA), account=card)
    assert (await upload(ada, bank(TEA), account=card))["counts"]["duplicate"] == 1
    other = await upload(ada, bank(TEA), account=giro)
    assert other["counts"]["new"] == 1
    changed = await ada.call(
        "PATCH", f"{PATH}/{other['id']}", json={"account_id": card}, status=200
    )
    assert changed.json()["counts"]["duplicate"] == 1
    named = b"Date,What,Amount,Account\n2026-03-05,Tea,-3.50,card\n"
    assert (await upload(ada, named))["counts"]["duplicate"] == 1


async def test_many_rows_of_one_amount_are_compared_in_one_go(world: World) -> None:
    ada = await world.person()
    lines = [f"2026-{n % 12 + 1:02}-{n % 28 + 1:02},Bus {n % 400},-2.50" for n in range(3000)]
    assert (await imported(ada, bank(*lines)))["created"] == 3000
    more = await upload(ada, bank(*lines, *lines[:10]))
    assert more["counts"] == {"new": 10, "duplicate": 3000, "error": 0, "skipped": 0}


async def test_a_transfer_is_no_duplicate_of_a_booking(world: World) -> None:
    ada = await world.person()
    card, giro = [await account(ada, name) for name in ("Card", "Giro")]
    await ada.expense(
        "3.50", "Tea", kind="transfer", account_id=card, to_account_id=giro, date="2026-03-05"
    )
    assert (await upload(ada, bank(TEA)))["counts"]["new"] == 1


async def test_a_file_that_was_imported_before_says_so(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA))
    notices = (await upload(ada, bank(TEA)))["found"]["notices"]
    assert "same_file" in {notice["code"] for notice in notices}
