"""What must not get in gets a sentence that points to its field, and changes nothing."""

import json
from typing import Any
from uuid import uuid4

import pytest

from fuzz.resident import Resident
from world import World

LIST = "/ledgers/default/expenses"

WRONG: list[tuple[str, Any]] = [
    *(("/amount", {"amount": amount}) for amount in (
        12.5, 12, -1, 0, 1e400, True, None, [], {}, "1e5", "NaN", "Infinity", "12.345", "12,50", "", " 1", "+1", "-1", "0",
        "0.00", "1 000", "\u0661\u0662", "\uff11", "\u00bd", "10000000000000.01", "9" * 17, "0x10", "1_000",
    )),
    *(("/amount", {"amount": amount, "currency": code}) for amount, code in (
        ("1.5", "JPY"), ("1.2345", "KWD"), ("1.23456", "CLF"), ("1000000000000001", "JPY"), ("1000000000000.001", "KWD"),
    )),
    *(("/currency", {"currency": code}) for code in ("XXX", "XAU", "eur", "EURO", "\u20ac", "", "E\x00R", 978)),
    *(("/date", {"date": date}) for date in (
        "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "1899-12-31", "2201-01-01", "0001-01-01", "9999-12-31",
        "2026-1-1", "01.02.2026", "2026-01-01T00:00:00", "today", "", 20260101, "2026-W01-1", "+2026-01-01",
    )),
    *(("/description", {"description": text}) for text in ("a\x00b", "\x1b[0m", "line\nline", "x" * 501, 1, None)),
    *(("/note", {"note": text}) for text in ("\x00", "\x07", "x" * 10_001)),
    *(("/reference", {"reference": text}) for text in ("\x00", "x" * 201)),
    *(("/category_id", {"category_id": text}) for text in ("x", "", 1, "{category}")),
    *(("/account_id", {"account_id": text}) for text in ("x", "{account}")),
    ("/account_id", {"account_id": "{own account}", "currency": "JPY"}),
    *(("/tag_ids", {"tag_ids": text}) for text in ("x", ["{tag}"], [str(uuid4())] * 1)),
    ("/tag_ids/0", {"tag_ids": ["x"]}),
    ("/tag_ids", {"tag_ids": [str(uuid4()) for _ in range(51)]}),
    ("/refund_of", {"kind": "income", "refund_of": "{expense}"}),
    ("/refund_of", {"kind": "income", "refund_of": "{self}"}),
    ("/refund_of", {"kind": "income", "refund_of": "{own refund}"}),
    ("/amount", {"kind": "income", "refund_of": "{own expense}", "amount": "12.51"}),
    ("/currency", {"kind": "income", "refund_of": "{own expense}", "currency": "JPY"}),
    ("/kind", {"kind": "expense", "refund_of": "{own expense}"}),
    *(("/kind", {"kind": kind}) for kind in ("spending", "", None, 1)),
    ("/account_id", {"kind": "transfer", "to_account_id": "{own account}"}),
    ("/to_account_id", {"kind": "transfer", "account_id": "{own account}"}),
    ("/to_account_id", {"kind": "transfer", "account_id": "{own account}", "to_account_id": "{own account}"}),
    ("/to_account_id", {"to_account_id": "{own account}"}),
    *((f"/{name}", {name: 1}) for name in ("colour", "version", "id", "created_at", "Amount")),
]  # fmt: skip


async def seq(world: World, bob: Resident) -> int:
    return await world.service.pool.fetchval(
        "select seq from ledger_seqs where ledger_id = $1", bob.person.ledger
    )


@pytest.fixture(scope="module")
async def names(bob: Resident, shared: World) -> dict[str, str]:
    """What the bodies name: things of another household, and of one's own."""
    eve = await shared.person("Eve")
    hers = {"expense": (await eve.expense("1"))["id"]}
    for kind, word in (("categories", "category"), ("accounts", "account"), ("tags", "tag")):
        body = {"name": word, **({"currency": "EUR"} if kind == "accounts" else {})}
        answer = await eve.call("POST", f"/ledgers/default/{kind}", json=body, status=201)
        hers[word] = answer.json()["id"]
    own = bob.known
    return {
        **hers,
        "self": str(uuid4()),
        "own account": own["accounts"][0],
        "own expense": own["expenses"][0],
        "own refund": own["expenses"][1],
    }


def filled(value: Any, names: dict[str, str]) -> Any:
    match value:
        case str() if value.startswith("{"):
            return names[value[1:-1]]
        case list():
            return [filled(item, names) for item in value]
        case dict():
            return {key: filled(item, names) for key, item in value.items()}
        case _:
            return value


def bytes_of(body: dict[str, Any]) -> bytes:
    """JSON with numbers that no float holds written out."""
    return json.dumps(body).replace(": Infinity", ": 1e400").encode()


async def test_every_wrong_field_is_pointed_to_and_nothing_is_written(
    bob: Resident, shared: World, names: dict[str, str]
) -> None:
    before = await seq(shared, bob)
    for pointer, more in WRONG:
        body = {"amount": "1", **filled(more, names)}
        answer = await bob.person.call(
            "PUT", f"{LIST}/{names['self']}", content=bytes_of(body), headers={"If-None-Match": "*"}
        )
        assert answer.status_code in {400, 422}, (body, answer.text)
        if answer.status_code == 422:
            assert pointer in [error["pointer"] for error in answer.json()["errors"]], (
                body,
                answer.text,
            )
    assert await seq(shared, bob) == before


async def test_the_same_mistakes_in_a_change_and_in_a_bulk_are_pointed_to(
    bob: Resident, shared: World, names: dict[str, str]
) -> None:
    row = await bob.person.expense("1", "untouched")
    before = await seq(shared, bob)
    for pointer, more in WRONG:
        part = filled(more, names)
        changed = await bob.person.call(
            "PATCH",
            f"{LIST}/{row['id']}",
            content=bytes_of(part),
            headers={"If-Match": row["etag"]},
        )
        assert changed.status_code in {400, 409, 422}, (part, changed.text)
        create = {"create": [{"amount": "1"}, {"amount": "1", **part}]}
        answer = await bob.person.call("POST", f"{LIST}/bulk", content=bytes_of(create))
        if "id" in part or names["self"] in part.values():
            continue
        assert answer.status_code in {400, 409, 422}, (create, answer.text)
        if answer.status_code == 422:
            pointers = [error["pointer"] for error in answer.json()["errors"]]
            assert f"/create/1{pointer}" in pointers, (create, answer.text)
    assert await seq(shared, bob) == before


async def test_refunds_in_a_circle_are_refused(bob: Resident, shared: World) -> None:
    first, second = str(uuid4()), str(uuid4())
    rows = [
        {"id": first, "amount": "1", "kind": "income", "refund_of": second},
        {"id": second, "amount": "1", "kind": "income", "refund_of": first},
    ]
    before = await seq(shared, bob)
    answer = await bob.person.call("POST", f"{LIST}/bulk", json={"create": rows}, status=422)
    assert answer.json()["errors"][0]["pointer"] in {"/create/0/refund_of", "/create/1/refund_of"}
    assert await seq(shared, bob) == before


async def test_ten_thousand_and_one_rows_are_too_many(bob: Resident, shared: World) -> None:
    before = await seq(shared, bob)
    many = 10_001
    for body, pointer in (
        ({"create": [{"amount": "1"}] * many}, "/create"),
        ({"trash": True, "ids": [str(uuid4())] * many}, "/ids"),
        ({"change": {"note": "x"}, "ids": [str(uuid4())] * many}, "/ids"),
    ):
        answer = await bob.person.call("POST", f"{LIST}/bulk", json=body, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert await seq(shared, bob) == before
