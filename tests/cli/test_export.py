"""Taking a ledger away."""

import csv
import gzip
import io
import stat
from pathlib import Path

import msgspec

from cli.terminal import Terminal


async def test_csv_goes_to_stdout_with_the_filters_of_the_list(ada: Terminal) -> None:
    await ada.add("12.50", "coffee", "-d", "2026-10-05")
    await ada.add("3", "tea", "-d", "2026-11-05")
    done = await ada.run("export", "2026-10")
    (row,) = csv.DictReader(io.StringIO(done.out))
    assert (row["date"], row["amount"], row["description"]) == ("2026-10-05", "-12.50", "coffee")


async def test_an_archive_goes_into_a_private_file_whole_or_not_at_all(
    ada: Terminal, tmp_path: Path
) -> None:
    await ada.add("12.50", "coffee")
    file = tmp_path / "home.jsonl.gz"
    done = await ada.run("export", "--format", "archive", "--history", "-o", str(file))
    assert str(file) in done.err
    assert_private_and_alone(file)
    lines = gzip.decompress(file.read_bytes()).splitlines()
    assert any("coffee" in str(msgspec.json.decode(line)) for line in lines)


def assert_private_and_alone(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


async def test_a_file_that_is_there_stays_unless_forced(ada: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    assert "--force" in (await ada.run("export", "-o", str(file), code=1)).err
    assert file.read_text() == "mine"
    await ada.run("export", "-o", str(file), "--force")
    assert file.read_text().startswith("date,")
    assert (
        "cannot be written"
        in (await ada.run("export", "-o", str(tmp_path / "no" / "out.csv"), code=1)).err
    )


async def test_an_archive_takes_no_filters(ada: Terminal) -> None:
    done = await ada.run("export", "--format", "archive", "--kind", "income", code=1)
    assert "whole ledger" in done.err
