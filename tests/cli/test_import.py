"""Bank files and archives from the command line."""

import gzip
from pathlib import Path

import pytest

from cli.terminal import Terminal

FILES = Path(__file__).parents[1] / "imports" / "files"
N26 = str(FILES / "n26.csv")
DKB = str(FILES / "dkb_girokonto.csv")


async def rows_of(ada: Terminal) -> list[dict]:
    return (await ada.json("list", "--all"))["items"]


async def test_a_look_comes_first_and_no_leaves_nothing(ada: Terminal) -> None:
    done = await ada.run("import", N26, input="n\n", code=130)
    assert "separated by commas, decimal point, dates year first" in done.out
    assert "amount: Amount (EUR)" in done.out
    assert "LISBOA PASTELARIA" in done.out
    assert "Would be added" in done.out
    assert await rows_of(ada) == []
    assert (await ada.json("imports", "list"))["items"] == []


async def test_yes_adds_the_rows_and_the_same_file_again_adds_none(ada: Terminal) -> None:
    done = await ada.run("import", N26, "--yes")
    rows = await rows_of(ada)
    assert f"Added {len(rows)} rows" in done.err
    assert {row["source"] for row in rows} == {"import"}
    again = await ada.run("import", N26, "--yes")
    assert "already in the ledger" in again.out
    assert "Nothing of it would be added" in again.out
    assert len(await rows_of(ada)) == len(rows)


async def test_a_german_file_is_read_as_it_is(ada: Terminal) -> None:
    done = await ada.run("import", DKB, "--yes", "--rows", "1")
    assert "separated by semicolons, decimal comma, dates day first" in done.out
    assert "no bookings" in done.out
    assert await rows_of(ada) != []


async def test_undo_and_revert_take_a_whole_import_back(ada: Terminal) -> None:
    await ada.run("import", N26, "--yes")
    await ada.run("undo")
    assert await rows_of(ada) == []
    await ada.run("import", N26, "--yes", "--duplicates")
    kept = (await rows_of(ada))[0]
    await ada.run("edit", kept["id"], "-n", "mine now")
    (newest, *_) = (await ada.json("imports", "list"))["items"]
    done = await ada.run("imports", "revert", newest["id"], code=5)
    assert "1 row changed since" in done.err
    assert [row["id"] for row in await rows_of(ada)] == [kept["id"]]
    await ada.run("imports", "revert", newest["id"], "--force")
    assert await rows_of(ada) == []


async def test_json_leaves_a_preview_that_is_committed_or_discarded(ada: Terminal) -> None:
    preview = await ada.json("import", N26)
    assert preview["status"] == "preview"
    assert await rows_of(ada) == []
    done = await ada.json("imports", "commit", preview["id"])
    assert done["created"] == preview["selected"] == len(await rows_of(ada))
    other = await ada.json("import", DKB, "--dry-run")
    await ada.run("imports", "discard", other["id"])
    await ada.run("imports", "commit", other["id"], code=6)
    assert "n26.csv" in (await ada.run("imports", "list")).out


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A file of one's own, with an error in its third row."""
    file = tmp_path / "shop.csv"
    file.write_text(
        "When;What;Paid;Group;Extra\n"
        "03.04.2026;bread;4,50;Bakery;x\n"
        "04.04.2026;cheese;12,00;Dairy;y\n"
        "05.04.2026;wine;lots;Dairy;z\n"
    )
    return str(file)


COLUMNS = (
    "--column", "date=When", "--column", "amount=3", "--column", "description=What,Extra",
    "--column", "category=Group", "--date-order", "dmy", "--decimal", "comma",
    "--spending", "positive",
)  # fmt: skip


async def test_columns_can_be_named_and_saved_as_a_profile(ada: Terminal, shop: str) -> None:
    done = await ada.run("import", shop, *COLUMNS, "--save-profile", "shop", "--yes", "--create")
    assert "1 cannot be read" in done.out
    assert "New categories: " in done.err
    rows = {row["description"]: row for row in await rows_of(ada)}
    assert {row["amount"] for row in rows.values()} == {"4.50", "12.00"}
    assert "shop" in (await ada.run("imports", "profiles")).out
    again = await ada.run("import", shop, "--profile", "shop", "--dry-run")
    assert "by the profile shop" in again.out
    assert "there are: shop" in (await ada.run("import", shop, "--profile", "x", code=6)).err


async def test_rows_are_taken_in_and_left_out_by_their_line(ada: Terminal, shop: str) -> None:
    done = await ada.run("import", shop, *COLUMNS, "--leave", "2", "--yes")
    assert "1 left out as you wished" in done.err
    assert [row["amount"] for row in await rows_of(ada)] == ["12.00"]


async def test_strict_refuses_a_file_with_a_row_that_cannot_be_read(
    ada: Terminal, shop: str
) -> None:
    done = await ada.run("import", shop, *COLUMNS, "--strict", "--yes", code=1)
    assert "1 row cannot be read" in done.err
    assert await rows_of(ada) == []


@pytest.mark.parametrize("column", ["date=Nowhere", "date=9", "nothing=1", "date", "date=1,2"])
async def test_a_column_that_is_none_is_refused(ada: Terminal, shop: str, column: str) -> None:
    await ada.run("import", shop, "--column", column, code=1)
    assert (await ada.json("imports", "list"))["items"] == []


async def test_what_is_no_table_is_refused(ada: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(bytes(range(256)) * 40)
    assert "Error" in (await ada.run("import", str(file), code=1)).err
    assert (await ada.run("import", str(tmp_path / "no.csv"), code=2)).out == ""


async def test_an_archive_becomes_a_ledger_again(ada: Terminal, tmp_path: Path) -> None:
    made = await ada.add("12.50", "coffee")
    file = str(tmp_path / "home.jsonl.gz")
    await ada.run("export", "--format", "archive", "-o", file)
    done = await ada.json("import", file, "--copy")
    (row,) = (await ada.json("list", "-l", done["ledger"]))["items"]
    assert (row["amount"], row["description"]) == (made["amount"], "coffee")
    shown = await ada.run("import", file, "--copy")
    assert "Brought in as the ledger" in shown.err
    assert "you" in shown.out
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(gzip.compress(b"{}\n"))
    await ada.run("import", str(broken), code=1)
