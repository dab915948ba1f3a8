"""The files of real banks through the API: preview, commit, and the same file again."""

from collections import defaultdict
from decimal import Decimal

import pytest

from imports.test_banks import BANKS
from imports.uploading import commit, listed, rows, upload
from outlay.money.rules import parse_signed
from world import World


@pytest.mark.parametrize("name", BANKS)
async def test_a_bank_file_becomes_expenses_and_is_known_from_then_on(
    world: World, bank_file, name: str
) -> None:
    expected, data = BANKS[name], bank_file(name)
    ada = await world.person(ledger=await world.ledger(currency=expected.ledger))
    preview = await upload(ada, data, name=name)
    assert preview["counts"] == {
        "new": expected.rows,
        "duplicate": 0,
        "error": 0,
        "skipped": len(expected.skipped),
    }
    sums = dict.fromkeys(("spent", "income"), 0)
    for each in preview["sums"]:
        for kind in sums:
            sums[kind] += parse_signed(each[kind], each["currency"])
    assert sums == {"spent": expected.spent, "income": expected.received}

    done = await commit(ada, preview)
    assert done["created"] == expected.rows == preview["selected"]
    made = await listed(ada)
    assert {e["id"] for e in made} == {
        r["expense"]["id"] for r in await rows(ada, preview) if r["expense"]
    }
    assert all(e["source"] == "import" and e["import_id"] == preview["id"] for e in made)
    await _agrees_with_the_summary(ada, preview)

    again = await upload(ada, data, name=name)
    assert again["counts"]["duplicate"] == expected.rows
    assert (await commit(ada, again))["created"] == 0
    assert len(await listed(ada)) == expected.rows


async def _agrees_with_the_summary(ada, preview) -> None:
    params = {"from": preview["first_date"], "to": preview["last_date"]}
    answer = await ada.call("GET", "/ledgers/default/expenses/summary", params=params, status=200)
    totals = {
        each["currency"]: (Decimal(each["spent"]), Decimal(each["income"]))
        for each in answer.json()["totals"]
    }
    sums: dict[str, tuple[Decimal, Decimal]] = defaultdict(tuple)
    for each in preview["sums"]:
        sums[each["currency"]] = Decimal(each["spent"]), Decimal(each["income"])
    assert totals == sums
