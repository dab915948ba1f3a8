"""Archives changed by hand and sealed again: each mistake is told by its line, and nothing is written."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from exports.files import Lines, changed, exported, lines_of, sealed, the
from outlay.imports.layout import Layout
from world import Person, World

IMPORT = "/ledgers/import-archive"
A, B, C, D = (str(uuid4()) for _ in range(4))


async def rich(world: World) -> tuple[Person, bytes]:
    """A ledger with a line of every type, and all of its history."""
    ada = await world.person()
    pool, ledger = world.service.pool, ada.ledger
    await pool.execute(
        "insert into categories (ledger_id, id, name) values ($1, $2, 'Food')", ledger, UUID(A)
    )
    await pool.execute(
        "insert into categories (ledger_id, id, parent_id, name) values ($1, $2, $3, 'Bread')",
        ledger, UUID(B), UUID(A),
    )  # fmt: skip
    await pool.execute(
        "insert into accounts (ledger_id, id, name, currency) values ($1, $2, 'Cash', 'EUR'), ($1, $3, 'Bank', 'EUR')",
        ledger, UUID(A), UUID(B),
    )  # fmt: skip
    await pool.execute(
        "insert into tags (ledger_id, id, name) values ($1, $2, 'new')", ledger, UUID(A)
    )
    layout = msgspec.json.encode(Layout(date=0, amount=1, width=2)).decode()
    await pool.execute(
        "insert into import_profiles (ledger_id, id, name, layout, account_id, category_id) "
        "values ($1, $2, 'Bank', $3, $2, $2)",
        ledger, UUID(A), layout,
    )  # fmt: skip
    bought = await ada.expense("10", "Bread", category_id=B, tag_ids=[A], account_id=A)
    await ada.expense("4", "Returned", kind="income", refund_of=bought["id"], category_id=B)
    await ada.expense("5", "Moved", kind="transfer", account_id=A, to_account_id=B)
    return ada, await exported(ada, history=True)


def bread(lines: Lines) -> dict[str, Any]:
    return the(lines, "expense", description="Bread")


def refund(lines: Lines) -> dict[str, Any]:
    return the(lines, "expense", description="Returned")


def moved(lines: Lines) -> dict[str, Any]:
    return the(lines, "expense", description="Moved")


def copied(lines: Lines, kind: str, /, **new: Any) -> dict[str, Any]:
    """A second line behind the last one of its type."""
    last = [n for n, line in enumerate(lines) if line.get("type") == kind][-1]
    lines.insert(last + 1, {**lines[last], **new})
    return lines[last + 1]


def image(lines: Lines, entity: str) -> dict[str, Any]:
    return the(lines, "change", entity=entity)["after"]  # type: ignore[no-any-return]


Change = Callable[[Lines], Any]
# name -> (what is done to the lines, the type of the wrong line, the pointer inside it)
MISTAKES: dict[str, tuple[Change, str, str]] = {
    "an unknown type": (lambda ls: the(ls, "tag").update(type="gizmo"), "gizmo", "/type"),
    "no type": (lambda ls: the(ls, "tag").pop("type"), "", ""),
    "an unknown field": (lambda ls: the(ls, "tag").update(colour="red"), "tag", "/colour"),
    "a missing field": (lambda ls: the(ls, "tag").pop("name"), "tag", ""),
    "a float": (lambda ls: bread(ls).update(amount=10.5), "expense", "/amount"),
    "an amount in words": (lambda ls: bread(ls).update(amount="1e3"), "expense", "/amount"),
    "too many decimals": (lambda ls: bread(ls).update(amount="1.234"), "expense", "/amount"),
    "an amount of zero": (lambda ls: bread(ls).update(amount="0"), "expense", "/amount"),
    "a negative amount": (lambda ls: bread(ls).update(amount="-1"), "expense", "/amount"),
    "a huge amount": (lambda ls: bread(ls).update(amount="9" * 16), "expense", "/amount"),
    "an unknown currency": (lambda ls: bread(ls).update(currency="XXX"), "expense", "/currency"),
    "an impossible date": (lambda ls: bread(ls).update(date="2026-02-30"), "expense", "/date"),
    "an early date": (lambda ls: bread(ls).update(date="1899-12-31"), "expense", "/date"),
    "an overlong text": (lambda ls: bread(ls).update(note="x" * 10_001), "expense", "/note"),
    "NUL": (lambda ls: bread(ls).update(note="a\0b"), "expense", "/note"),
    "an overlong tag": (lambda ls: the(ls, "tag").update(name="x" * 51), "tag", "/name"),
    "an empty name": (lambda ls: the(ls, "category").update(name=" "), "category", "/name"),
    "an overlong person": (lambda ls: the(ls, "person").update(name="x" * 101), "person", "/name"),
    "no id": (lambda ls: bread(ls).update(id="bread"), "expense", "/id"),
    "version 0": (lambda ls: bread(ls).update(version=0), "expense", "/version"),
    "version one and a half": (lambda ls: bread(ls).update(version=1.5), "expense", "/version"),
    "a huge version": (lambda ls: bread(ls).update(version=2**31), "expense", "/version"),
    "another version": (lambda ls: bread(ls).update(version=7), "change", "/after"),
    "a time of year 1": (
        lambda ls: bread(ls).update(created_at="0001-01-01T00:00:00+05:00"), "expense", "/created_at"),
    "a time without zone": (
        lambda ls: bread(ls).update(created_at="2026-01-01T00:00:00"), "expense", "/created_at"),
    "a zone that is none": (lambda ls: the(ls, "ledger").update(time_zone="Mars/Base"), "ledger", "/time_zone"),
    "a role that is none": (lambda ls: the(ls, "member").update(role="god"), "member", "/role"),
    "51 tags": (lambda ls: bread(ls).update(tag_ids=[A] * 51), "expense", "/tag_ids"),
    "an id twice": (lambda ls: copied(ls, "expense"), "expense", "/id"),
    "a tag twice": (lambda ls: copied(ls, "tag", id=C), "tag", "/name"),
    "an account's name twice": (lambda ls: copied(ls, "account", id=C), "account", "/name"),
    "a category's name twice": (lambda ls: copied(ls, "category", id=C), "category", "/name"),
    "a member twice": (lambda ls: copied(ls, "member"), "member", "/user_id"),
    "a person twice": (lambda ls: copied(ls, "person"), "person", "/id"),
    "a member nobody names": (lambda ls: copied(ls, "member", user_id=C), "member", "/user_id"),
    "a creator nobody names": (lambda ls: bread(ls).update(created_by=C), "expense", "/created_by"),
    "a category of elsewhere": (lambda ls: bread(ls).update(category_id=C), "expense", "/category_id"),
    "an account of elsewhere": (lambda ls: bread(ls).update(account_id=C), "expense", "/account_id"),
    "an account in another currency": (lambda ls: bread(ls).update(currency="USD"), "expense", "/account_id"),
    "a tag of elsewhere": (lambda ls: bread(ls).update(tag_ids=[A, C]), "expense", "/tag_ids"),
    "a profile's name twice": (lambda ls: copied(ls, "profile", id=C), "profile", "/name"),
    "a profile of no account": (lambda ls: the(ls, "profile").update(account_id=C), "profile", "/account_id"),
    "a profile of no category": (lambda ls: the(ls, "profile").update(category_id=C), "profile", "/category_id"),
    "a profile that reads nothing": (lambda ls: the(ls, "profile").update(layout={}), "profile", "/layout/date"),
    "a profile with more in it": (lambda ls: the(ls, "profile")["layout"].update(run="rm"), "profile", "/layout"),
    "a third level": (lambda ls: copied(ls, "category", id=C, parent_id=B), "category", "/parent_id"),
    "a category under itself": (lambda ls: the(ls, "category", id=B).update(parent_id=B), "category", "/parent_id"),
    "a refund of nothing": (lambda ls: refund(ls).update(refund_of=C), "expense", "/refund_of"),
    "a refund of itself": (lambda ls: refund(ls).update(refund_of=refund(ls)["id"]), "expense", "/refund_of"),
    "a refund that spends": (lambda ls: refund(ls).update(kind="expense"), "expense", "/refund_of"),
    "a circle of refunds": (
        lambda ls: bread(ls).update(kind="income", refund_of=refund(ls)["id"]), "expense", "/refund_of"),
    "a refund of a refund": (
        lambda ls: copied(ls, "expense", **{**refund(ls), "id": C, "refund_of": refund(ls)["id"]}),
        "expense", "/refund_of"),
    "a refund of the trash": (
        lambda ls: bread(ls).update(deleted_at="2026-01-01T00:00:00Z"), "expense", "/refund_of"),
    "a refund in another currency": (lambda ls: refund(ls).update(currency="USD"), "expense", "/currency"),
    "a refund above the price": (lambda ls: refund(ls).update(amount="10.01"), "expense", "/amount"),
    "a transfer to nowhere": (lambda ls: moved(ls).update(to_account_id=None), "expense", "/kind"),
    "a transfer to itself": (lambda ls: moved(ls).update(to_account_id=A), "expense", "/kind"),
    "an expense that arrives": (lambda ls: bread(ls).update(to_amount="5"), "expense", "/kind"),
    "a change of no set": (lambda ls: the(ls, "change", entity="tag").update(seq=99), "change", "/seq"),
    "a set twice": (lambda ls: copied(ls, "change_set"), "change_set", "/seq"),
    "a change twice": (lambda ls: copied(ls, "change"), "change", "/id"),
    "an undo of the future": (lambda ls: the(ls, "change_set").update(undoes=2), "change_set", "/undoes"),
    "an actor nobody names": (lambda ls: the(ls, "change_set").update(actor_id=C), "change_set", "/actor_id"),
    "another ledger's history": (
        lambda ls: the(ls, "change", entity="ledger").update(id=C), "change", "/id"),
    "a row of which history knows no end": (
        lambda ls: copied(ls, "change", entity="tag", id=C, after=image(ls, "tag")), "change", "/after"),
    "an image of another ledger": (lambda ls: image(ls, "tag").update(ledger_id=C), "change", "/after"),
    "an image of another row": (lambda ls: image(ls, "tag").update(id=C), "change", "/after"),
    "an image with a decimal": (lambda ls: image(ls, "expense").update(amount="1.00"), "change", "/after"),
    "an image in no currency": (lambda ls: image(ls, "expense").update(currency="XXX"), "change", "/after/currency"),
    "an image with NUL": (lambda ls: image(ls, "expense").update(note="\0"), "change", "/after/note"),
    "an image that is a list": (lambda ls: the(ls, "change").update(before=[]), "change", "/before"),
    "history of something else": (lambda ls: the(ls, "change").update(entity="user"), "change", "/entity"),
}  # fmt: skip


async def test_every_mistake_is_told_by_its_line_and_nothing_is_written(world: World) -> None:
    ada, archive = await rich(world)
    pool = world.service.pool
    before = await pool.fetchrow(COUNTS)
    for name, (change, kind, pointer) in MISTAKES.items():
        hostile = changed(archive, change)
        answer = await ada.call("POST", IMPORT, content=hostile, params={"as": "new"})
        assert answer.status_code == 422, (name, answer.text)
        errors = answer.json()["errors"]
        assert errors, (name, answer.text)
        assert all(told(hostile, error["pointer"]) for error in errors), name
        found = {told(hostile, error["pointer"]) for error in errors}
        assert (kind, pointer) in found, (name, errors)
        assert await pool.fetchrow(COUNTS) == before, name


COUNTS = """
select (select count(*) from ledgers), (select count(*) from users), (select count(*) from expenses),
  (select count(*) from change_log)
"""


def told(archive: bytes, pointer: str) -> tuple[str, str]:
    """The type of the line that a pointer names, and the rest of the pointer."""
    _, word, number, *rest = pointer.split("/")
    assert word == "line"
    line = lines_of(archive)[int(number) - 1]
    return line.get("type", ""), "".join(f"/{step}" for step in rest)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a ledger twice", lambda ls: copied(ls, "ledger")),
        ("no ledger", lambda ls: ls.remove(the(ls, "ledger"))),
        ("lines out of order", lambda ls: ls.append(ls.pop(1))),
        ("history that was denied", lambda ls: ls[0].update(history=False)),
        ("a header with more in it", lambda ls: ls[0].update(colour="red")),
        ("a header without a ledger", lambda ls: ls[0].pop("ledger")),
        ("format 0 as text", lambda ls: ls[0].update(version="1")),
    ],
)
async def test_what_makes_no_sense_at_all_is_refused_as_a_whole(
    world: World, name: str, change: Change
) -> None:
    ada, archive = await rich(world)
    answer = await ada.call(
        "POST", IMPORT, content=changed(archive, change), params={"as": "new"}, status=422
    )
    assert answer.json()["type"] == "urn:outlay:problem:archive-refused", name


async def test_no_more_mistakes_are_told_than_a_person_reads(world: World) -> None:
    ada, archive = await rich(world)
    lines = lines_of(archive)
    wrong = [{**the(lines, "tag"), "id": str(uuid4()), "name": ""} for _ in range(500)]
    place = lines.index(the(lines, "tag"))
    lines[place:place] = wrong
    answer = await ada.call("POST", IMPORT, content=sealed(lines), params={"as": "new"}, status=422)
    assert len(answer.json()["errors"]) == 20


async def test_ids_of_another_ledger_collide_with_nothing(world: World) -> None:
    """Every key begins with the ledger: equal ids in two of them are two rows."""
    ada, archive = await rich(world)
    eve = await world.person("Eve")
    before = await exported(ada, history=True)
    await eve.call("POST", IMPORT, content=archive, params={"as": "new"}, status=201)
    assert (await exported(ada, history=True)).split(b"\n")[1:-2] == before.split(b"\n")[1:-2]


async def test_a_set_with_gaps_in_its_numbers_is_numbered_anew(world: World) -> None:
    ada, archive = await rich(world)

    def spread(lines: Lines) -> None:
        for line in lines:
            if line.get("type") in {"change_set", "change"}:
                line["seq"] = line["seq"] * 1000 + 7

    answer = await ada.call(
        "POST", IMPORT, content=changed(archive, spread), params={"as": "new"}, status=201
    )
    again = await exported(ada, answer.json()["ledger"], history=True)
    kept = [line for line in lines_of(archive) if line.get("type") == "change_set"]
    assert [line for line in lines_of(again) if line.get("type") == "change_set"] == kept
