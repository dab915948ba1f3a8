"""Counts, sums and names of a staged file, as they are kept with the import."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from outlay.db import Connection
from outlay.imports.answers import Counts, ImportSums
from outlay.money.rules import format_amount

# A row is taken as its verdict says unless somebody chose otherwise.
TAKEN: Final = "(r.verdict in ('new', 'duplicate') and coalesce(r.choice, r.verdict = 'new'))"
MOST_NAMES: Final = 200

_COUNTS: Final = f"""
select r.verdict, r.currency, r.kind, count(*) as rows, count(*) filter (where {TAKEN}) as taken,
  sum(r.amount) filter (where {TAKEN}) as amount, min(r.date) as first_date, max(r.date) as last_date
from public.import_rows r where r.ledger_id = $1 and r.import_id = $2 group by 1, 2, 3
"""
_NAMES: Final = f"""
select * from (
  select 'category' as what, category_name as name, kind, count(*) as rows from public.import_rows r
  where ledger_id = $1 and import_id = $2 and category_name is not null
  group by 2, 3 order by 4 desc, 2, 3 limit {MOST_NAMES}) c
union all select * from (
  select 'account', account_name, currency, count(*) from public.import_rows r
  where ledger_id = $1 and import_id = $2 and account_name is not null
  group by 2, 3 order by 4 desc, 2, 3 limit {MOST_NAMES}) a
union all select * from (
  select 'tag', tag, '', count(*) from public.import_rows r, unnest(r.tags) as tag
  where ledger_id = $1 and import_id = $2 and r.tags is not null
  group by 2 order by 4 desc, 2 limit {MOST_NAMES}) t
"""


class Used(NamedTuple):
    """A name, the kind of its rows (for an account their currency), and how many they are."""

    name: str
    kind: str
    rows: int


class Sum(NamedTuple):
    """Minor units."""

    currency: str
    spent: int
    income: int
    rows: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    counts: Counts = Counts()
    selected: int = 0
    sums: tuple[Sum, ...] = ()
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    categories: tuple[Used, ...] = ()
    accounts: tuple[Used, ...] = ()
    tags: tuple[Used, ...] = ()

    def api_sums(self) -> list[ImportSums]:
        return [
            ImportSums(s.currency, format_amount(s.spent, s.currency), format_amount(s.income, s.currency), s.rows)
            for s in self.sums
        ]  # fmt: skip


async def counted(db: Connection, ledger: UUID, import_id: UUID) -> Summary:
    """Count and add up the staged rows."""
    groups = await db.fetch(_COUNTS, ledger, import_id)
    names = await db.fetch(_NAMES, ledger, import_id)
    return msgspec.structs.replace(from_groups(groups), **from_names(names))


def from_groups(groups: Iterable[Any]) -> Summary:
    """Put the groups of rows, by verdict, currency and kind, together."""
    counts: dict[str, int] = {}
    sums: dict[str, list[int]] = {}
    dates: list[dt.date] = []
    for group in groups:
        counts[group["verdict"]] = counts.get(group["verdict"], 0) + group["rows"]
        if group["taken"]:
            at = sums.setdefault(group["currency"], [0, 0, 0])
            at[group["kind"] == "income"] += int(group["amount"])
            at[2] += group["taken"]
        dates += [day for day in (group["first_date"], group["last_date"]) if day]
    return Summary(
        counts=Counts(**counts),
        selected=sum(at[2] for at in sums.values()),
        sums=tuple(Sum(code, *sums[code]) for code in sorted(sums)),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
    )


def from_names(names: Iterable[Any]) -> dict[str, tuple[Used, ...]]:
    plural = {"category": "categories", "account": "accounts", "tag": "tags"}
    found: dict[str, list[Used]] = {name: [] for name in plural.values()}
    for row in names:
        found[plural[row["what"]]].append(Used(row["name"], row["kind"], row["rows"]))
    return {name: tuple(used) for name, used in found.items()}
