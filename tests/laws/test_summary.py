"""A summary says what adding up all rows by hand says."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from laws import household as homes
from laws import model
from laws.calendar import buckets, period_before
from laws.household import Household, Row, decimal
from laws.model import Wanted
from world import World

SUMMARY = "/ledgers/default/expenses/summary"
SETTINGS = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIRST_DAYS_OF_MONTH = st.sampled_from([1, 2, 15, 28, 29, 30, 31])


@dataclass(frozen=True)
class Question:
    """What is asked, over which dates, in a ledger with which calendar."""

    wanted: Wanted
    group: str
    month: int
    week: int

    @property
    def now(self) -> tuple[dt.date, dt.date]:
        return self.wanted.first, self.wanted.last

    @property
    def past(self) -> tuple[dt.date, dt.date]:
        return period_before(*self.now, self.month)

    def rows(self, home: Household, dates: tuple[dt.date, dt.date]) -> list[Row]:
        over = replace(self.wanted, first=dates[0], last=dates[1])
        return [r for r in home.rows.values() if over.takes(r) and r.kind != "transfer"]


@st.composite
def question(draw: st.DrawFn) -> Question:
    month = draw(FIRST_DAYS_OF_MONTH)
    first, last = sorted(draw(st.tuples(homes.DATES, homes.DATES)))
    if draw(st.booleans()):
        months = buckets(first, last, "month", month, 1)
        first, last = months[0][0], months[draw(st.integers(0, len(months) - 1))][1]
    condition = draw(
        st.sampled_from(
            [{}, {}, {"category": 0}, {"category": 3}, {"category": "none"}, {"currency": "JPY"}, {"tag": 1},
             {"tag": "none"}, {"account": 1}, {"word": "cafe"}, {"kind": "income"}, {"kind": "expense"},
             {"kind": "transfer"}, {"currency": "EUR", "least": 100}],
        )
    )  # fmt: skip
    return Question(
        Wanted(first=first, last=last, **condition),
        draw(
            st.sampled_from(
                ["none", "category", "day", "week", "month", "tag", "account", "description"]
            )
        ),
        month,
        draw(st.integers(1, 7)),
    )


@given(asked=question(), rows=homes.rows(), gone=st.sets(st.integers(0, 24), max_size=3))
@SETTINGS
async def test_a_summary_is_the_sum_of_its_rows(
    world: World, asked: Question, rows: list[Row], gone: set[int]
) -> None:
    home = await homes.household(world, month=asked.month, week=asked.week)
    marker = Row(rows_id(0), "expense", dt.date(2020, 1, 1), 1, "EUR", words=("café",))
    await home.add([*rows, marker])
    await home.trash([rows[n].id for n in sorted(gone) if n < len(rows) and not rows[n].trashed])
    params = {**asked.wanted.params(home), "group": asked.group}
    told = (await home.person.call("GET", SUMMARY, params=params, status=200)).json()
    assert (told["from"], told["to"]) == tuple(d.isoformat() for d in asked.now)
    assert told["previous"] == dict(
        zip(("from", "to"), (d.isoformat() for d in asked.past), strict=True)
    )
    assert told["totals"] == totals(asked, home)
    assert told["groups"] == groups(asked, home)


def rows_id(number: int) -> Any:
    return homes.UUID(int=2**120 + number)


def totals(asked: Question, home: Household) -> list[dict[str, Any]]:
    now, past = asked.rows(home, asked.now), asked.rows(home, asked.past)
    days = (asked.now[1] - asked.now[0]).days + 1
    found = []
    for code in sorted({row.currency for row in now + past}):
        here = [row for row in now if row.currency == code]
        paid, count = model.spent(here), model.counted(here)
        found.append(
            {
                "currency": code,
                **sums(here, code),
                "average": decimal(model.share(paid, count), code),
                "per_day": decimal(model.share(paid, days), code),
                "previous": sums([row for row in past if row.currency == code], code),
            }
        )
    return found


def sums(rows: list[Row], code: str) -> dict[str, Any]:
    paid, got = model.spent(rows), model.income(rows)
    return {
        "spent": decimal(paid, code),
        "income": decimal(got, code),
        "net": decimal(got - paid, code),
        "count": model.counted(rows),
    }


def groups(asked: Question, home: Household) -> list[dict[str, Any]]:
    match asked.group:
        case "none":
            return []
        case "day" | "week" | "month":
            return by_time(asked, home)
        case "description":
            return by_description(asked, home)
        case _:
            return by_key(asked, home)


def keys(asked: Question, home: Household, row: Row) -> list[str | None]:
    match asked.group:
        case "tag":
            return [str(home.tags[n]) for n in row.tags] or [None]
        case "account":
            return [None if row.account is None else str(home.accounts[row.account])]
        case _:
            return [None if row.category is None else str(home.categories[row.category])]


def by_key(asked: Question, home: Household) -> list[dict[str, Any]]:
    cells: dict[tuple[str, str | None], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for place, dates in enumerate((asked.now, asked.past)):
        for row in asked.rows(home, dates):
            for key in keys(asked, home, row):
                cells[row.currency, key][place].append(row)
    found = [part(key, code, *both) for (code, key), both in cells.items()]
    order = {
        (code, key): (code, -model.spent(now), key or "") for (code, key), (now, _) in cells.items()
    }
    return sorted(found, key=lambda p: order[p["currency"], p["key"]])


def by_description(asked: Question, home: Household) -> list[dict[str, Any]]:
    """All rows were recorded at once, so that the first text by its letters names a group."""
    cells: dict[tuple[str, str], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    written: dict[str, list[str]] = defaultdict(list)
    for place, dates in enumerate((asked.now, asked.past)):
        for row in asked.rows(home, dates):
            said = "".join(row.words[:1])
            written[model.plain(said)].append(said)
            cells[row.currency, model.plain(said)][place].append(row)
    order = sorted(cells, key=lambda cell: (cell[0], -model.spent(cells[cell][0]), cell[1]))
    return [part(min(written[fold]) or None, code, *cells[code, fold]) for code, fold in order]


def by_time(asked: Question, home: Household) -> list[dict[str, Any]]:
    now, past = asked.rows(home, asked.now), asked.rows(home, asked.past)
    here = buckets(*asked.now, asked.group, asked.month, asked.week)
    there = buckets(*asked.past, asked.group, asked.month, asked.week)
    found = []
    for code in sorted({row.currency for row in now + past}):
        for place, (first, last) in enumerate(here):
            before = there[place] if place < len(there) else (dt.date.max, dt.date.min)
            found.append(
                part(
                    first.isoformat(),
                    code,
                    [r for r in now if r.currency == code and first <= r.date <= last],
                    [r for r in past if r.currency == code and before[0] <= r.date <= before[1]],
                )
            )
    return found


def part(key: str | None, code: str, now: list[Row], past: list[Row]) -> dict[str, Any]:
    return {
        "key": key,
        "currency": code,
        "spent": decimal(model.spent(now), code),
        "income": decimal(model.income(now), code),
        "count": model.counted(now),
        "previous_spent": decimal(model.spent(past), code),
    }
