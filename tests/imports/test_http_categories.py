"""Rows of a preview get categories one by one, before they are in the ledger."""

from typing import Any
from uuid import uuid4

from imports.uploading import PATH, bank, category, commit, listed, rows, upload
from world import Person, World

TEA = "2026-03-05,Tea,-3.50"
SHOP = "2026-03-06,Corner Shop,-12.00"
SHOP_AGAIN = "2026-03-07,CORNER SHOP,-8.00"
BACK = "2026-03-08,Corner shop,12.00"


async def choose(person: Person, preview: dict[str, Any], *, status: int = 200, **body: Any) -> Any:
    path = f"{PATH}/{preview['id']}/rows"
    return (await person.call("PATCH", path, json=body, status=status)).json()


async def test_a_row_is_filed_where_somebody_chose_whatever_the_file_says(world: World) -> None:
    ada = await world.person()
    food, drinks, other = [await category(ada, name) for name in ("Food", "Drinks", "Other")]
    data = b"Date,What,Amount,Category\n2026-03-05,Tea,-3.50,Food\n2026-03-06,Rent,-900.00,\n"
    preview = await upload(ada, data, category=other)
    await choose(ada, preview, category_id=drinks, lines=[2])
    assert [(r["chosen_category"], r["expense"]["category_id"]) for r in await rows(ada, preview)] == [
        (drinks, drinks), (None, other),
    ]  # fmt: skip
    await choose(ada, preview, category_id=None, lines=[2])
    assert (await rows(ada, preview))[0]["expense"]["category_id"] == food
    await choose(ada, preview, category_id=drinks, lines=[2, 3])
    await commit(ada, preview)
    assert {e["description"]: e["category_id"] for e in await listed(ada)} == {
        "Tea": drinks, "Rent": drinks,
    }  # fmt: skip


async def test_rows_of_one_description_are_filed_together_those_of_the_other_kind_are_not(
    world: World,
) -> None:
    ada = await world.person()
    food = await category(ada, "Food")
    preview = await upload(ada, bank(TEA, SHOP, SHOP_AGAIN, BACK))
    changed = await choose(ada, preview, category_id=food, like=3)
    assert changed["selected"] == preview["selected"] == 4
    filed = [row["expense"]["category_id"] for row in await rows(ada, preview)]
    assert filed == [None, food, food, None]
    left = await choose(ada, preview, include=False, like=4)
    assert left["selected"] == 2


async def test_a_name_that_no_row_needs_any_more_is_neither_made_nor_missed(world: World) -> None:
    ada = await world.person()
    food = await category(ada, "Food")
    data = b"Date,What,Amount,Category\n2026-03-05,Tea,-3.50,Hot drinks\n"
    preview = await upload(ada, data)
    await choose(ada, preview, category_id=food, lines=[2])
    done = await commit(ada, preview, create_categories=True)
    assert (done["created_categories"], done["uncategorised"]) == ([], [])


async def test_a_category_that_went_before_the_commit_counts_as_none_chosen(world: World) -> None:
    ada = await world.person()
    food, drinks = await category(ada, "Food"), await category(ada, "Drinks")
    data = b"Date,What,Amount,Category\n2026-03-05,Tea,-3.50,Food\n"
    preview = await upload(ada, data)
    await choose(ada, preview, category_id=drinks, lines=[2])
    found = await ada.call("GET", f"/ledgers/default/categories/{drinks}", status=200)
    await ada.call(
        "DELETE", f"/ledgers/default/categories/{drinks}",
        headers={"If-Match": found.headers["etag"]}, status=200,
    )  # fmt: skip
    (row,) = await rows(ada, preview)
    assert (row["chosen_category"], row["expense"]["category_id"]) == (None, food)
    await commit(ada, preview)
    assert (await listed(ada))[0]["category_id"] == food


async def test_a_choice_that_cannot_be_is_refused_by_its_field(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    theirs = await category(eve, "Food")
    preview = await upload(ada, bank(TEA, "never,Tea,-1.00"))
    for body, pointer in [
        ({"category_id": str(uuid4()), "lines": [2]}, "/category_id"),
        ({"category_id": theirs, "lines": [2]}, "/category_id"),
        ({"category_id": None, "like": 3}, "/like"),
        ({"category_id": None, "like": 0}, "/like"),
    ]:
        problem = await choose(ada, preview, status=422, **body)
        assert problem["errors"][0]["pointer"] == pointer
    for empty in (
        {"lines": [2]},
        {"category_id": None},
        {"include": True, "like": 2, "lines": [2]},
    ):
        await choose(ada, preview, status=422, **empty)
