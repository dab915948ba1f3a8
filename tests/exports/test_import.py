"""Archives brought in over HTTP: who gets what, and what is refused as a whole."""

import asyncio
import gzip
import io
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from exports.files import changed, exported, lasting, lines_of, sealed, the
from outlay.archives import routes
from outlay.archives.errors import ArchiveRefused
from outlay.archives.frame import MOST_LINE
from outlay.archives.reading import batches, uploaded
from outlay.errors import TimedOut, TooLarge
from outlay.ledgers.erase import erase_ledger
from world import Person, World

IMPORT = "/ledgers/import-archive"


async def imported(person: Person, archive: bytes, *, status: int, **params: str) -> dict[str, Any]:
    answer = await person.call("POST", IMPORT, content=archive, params=params, status=status)
    return answer.json()  # type: ignore[no-any-return]


async def erased(world: World, ledger: UUID) -> None:
    async with world.service.pool.acquire() as db, db.transaction():
        await erase_ledger(db, ledger)


async def tables(world: World) -> list[int]:
    """How many rows an import could have left behind."""
    names = ("ledgers", "users", "members", "expenses", "change_sets", "change_log", "words")
    counts = ", ".join(f"(select count(*) from {name})" for name in names)
    return list(await world.service.pool.fetchrow(f"select {counts}") or ())


async def test_a_deleted_ledger_comes_back_as_it_was(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("4.20", "Coffee", note="two\nlines")
    first = await exported(ada, history=True)
    await erased(world, ada.ledger)
    answer = await imported(ada, first, status=201)
    assert answer["ledger"] == str(ada.ledger)
    assert answer["counts"]["expense"] == 1
    assert answer["members"] == [
        {"user_id": str(ada.id), "name": "Ada", "role": "owner", "became": "you"}
    ]
    assert lasting(await exported(ada, ada.ledger, history=True)) == lasting(first)
    read = await ada.call("GET", f"/ledgers/default/expenses/{made['id']}", status=200)
    assert read.json() == made


async def test_what_was_imported_goes_on_living(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("4.20", "Coffee")
    for history in (True, False):
        archive = await exported(ada, history=history)
        copy = (await imported(ada, archive, status=201, **{"as": "new"}))["ledger"]
        path = f"/ledgers/{copy}/expenses/{made['id']}"
        current = await ada.call("GET", path, status=200)
        changed_ = await ada.call(
            "PATCH", path, json={"amount": "5"}, headers={"If-Match": current.headers["etag"]}, status=200
        )  # fmt: skip
        assert changed_.json()["version"] == 2
        found = await ada.call(
            "GET", f"/ledgers/{copy}/expenses", params={"q": "cofee"}, status=200
        )
        assert [row["amount"] for row in found.json()["items"]] == ["5.00"]
        lines = lines_of(await exported(ada, copy, history=True))
        sets = [line["seq"] for line in lines if line.get("type") == "change_set"]
        assert sets == list(range(1, len(sets) + 1))


async def test_what_was_done_before_the_export_can_be_undone_after_the_import(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("4.20", "Coffee")
    path = f"/ledgers/default/expenses/{made['id']}"
    await ada.call(
        "PATCH", path, json={"amount": "5"}, headers={"If-Match": made["etag"]}, status=200
    )
    archive = await exported(ada, history=True)
    copy = (await imported(ada, archive, status=201, **{"as": "new"}))["ledger"]
    done = the(
        lines_of(await exported(ada, copy, history=True)), "change_set", action="expense.change"
    )
    await ada.call("POST", f"/ledgers/{copy}/changes/{done['seq']}/undo", json={}, status=200)
    there = await ada.call("GET", f"/ledgers/{copy}/expenses/{made['id']}", status=200)
    here = await ada.call("GET", path, status=200)
    assert (there.json()["amount"], here.json()["amount"]) == ("4.20", "5.00")
    again = await exported(ada, copy, history=True)
    undo = the(lines_of(again), "change_set", undoes=done["seq"])
    third = (await imported(ada, again, status=201, **{"as": "new"}))["ledger"]
    assert the(lines_of(await exported(ada, third, history=True)), "change_set", **undo) == undo


async def test_without_history_an_import_is_one_change_set(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Coffee")
    archive = await exported(ada)
    copy = (await imported(ada, archive, status=201, **{"as": "new"}))["ledger"]
    lines = lines_of(await exported(ada, copy, history=True))
    (only,) = (line for line in lines if line.get("type") == "change_set")
    assert (only["action"], only["actor_id"]) == ("archive.import", str(ada.id))
    assert only["entities"] == 3


async def test_a_ledger_that_is_here_is_not_imported_again(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    archive = await exported(ada)
    before = await tables(world)
    mine = await imported(ada, archive, status=409)
    theirs = await imported(eve, archive, status=409)
    assert mine == theirs
    assert await tables(world) == before


async def test_a_stranger_gains_nobody_by_naming_them(world: World) -> None:
    """Ada exists here, but Eve knows of her only what the archive says."""
    ada, eve = await world.person(), await world.person("Eve")
    await ada.expense("4.20", "Coffee")
    archive = changed(
        await exported(ada, history=True),
        lambda lines: the(lines, "person").update(name="Adalinda"),
    )
    answer = await imported(eve, archive, status=201, **{"as": "new"})
    (member,) = answer["members"]
    assert (member["name"], member["became"]) == ("Adalinda", "placeholder")
    assert member["user_id"] != str(ada.id)
    await ada.call("GET", f"/ledgers/{answer['ledger']}/expenses", status=404)
    lines = lines_of(await exported(eve, answer["ledger"], history=True))
    assert str(ada.id) not in json.dumps(lines)
    assert the(lines, "expense")["created_by"] == member["user_id"]
    assert the(lines, "change_set", action="expense.create")["actor_id"] == member["user_id"]
    ledgers = await world.service.pool.fetch(
        "select ledger_id from members where user_id = $1", ada.id
    )
    assert [row["ledger_id"] for row in ledgers] == [ada.ledger]


async def test_those_you_know_are_named_but_not_made_members(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="owner")
    await bob.expense("4.20", "Coffee")
    for history in (True, False):
        archive = await exported(ada, history=history)
        answer = await imported(ada, archive, status=201, **{"as": "new"})
        assert {m["name"]: m["became"] for m in answer["members"]} == {
            "Ada": "you", "Bob": "not-a-member"
        }  # fmt: skip
        await bob.call("GET", f"/ledgers/{answer['ledger']}/expenses", status=404)
        again = await exported(ada, answer["ledger"], history=True)
        assert the(lines_of(again), "expense")["created_by"] == str(bob.id)
        await imported(ada, again, status=201, **{"as": "new"})


async def test_whoever_imports_becomes_the_owner(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer")
    for history in (True, False):
        archive = await exported(vic, history=history)
        copy = (await imported(vic, archive, status=201, **{"as": "new"}))["ledger"]
        members = [
            line for line in lines_of(await exported(vic, copy)) if line.get("type") == "member"
        ]
        assert [(m["user_id"], m["role"]) for m in members] == [(str(vic.id), "owner")]


async def test_a_placeholder_is_nobody(world: World, db: asyncpg.Connection) -> None:
    ada = await world.person()
    ghost = str(uuid4())

    def haunt(lines: list[dict[str, Any]]) -> None:
        person, member = the(lines, "person"), the(lines, "member")
        lines.insert(lines.index(person) + 1, {**person, "id": ghost, "name": "Ghost"})
        lines.insert(lines.index(member) + 1, {**member, "user_id": ghost})

    archive = changed(await exported(ada), haunt)
    first = await imported(ada, archive, status=201, **{"as": "new"})
    second = await imported(ada, archive, status=201, **{"as": "new"})
    assert [m["became"] for m in first["members"]] == ["you", "placeholder"]
    assert first["members"] == second["members"]
    row = await db.fetchrow("select * from users where id = $1", UUID(ghost))
    assert row is not None
    assert (row["is_placeholder"], row["email"], row["password_hash"]) == (True, None, None)


async def test_gzip_is_unpacked(world: World) -> None:
    ada = await world.person()
    packed = await exported(ada, compress="gzip")
    assert packed.startswith(b"\x1f\x8b")
    await imported(ada, packed, status=201, **{"as": "new"})


async def test_what_is_no_whole_archive_is_refused_and_leaves_nothing(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Coffee")
    archive = await exported(ada, history=True)
    packed = gzip.compress(archive)
    lines = archive.splitlines(keepends=True)
    before = await tables(world)
    for name, body in {
        "empty": b"",
        "binary": bytes(range(256)) * 1000,
        "a table": await exported(ada, format="csv"),
        "other JSON": b'{"outlay": "ledger"}\n',
        "no JSON": b"[[[[" * 40_000,
        "only the first line": lines[0],
        "cut off": archive[:-200],
        "cut off between lines": b"".join(lines[:-1]),
        "a line too few": b"".join(lines[:-3] + lines[-1:]),
        "a line twice": b"".join([*lines[:-1], lines[-2], lines[-1]]),
        "two archives": archive + archive,
        "something behind it": archive + b"\n",
        "one letter changed": archive.replace(b"Coffee", b"Toffee", 1),
        "Windows line ends": archive.replace(b"\n", b"\r\n"),
        "UTF-16": archive.decode().encode("utf-16"),
        "cut off gzip": packed[:-20],
        "damaged gzip": packed[:40] + b"\x00\x00\x00\x00" + packed[44:],
        "two gzip files": packed + packed,
        "gzip and more": packed + b"more",
        "gzip of nothing": gzip.compress(b""),
        "gzip in gzip": gzip.compress(packed),
        "an endless line": lines[0] + b'{"type":"tag","name":"' + b"x" * (MOST_LINE + 1),
    }.items():
        answer = await imported(ada, body, status=422, **{"as": "new"})
        assert answer["type"] == "urn:outlay:problem:archive-refused", name
        assert len(answer["detail"]) < 200, name
    assert await tables(world) == before
    assert routes.SLOTS.used == 0


async def test_an_archive_of_a_newer_program_says_so(world: World) -> None:
    ada = await world.person()
    newer = changed(
        await exported(ada), lambda lines: lines[0].update(version=2, colours="new in version 2")
    )
    answer = await imported(ada, newer, status=422)
    assert "newer Outlay" in answer["detail"]


async def test_a_bomb_does_not_go_off(world: World) -> None:
    ada = await world.person()
    first = (await exported(ada)).splitlines(keepends=True)[0]
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    body = packer.compress(first) + b"".join(packer.compress(zeros) for _ in range(64))
    answer = await imported(ada, body + packer.flush(), status=422, **{"as": "new"})
    assert "Line 2 has more than" in answer["detail"]


async def test_unpacking_stops_at_the_bound() -> None:
    whole = io.BytesIO(gzip.compress(b'{"a":1}\n' * 200_000))
    sizes: list[int] = []

    async def unpack() -> None:
        async for lines in batches(whole, most=1_000_000):
            sizes.append(sum(map(len, lines)))  # noqa: PERF401 - what came before the refusal counts

    with pytest.raises(TooLarge):
        await unpack()
    assert max(sizes) < 1 << 17
    assert sum(sizes) <= 1_000_000


async def test_an_upload_larger_than_allowed_is_cut_short(world: World) -> None:
    ada = await world.person()
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < world.service.settings.max_upload + (64 << 20):
            sent += 1 << 20
            yield bytes(1 << 20)

    answer = await ada.call("POST", IMPORT, content=endless())
    assert answer.status_code == 413
    assert sent <= world.service.settings.max_upload + (2 << 20)


async def test_a_third_import_waits_its_turn(world: World) -> None:
    ada = await world.person()
    with routes.SLOTS.taken(), routes.SLOTS.taken():
        answer = await ada.call("POST", IMPORT, content=b"", status=503)
    assert int(answer.headers["retry-after"]) > 0


async def test_an_import_needs_a_right_to_write_anywhere(world: World) -> None:
    reader = await world.person(scopes=("read",))
    answer = await reader.call("POST", IMPORT, content=b"")
    assert answer.status_code == 403
    assert (await world.client().post("/api/v1" + IMPORT)).status_code == 401


async def test_a_client_that_goes_or_stalls_half_way_ends_the_upload() -> None:
    pieces: list[Any] = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def gone() -> Any:
        return pieces.pop() if pieces else {"type": "http.disconnect"}

    async def stalling() -> Any:
        await asyncio.Event().wait()

    for receive in (gone, stalling):
        with pytest.raises(TimedOut):
            async with uploaded(receive, most=100, patience=0.05):
                pytest.fail("there is nothing to read")


async def test_lines_split_anywhere_come_out_whole() -> None:
    lines = [b'{"n":%d,"t":"%s"}' % (n, b"\xc3\xa9" * (n * 37 % 9000)) for n in range(200)]
    found = [
        line
        async for batch in batches(io.BytesIO(b"\n".join(lines)), most=1 << 30)
        for line in batch
    ]
    assert found == lines
    with pytest.raises(ArchiveRefused):
        async for _ in batches(io.BytesIO(b"x" * (MOST_LINE + 1)), most=1 << 30):
            pass


def test_a_seal_is_what_the_program_itself_writes() -> None:
    assert sealed(lines_of(sealed([{"outlay": "archive"}]))) == sealed([{"outlay": "archive"}])
