from uuid import uuid4

from ledger.making import CREATE, HOME, change, items, make, match, read, remove
from world import World


async def test_an_account_starts_with_its_opening_balance(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank", opening_balance="-12.50")
    assert (bank["currency"], bank["opening_balance"], bank["balance"]) == (
        "EUR", "-12.50", "-12.50",
    )  # fmt: skip
    assert await read(ada, "accounts", bank) == bank
    assert await items(ada, "accounts") == [bank]


async def test_the_balance_follows_every_row_outside_the_trash(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank", opening_balance="100")
    yen = await make(ada, "accounts", name="Yen", currency="JPY", opening_balance="1000")
    await ada.expense("30", account_id=bank["id"])
    await ada.expense("50", kind="income", account_id=bank["id"])
    gone = await ada.expense("7", account_id=bank["id"])
    await remove(ada, "expenses", gone)
    await ada.expense(
        "20", kind="transfer", account_id=bank["id"], to_account_id=yen["id"], to_amount="3200",
        to_currency="JPY",
    )  # fmt: skip
    found = {a["name"]: (a["balance"], a["entries"]) for a in await items(ada, "accounts")}
    assert found == {"Bank": ("100.00", 3), "Yen": ("4200", 1)}


async def test_balances_run_over_the_days_that_moved(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank", opening_balance="100")
    for amount, date in [("10", "2026-01-05"), ("1", "2026-02-01"), ("2", "2026-02-01")]:
        await ada.expense(amount, account_id=bank["id"], date=date)
    await ada.expense("5", kind="income", account_id=bank["id"], date="2026-02-20")
    undone = await ada.expense("5", account_id=bank["id"], date="2026-02-21")
    await remove(ada, "expenses", undone)
    answer = await ada.call(
        "GET", f"{HOME}/accounts/{bank['id']}/balances",
        params={"from": "2026-02-01", "to": "2026-02-28"}, status=200,
    )  # fmt: skip
    assert answer.json() == {
        "account_id": bank["id"], "currency": "EUR", "from": "2026-02-01", "to": "2026-02-28",
        "start": "90.00", "end": "92.00",
        "days": [
            {"date": "2026-02-01", "change": "-3.00", "entries": 2, "balance": "87.00"},
            {"date": "2026-02-20", "change": "5.00", "entries": 1, "balance": "92.00"},
        ],
    }  # fmt: skip


async def test_balances_cover_a_bounded_period(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank")
    path = f"{HOME}/accounts/{bank['id']}/balances"
    usual = (await ada.call("GET", path, status=200)).json()
    assert usual["days"] == []
    await ada.call("GET", path, params={"from": "1990-01-01", "to": "2026-01-01"}, status=422)
    await ada.call("GET", path, params={"from": "2026-01-02", "to": "2026-01-01"}, status=422)
    await ada.call("GET", path, params={"to": "1900-01-02"}, status=200)
    await ada.call("GET", path, params={"to": "0001-01-02"}, status=422)
    await ada.call("GET", f"{HOME}/accounts/{uuid4()}/balances", status=404)


async def test_only_an_account_that_no_row_names_is_removed(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank")
    cash = await make(ada, "accounts", name="Cash", kind="cash")
    row = await ada.expense("1", kind="transfer", account_id=bank["id"], to_account_id=cash["id"])
    for account in (bank, cash):
        path = f"{HOME}/accounts/{account['id']}"
        refused = await ada.call("DELETE", path, headers=match(account), status=409)
        assert "archive" in refused.json()["detail"]
    trashed = await remove(ada, "expenses", row)
    await ada.call("DELETE", f"{HOME}/accounts/{cash['id']}", headers=match(cash), status=409)
    await ada.call(
        "DELETE", f"{HOME}/expenses/{row['id']}", params={"purge": "true"}, headers=match(trashed),
        status=200,
    )  # fmt: skip
    await remove(ada, "accounts", cash)
    await ada.call("GET", f"{HOME}/accounts/{cash['id']}", status=404)


async def test_the_currency_stays_once_a_row_uses_it(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank", opening_balance="5.00")
    dollars = await change(ada, "accounts", bank, currency="USD")
    assert (dollars["currency"], dollars["opening_balance"]) == ("USD", "5.00")
    await ada.expense("1", currency="USD", account_id=bank["id"])
    answer = await ada.call(
        "PATCH", f"{HOME}/accounts/{bank['id']}", json={"currency": "EUR"}, headers=match(dollars),
        status=409,
    )  # fmt: skip
    assert answer.json()["errors"][0]["pointer"] == "/currency"


async def test_an_archived_account_keeps_its_balance_and_frees_its_name(world: World) -> None:
    ada = await world.person()
    bank = await make(ada, "accounts", name="Bank")
    await ada.expense("1", account_id=bank["id"])
    refused = await ada.call("POST", f"{HOME}/accounts", json={"name": "bank"}, status=409)
    assert refused.json()["errors"][0]["pointer"] == "/name"
    old = await change(ada, "accounts", bank, archived=True)
    assert (old["archived"], old["balance"]) == (True, "-1.00")
    await make(ada, "accounts", name="bank")
    await ada.call(
        "PATCH", f"{HOME}/accounts/{bank['id']}", json={"archived": False}, headers=match(old),
        status=409,
    )  # fmt: skip


async def test_an_account_is_created_once_and_replaced_by_version(world: World) -> None:
    ada = await world.person()
    path = f"{HOME}/accounts/{uuid4()}"
    made = await ada.call("PUT", path, json={"name": "Bank"}, headers=CREATE, status=201)
    again = await ada.call(
        "PUT", path, json={"name": "Bank", "currency": "EUR"}, headers=CREATE, status=200
    )
    assert again.json() == made.json()
    await ada.call("PUT", path, json={"name": "Cash"}, headers=CREATE, status=409)
    await ada.call("PUT", path, json={"name": "Cash"}, status=428)
    new = await ada.call(
        "PUT", path, json={"name": "Cash", "kind": "cash"}, headers=match(made.json()), status=200
    )
    await ada.call("PUT", path, json={"name": "X"}, headers=match(made.json()), status=412)
    await ada.call("DELETE", path, headers=match(new.json()), status=200)
    await ada.call("PUT", path, json={"name": "Cash"}, headers=CREATE, status=409)


async def test_bad_accounts_point_to_their_field(world: World) -> None:
    ada = await world.person()
    for body, pointer in [
        ({"name": ""}, "/name"),
        ({"name": "a", "currency": "XXX"}, "/currency"),
        ({"name": "a", "opening_balance": "1e3"}, "/opening_balance"),
        ({"name": "a", "opening_balance": 3}, "/opening_balance"),
        ({"name": "a", "opening_balance": "0.001"}, "/opening_balance"),
        ({"name": "a", "opening_balance": "-10000000000000.01"}, "/opening_balance"),
        ({"name": "a", "kind": "purse"}, "/kind"),
        ({"name": "a", "position": -1}, "/position"),
    ]:
        answer = await ada.call("POST", f"{HOME}/accounts", json=body, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, body
