"""Random small households: rows with many equal dates and amounts, and what they refer to."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from world import Person, World

CURRENCIES = ("EUR", "JPY", "KWD")
EXPONENTS = {"EUR": 2, "JPY": 0, "KWD": 3}
ACCOUNTS = ("EUR", "EUR", "JPY", "KWD")
WORDS = ("café", "Cafe", "rossi", "bus", "ticket", "market", "rent")


@dataclass(frozen=True)
class Row:
    """One row as the tests know it; places point into the household's lists."""

    id: UUID
    kind: str
    date: dt.date
    minor: int
    currency: str
    words: tuple[str, ...] = ()
    category: int | None = None
    tags: frozenset[int] = frozenset()
    account: int | None = None
    to_account: int | None = None
    refund_of: UUID | None = None
    purchase: UUID | None = None
    trashed: bool = False

    @property
    def is_refund(self) -> bool:
        return self.refund_of is not None

    @property
    def amount(self) -> str:
        return decimal(self.minor, self.currency)


def decimal(minor: int, currency: str) -> str:
    places = EXPONENTS[currency]
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).zfill(places + 1)
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


@dataclass
class Household:
    """A ledger with two parent categories of two children each, four accounts and three tags."""

    person: Person
    categories: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(6)])
    accounts: list[UUID] = field(default_factory=lambda: [uuid4() for _ in ACCOUNTS])
    tags: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(3)])
    rows: dict[UUID, Row] = field(default_factory=dict)

    async def add(self, rows: list[Row]) -> None:
        """Create the rows, then trash those that are to be in the trash."""
        body = {"create": [self.input(row) for row in rows]}
        await self._bulk(body)
        gone = [str(row.id) for row in rows if row.trashed]
        if gone:
            await self._bulk({"trash": True, "ids": gone})
        self.rows |= {row.id: row for row in rows}

    async def trash(self, ids: list[UUID]) -> None:
        """Trash the rows, and with them what refunds them."""
        await self._bulk({"trash": True, "ids": [str(id_) for id_ in ids]})
        for row in list(self.rows.values()):
            if row.id in ids or row.refund_of in ids:
                self.rows[row.id] = replace(row, trashed=True)

    async def _bulk(self, body: dict[str, Any]) -> None:
        await self.person.call("POST", "/ledgers/default/expenses/bulk", json=body, status=200)

    def input(self, row: Row) -> dict[str, Any]:
        return {
            "id": str(row.id),
            "kind": row.kind,
            "date": row.date.isoformat(),
            "amount": row.amount,
            "currency": row.currency,
            "description": " ".join(row.words[:1]),
            "note": " ".join(row.words[1:]),
            "category_id": _name(self.categories, row.category),
            "tag_ids": [str(self.tags[n]) for n in sorted(row.tags)],
            "account_id": _name(self.accounts, row.account),
            "to_account_id": _name(self.accounts, row.to_account),
            "to_amount": None if row.to_account is None else row.amount,
            "to_currency": None if row.to_account is None else row.currency,
            "refund_of": None if row.refund_of is None else str(row.refund_of),
            "purchase_id": None if row.purchase is None else str(row.purchase),
        }


def _name(ids: list[UUID], place: int | None) -> str | None:
    return None if place is None else str(ids[place])


def parent(category: int) -> int:
    """Places 0 and 1 are parents; 2 and 3 lie under 0, 4 and 5 under 1."""
    return category if category < 2 else category // 2 - 1


async def household(world: World, *, month: int = 1, week: int = 1) -> Household:
    """A new one in the world, with nothing recorded in it."""
    person = await world.person(ledger=await world.ledger(first_day_of_month=month))
    made = Household(person)
    pool, ledger = world.service.pool, person.ledger
    await pool.execute("update ledgers set first_day_of_week = $2 where id = $1", ledger, week)
    for place, id_ in enumerate(made.categories):
        above = None if parent(place) == place else made.categories[parent(place)]
        await pool.execute(
            "insert into categories (ledger_id, id, parent_id, name) values ($1, $2, $3, $4)",
            ledger, id_, above, f"category {place}",
        )  # fmt: skip
    for place, id_ in enumerate(made.accounts):
        await pool.execute(
            "insert into accounts (ledger_id, id, name, currency) values ($1, $2, $3, $4)",
            ledger, id_, f"account {place}", ACCOUNTS[place],
        )  # fmt: skip
    for place, id_ in enumerate(made.tags):
        await pool.execute(
            "insert into tags (ledger_id, id, name) values ($1, $2, $3)",
            ledger,
            id_,
            f"tag {place}",
        )
    return made


FIRST, LAST = dt.date(2025, 12, 20), dt.date(2026, 3, 10)
FEW_DATES = st.sampled_from([dt.date(2026, 1, day) for day in (1, 15, 28, 29, 30, 31)])
DATES = st.one_of(FEW_DATES, st.dates(FIRST, LAST))
AMOUNTS = st.one_of(st.sampled_from([1, 100, 1250]), st.integers(1, 10**15))
PURCHASES = (UUID(int=1), UUID(int=2))


@st.composite
def row(draw: st.DrawFn) -> Row:
    """A row without a refund: those need what they refund."""
    kind = draw(st.sampled_from(["expense", "expense", "expense", "income", "transfer"]))
    currency = draw(st.sampled_from(CURRENCIES))
    fitting = [place for place, code in enumerate(ACCOUNTS) if code == currency]
    made = Row(
        id=UUID(int=draw(st.integers(0, 2**122 - 1)), version=4),
        kind=kind,
        date=draw(DATES),
        minor=draw(AMOUNTS),
        currency=currency,
        words=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
        tags=frozenset(draw(st.lists(st.integers(0, 2), max_size=2))),
        purchase=draw(st.sampled_from([None, None, *PURCHASES])),
        trashed=draw(st.sampled_from([False, False, False, True])),
    )
    if kind == "transfer":
        return replace(made, currency="EUR", account=0, to_account=1)
    return replace(
        made,
        category=draw(st.sampled_from([None, *range(6)])),
        account=draw(st.sampled_from([None, *fitting])),
    )


@st.composite
def rows(draw: st.DrawFn, most: int = 25) -> list[Row]:
    """Rows of which some are refunds of earlier ones, never of more than was paid."""
    made: list[Row] = []
    left: dict[UUID, int] = {}
    for one in draw(st.lists(row(), max_size=most, unique_by=lambda r: r.id)):
        open_ = [r for r in made if left.get(r.id, 0) > 0]
        if one.kind == "income" and open_ and draw(st.booleans()):
            made.append(_refund(one, draw(st.sampled_from(open_)), left))
            continue
        made.append(one)
        if one.kind == "expense" and not one.trashed:
            left[one.id] = one.minor
    return made


def _refund(one: Row, of: Row, left: dict[UUID, int]) -> Row:
    """`one` turned into a refund of `of`: same currency and category, no more than is left.

    One that goes to the trash counts too, as it was not there when it was made.
    """
    minor = min(one.minor, left[of.id])
    left[of.id] -= minor
    return replace(
        one, minor=minor, currency=of.currency, category=of.category, account=None, refund_of=of.id
    )
