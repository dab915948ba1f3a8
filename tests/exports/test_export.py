import csv
import gzip
import io

from exports.files import exported, lines_of, the
from outlay.exports import routes
from outlay.exports.download import disposition, file_stem
from world import Person, World


async def table(person: Person, **params: str) -> list[dict[str, str]]:
    answer = await person.call("GET", "/ledgers/default/export", params=params, status=200)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


async def test_a_table_has_a_line_an_expense_oldest_first(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Coffee", date="2026-11-02")
    await ada.expense("1250", "Salary", kind="income", currency="JPY", date="2026-11-01")
    rows = await table(ada)
    assert [(r["date"], r["kind"], r["amount"], r["currency"], r["description"]) for r in rows] == [
        ("2026-11-01", "income", "1250", "JPY", "Salary"),
        ("2026-11-02", "expense", "-4.20", "EUR", "Coffee"),
    ]


async def test_a_table_takes_the_filters_of_the_list(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Coffee at Rossi", date="2026-11-02")
    await ada.expense("9.00", "Market", date="2026-10-02")
    gone = await ada.expense("1.00", "Mistake", date="2026-10-03")
    await ada.call(
        "DELETE", f"/ledgers/default/expenses/{gone['id']}", headers={"If-Match": gone["etag"]}, status=200
    )  # fmt: skip
    for params, wanted in [
        ({}, ["Market", "Coffee at Rossi"]),
        ({"from": "2026-11-01"}, ["Coffee at Rossi"]),
        ({"q": "rosi"}, ["Coffee at Rossi"]),
        ({"q": "zebra"}, []),
        ({"q": "..."}, []),
        ({"max": "5", "currency": "EUR"}, ["Coffee at Rossi"]),
        ({"trashed": "true"}, ["Mistake"]),
    ]:
        assert [row["description"] for row in await table(ada, **params)] == wanted, params
    await ada.call("GET", "/ledgers/default/export", params={"colour": "red"}, status=422)


async def test_no_cell_of_a_table_is_a_formula(world: World) -> None:
    ada = await world.person()
    for text in ("=1+1", "+1", "-1", "@sum", "'=1", "it's", "5-3"):
        await ada.expense("1", text, date="2026-01-01", note="=2\n=3")
    rows = await table(ada)
    assert sorted(row["description"] for row in rows) == sorted(
        ["'=1+1", "'+1", "'-1", "'@sum", "''=1", "it's", "5-3"]
    )
    assert {row["note"] for row in rows} == {"'=2\n=3"}


async def test_an_archive_holds_the_trash_too_and_history_when_asked(world: World) -> None:
    ada = await world.person()
    made = await ada.expense("4.20", "Coffee")
    path = f"/ledgers/default/expenses/{made['id']}"
    await ada.call("DELETE", path, headers={"If-Match": made["etag"]}, status=200)
    lines = lines_of(await exported(ada))
    expense = the(lines, "expense", id=made["id"])
    assert (expense["amount"], expense["version"]) == ("4.20", 2)
    assert expense["deleted_at"] is not None
    assert not any(line.get("type") in {"change_set", "change"} for line in lines)
    past = lines_of(await exported(ada, history=True))
    images = [line for line in past if line.get("type") == "change" and line["id"] == made["id"]]
    assert [(c["before"] or {}).get("version") for c in images] == [None, 1]
    assert the(past, "change_set", action="expense.create")["actor_id"] == str(ada.id)


async def test_an_archive_names_people_but_never_their_address(world: World) -> None:
    ada = await world.person()
    await world.person("Bob", ledger=ada.ledger, role="viewer")
    text = (await exported(ada, history=True)).decode()
    assert '"name":"Bob"' in text
    assert "example.org" not in text


async def test_packing_changes_nothing_inside(world: World) -> None:
    ada = await world.person()
    await ada.expense("4.20", "Coffee")
    for kind in ("csv", "archive"):
        plain = await exported(ada, format=kind)
        packed = gzip.decompress(await exported(ada, format=kind, compress="gzip"))
        assert packed.split(b"\n")[1:-2] == plain.split(b"\n")[1:-2]


async def test_what_does_not_go_together_is_refused(world: World) -> None:
    ada = await world.person()
    for params, pointer in [
        ({"format": "csv", "history": "true"}, "/history"),
        ({"format": "archive", "q": "coffee"}, "/format"),
        ({"format": "archive", "trashed": "true"}, "/format"),
        ({"format": "xlsx"}, "/format"),
    ]:
        answer = await ada.call("GET", "/ledgers/default/export", params=params, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer, params


async def test_a_viewer_may_take_the_ledger_along(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer", scopes=("read",))
    assert lines_of(await exported(vic, history=True))[0]["ledger"] == str(ada.ledger)


async def test_a_third_export_waits_its_turn(world: World) -> None:
    ada = await world.person()
    with routes.SLOTS.taken(), routes.SLOTS.taken():
        answer = await ada.call("GET", "/ledgers/default/export", status=503)
        assert int(answer.headers["retry-after"]) > 0
    await ada.call("GET", "/ledgers/default/export", status=200)
    assert routes.SLOTS.used == 0


async def test_the_file_is_named_after_the_ledger(world: World) -> None:
    ada = await world.person(ledger=await world.ledger('Casa "Più"\r\nX: y'))
    answer = await ada.call("GET", "/ledgers/default/export", status=200)
    named = answer.headers["content-disposition"]
    assert named.startswith('attachment; filename="outlay-casa-pi-x-y-2')
    assert "filename*=UTF-8''outlay-casa-pi%C3%B9-x-y-2" in named


def test_no_name_leaves_the_header() -> None:
    for name in ('a"b', "a\r\nSet-Cookie: x", "家計簿", "../../etc/passwd", ""):
        assert disposition(name).isprintable()
        assert disposition(name).count('"') == 2
        assert disposition(name).isascii()
    assert file_stem("../../etc") == "etc"
    assert file_stem("家計簿") == "家計簿"
    assert file_stem("///") == "ledger"
