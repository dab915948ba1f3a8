"""Ten years of a household, from a CSV file into the ledger."""

from decimal import Decimal

from imports.beancount_csv import write_example_csv
from imports.uploading import account, imported, listed, upload
from world import World


async def test_a_decade_is_imported_to_the_cent(world: World, tmp_path) -> None:
    path = tmp_path / "household.csv"
    example = write_example_csv(path)
    ada = await world.person(ledger=await world.ledger(currency="USD"))
    for name in ("Checking", "Card"):
        await account(ada, name, "USD")
    done = await imported(ada, path.read_bytes())
    assert (done["created"], done["counts"]["error"]) == (example.rows, 0)
    days = {"from": "2014-01-01", "to": "2023-12-31"}
    answer = await ada.call("GET", "/ledgers/default/expenses/summary", params=days, status=200)
    (total,) = answer.json()["totals"]
    assert await world.service.pool.fetchval("select count(*) from expenses") == example.rows
    assert Decimal(total["spent"]) == Decimal(example.spent) / 100
    assert Decimal(total["income"]) == Decimal(example.received) / 100
    assert all(e["account_id"] for e in await listed(ada))
    again = await upload(ada, path.read_bytes())
    assert again["counts"]["duplicate"] == example.rows
    assert again["selected"] == 0
