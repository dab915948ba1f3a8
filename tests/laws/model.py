"""What lists and sums must say, in the slowest and most obvious way: over all rows, one by one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from unicodedata import normalize

from laws.household import Household, Row, decimal, parent


@dataclass(frozen=True)
class Wanted:
    """A filter in the words of the model; `params` says it in the words of the API."""

    first: dt.date | None = None
    last: dt.date | None = None
    category: int | str | None = None
    account: int | None = None
    tag: int | str | None = None
    kind: str | None = None
    currency: str | None = None
    least: int | None = None
    most: int | None = None
    word: str | None = None
    purchase: Any = None
    trashed: bool = False

    def params(self, home: Household) -> dict[str, str]:
        said = {
            "from": self.first,
            "to": self.last,
            "category": _id(home.categories, self.category),
            "account": _id(home.accounts, self.account),
            "tag": _id(home.tags, self.tag),
            "kind": self.kind,
            "currency": self.currency,
            "min": None if self.least is None else decimal(self.least, self.currency),
            "max": None if self.most is None else decimal(self.most, self.currency),
            "q": self.word,
            "purchase": self.purchase,
            "trashed": "true" if self.trashed else None,
        }
        return {name: str(value) for name, value in said.items() if value is not None}

    def takes(self, row: Row) -> bool:
        return all(
            [
                row.trashed == self.trashed,
                self.first is None or row.date >= self.first,
                self.last is None or row.date <= self.last,
                self._takes_category(row),
                self.account is None or self.account in {row.account, row.to_account},
                self._takes_tag(row),
                self.kind is None or row.kind == self.kind,
                self.currency is None or row.currency == self.currency,
                self.least is None or row.minor >= self.least,
                self.most is None or row.minor <= self.most,
                self.word is None or any(plain(w).startswith(plain(self.word)) for w in row.words),
                self.purchase is None or row.purchase == self.purchase,
            ]
        )

    def _takes_category(self, row: Row) -> bool:
        if self.category is None:
            return True
        if self.category == "none":
            return row.category is None and row.kind != "transfer"
        return row.category is not None and self.category in {row.category, parent(row.category)}

    def _takes_tag(self, row: Row) -> bool:
        if self.tag is None:
            return True
        return not row.tags if self.tag == "none" else self.tag in row.tags


def _id(ids: list[Any], place: int | str | None) -> Any:
    return ids[place] if isinstance(place, int) else place


def plain(word: str) -> str:
    return normalize("NFD", word).encode("ascii", "ignore").decode().lower()


def listed(rows: Iterable[Row], wanted: Wanted, sort: str) -> list[Row]:
    """The wanted rows, newest or largest first, then by id backwards."""
    found = [row for row in rows if wanted.takes(row)]
    return sorted(
        found, key=lambda r: (r.date if sort == "date" else r.minor, r.id.bytes), reverse=True
    )


def spent(rows: Iterable[Row]) -> int:
    """What was paid, less what came back."""
    return sum(
        row.minor if row.kind == "expense" else -row.minor
        for row in rows
        if row.kind == "expense" or row.is_refund
    )


def income(rows: Iterable[Row]) -> int:
    return sum(row.minor for row in rows if row.kind == "income" and not row.is_refund)


def days(rows: list[Row], shown: list[Row], currency_of: Iterable[str]) -> list[dict[str, Any]]:
    """The totals of the days of the rows that are shown, over all the wanted rows of these days."""
    found = []
    for date in sorted({row.date for row in shown}, reverse=True):
        for code in sorted(currency_of):
            here = [row for row in rows if row.date == date and row.currency == code]
            if here:
                found.append(
                    {
                        "date": date.isoformat(),
                        "currency": code,
                        "spent": decimal(spent(here), code),
                        "income": decimal(income(here), code),
                        "count": len(here),
                    }
                )
    return found


def share(amount: int, among: int) -> int:
    """Rounded half to even, as money is."""
    if among == 0:
        return 0
    return int((Decimal(amount) / among).quantize(Decimal(1), ROUND_HALF_EVEN))


def counted(rows: Iterable[Row]) -> int:
    return sum(row.kind == "expense" for row in rows)
