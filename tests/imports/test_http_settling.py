"""Duplicates found in the database agree with the rule, however the rows are cut into batches."""

import datetime as dt
import random
from uuid import uuid4

import asyncpg
import pytest

from imports.uploading import account, imported, rows, upload
from outlay.imports import known, settle, walk
from outlay.imports.duplicates import Candidate, Known, find_duplicates
from outlay.imports.fingerprint import fingerprint, reference_key
from outlay.money.rules import parse_amount
from world import World

LAYOUT = {"reference": 3, "account": 4}
HEADER = "Date,What,Amount,Reference,Account"


class Booking:
    """A booking as a file or a person would write it; few values, so that many are equal."""

    def __init__(self, drawn: random.Random) -> None:
        self.date = dt.date(2026, 3, 1) + dt.timedelta(days=drawn.randrange(3))
        self.text = drawn.choice(["Tea", "Bread"])
        self.amount = drawn.choice(["1.00", "2.00", "3.00", "4.00"])
        self.reference = drawn.choice(["", "", "", "BANK-0001", "BANK-0002", "x"])
        self.account = drawn.choice(["", "Giro", "Card", "Elsewhere"])

    def line(self) -> str:
        cells = (self.date, self.text, f"-{self.amount}", self.reference, self.account)
        return ",".join(map(str, cells))

    def keys(self, accounts: dict[str, str]) -> tuple[bytes, bytes | None, str | None]:
        minor = parse_amount(self.amount, "EUR")
        return (
            fingerprint(self.date, minor, "EUR", "expense", self.text),
            reference_key(self.reference, minor, "EUR", "expense"),
            accounts.get(self.account),
        )

    def candidate(self, accounts: dict[str, str]) -> Candidate:
        return Candidate(*self.keys(accounts))

    def known(self, number: int, accounts: dict[str, str]) -> Known[int]:
        content, reference, owner = self.keys(accounts)
        return Known(number, content, self.date, self.text, reference, owner)


def file_of(bookings: list[Booking]) -> bytes:
    # The first row shows which column is which.
    lines = (HEADER, "2026-03-20,Shown,-77.00,BANK-9999,Giro", *(b.line() for b in bookings))
    return "".join(f"{line}\n" for line in lines).encode()


async def test_known_rows_are_read_by_date_also_without_statistics(db: asyncpg.Connection) -> None:
    first, last = dt.date(2026, 3, 1), dt.date(2026, 3, 31)
    async with db.transaction():
        await db.execute(settle._PLANS)
        plan = await db.fetch(
            f"explain {known.KNOWN}", uuid4(), uuid4(), None, None, None, first, last
        )
    text = "\n".join(row[0] for row in plan)
    for index in ("expenses_date_idx", "expenses_trash_idx", "import_rows_date_idx"):
        assert index in text
    assert "Seq Scan on expenses" not in text


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "BATCH", 4)
    monkeypatch.setattr(walk, "_FETCH", 3)


@pytest.mark.parametrize("seed", range(6))
async def test_the_database_finds_what_the_rule_finds(
    world: World, small_batches: None, seed: int
) -> None:
    drawn = random.Random(seed)
    ada = await world.person()
    accounts = {name: await account(ada, name) for name in ("Giro", "Card")}
    typed = [Booking(drawn) for _ in range(drawn.randrange(8))]
    for each in typed:
        await ada.expense(
            each.amount, each.text, date=each.date.isoformat(), reference=each.reference,
            account_id=accounts.get(each.account),
        )  # fmt: skip
    files = [[Booking(drawn) for _ in range(drawn.randrange(1, 16))] for _ in range(3)]
    there = [each.known(n, accounts) for n, each in enumerate(typed)]
    for bookings in files:
        found = find_duplicates([each.candidate(accounts) for each in bookings], there)
        preview = await upload(ada, file_of(bookings), layout=LAYOUT)
        verdicts = [row["verdict"] for row in await rows(ada, preview)][1:]
        assert verdicts == ["new" if each is None else "duplicate" for each in found]
        done = await imported(ada, file_of(bookings), layout=LAYOUT)
        added = [b for b, each in zip(bookings, found, strict=True) if each is None]
        assert done["created"] in {len(added), len(added) + 1}
        there += [each.known(len(there) + n, accounts) for n, each in enumerate(added)]
        again = await upload(ada, file_of(bookings), layout=LAYOUT)
        assert again["counts"]["new"] == 0
