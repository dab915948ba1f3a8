"""Pages join to the whole, whatever is asked for and whatever happens between two of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from laws import household as homes
from laws import model
from laws.household import Household, Row
from laws.model import Wanted
from outlay.expenses import page as expense_page
from world import World

LIST = "/ledgers/default/expenses"
SETTINGS = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SORTS = st.sampled_from(["date", "amount"])
LIMITS = st.one_of(st.integers(1, 4), st.integers(1, 30))
# How many rows are looked through and counted before the index is asked: as they are, or so few that
# a handful of rows takes every way to a page.
WINDOWS = st.sampled_from([(500, 10_000, 1000), (1, 2, 1), (3, 6, 2), (4, 16, 4), (2, 30, 3)])


@st.composite
def wanted(draw: st.DrawFn, *, currency: bool = False) -> Wanted:
    """Mostly few conditions: many at once find nothing."""
    names = draw(
        st.sets(
            st.sampled_from(
                ["dates", "category", "account", "tag", "kind", "currency", "amounts", "word",
                 "purchase", "trashed"],
            ),
            max_size=3,
        )
    )  # fmt: skip
    first, last = sorted(draw(st.tuples(homes.DATES, homes.DATES)))
    code = draw(st.sampled_from(homes.CURRENCIES))
    low, high = sorted(draw(st.tuples(homes.AMOUNTS, homes.AMOUNTS)))
    word = draw(st.sampled_from(homes.WORDS))
    return Wanted(
        first=first if "dates" in names else None,
        last=last if "dates" in names else None,
        category=draw(st.sampled_from(["none", *range(6)])) if "category" in names else None,
        account=draw(st.integers(0, 3)) if "account" in names else None,
        tag=draw(st.sampled_from(["none", 0, 1, 2])) if "tag" in names else None,
        kind=draw(st.sampled_from(["expense", "income", "transfer"])) if "kind" in names else None,
        currency=code if currency or names & {"currency", "amounts"} else None,
        least=low if "amounts" in names else None,
        most=high if "amounts" in names and draw(st.booleans()) else None,
        word=draw(st.sampled_from([word, word.upper(), word[:3], "cafe"])) if "word" in names else None,
        purchase=draw(st.sampled_from(homes.PURCHASES)) if "purchase" in names else None,
        trashed="trashed" in names,
    )  # fmt: skip


@contextmanager
def looking(windows: tuple[int, int, int]) -> Iterator[int]:
    """Pages found through these windows; gives how many matches are counted at most."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(
            ("FIRST_WINDOW", "LARGEST_WINDOW", "COUNT_LIMIT"), windows, strict=True
        ):
            patch.setattr(expense_page, name, value)
        yield windows[2]


async def page(home: Household, params: dict[str, Any], cursor: str | None) -> dict[str, Any]:
    asked = params if cursor is None else {**params, "cursor": cursor}
    return (await home.person.call("GET", LIST, params=asked, status=200)).json()


def ids(items: list[dict[str, Any]]) -> list[UUID]:
    return [UUID(item["id"]) for item in items]


@given(data=st.data(), rows=homes.rows(), sort=SORTS, limit=LIMITS, windows=WINDOWS)
@SETTINGS
async def test_pages_join_to_what_the_filter_means(
    world: World,
    data: st.DataObject,
    rows: list[Row],
    sort: str,
    limit: int,
    windows: tuple[int, int, int],
) -> None:
    home = await homes.household(world)
    await home.add(rows)
    filter_ = data.draw(wanted(currency=sort == "amount"))
    assume(filter_.word is None or _is_known(rows, filter_.word))
    whole = model.listed(home.rows.values(), filter_, sort)
    params = {**filter_.params(home), "sort": sort, "limit": limit}
    with looking(windows) as most_counted:
        pages = await all_pages(home, params)
    seen = [id_ for told in pages for id_ in ids(told["items"])]
    assert seen == [row.id for row in whole]
    for number, told in enumerate(pages):
        shown = whole[number * limit : (number + 1) * limit]
        assert told["days"] == (
            model.days(whole, shown, homes.CURRENCIES) if sort == "date" else []
        )
        assert told["count"] == pages[0]["count"]
    right_count(pages[0]["count"], len(whole), most_counted)


async def all_pages(home: Household, params: dict[str, Any]) -> list[dict[str, Any]]:
    found = [await page(home, params, None)]
    while found[-1]["next"] is not None:
        assert len(found[-1]["items"]) == params["limit"]
        found.append(await page(home, params, found[-1]["next"]))
    return found


def right_count(told: dict[str, Any], there: int, most: int) -> None:
    """Exact if it says so, else a number of which there are more."""
    if told["exact"]:
        assert told["value"] == there
    else:
        assert told["value"] <= min(there, most)


def _is_known(rows: list[Row], word: str) -> bool:
    """Words that no row ever had are looked for as misspelt ones: another law."""
    return any(model.plain(w).startswith(model.plain(word)) for row in rows for w in row.words)


@given(
    data=st.data(), rows=homes.rows(), more=st.lists(homes.rows(4), max_size=4), sort=SORTS,
    limit=st.integers(1, 4), windows=WINDOWS,
)  # fmt: skip
@SETTINGS
async def test_rows_that_come_and_go_disturb_no_other(
    world: World,
    data: st.DataObject,
    rows: list[Row],
    more: list[list[Row]],
    sort: str,
    limit: int,
    windows: tuple[int, int, int],
) -> None:
    home = await homes.household(world)
    await home.add(rows)
    filter_ = data.draw(wanted(currency=sort == "amount"))
    assume(not filter_.trashed)
    assume(filter_.word is None or _is_known(rows, filter_.word))
    params = {**filter_.params(home), "sort": sort, "limit": limit}
    before = model.listed(home.rows.values(), filter_, sort)
    ever = {row.id for row in before}
    seen: list[UUID] = []
    cursor = None
    for batch in [*more, *[None] * 100]:
        with looking(windows):
            told = await page(home, params, cursor)
        seen += ids(told["items"])
        cursor = told["next"]
        if cursor is None:
            break
        if batch is not None:
            await _disturb(home, data, batch)
            ever |= {row.id for row in model.listed(home.rows.values(), filter_, sort)}
    after = model.listed(home.rows.values(), filter_, sort)
    stayed = {row.id for row in before} & {row.id for row in after}
    assert len(seen) == len(set(seen)), "no row twice"
    assert set(seen) <= ever, "no row that was never meant"
    assert stayed <= set(seen), "no row that was there all the time is missed"
    in_order = sorted(seen, key=lambda id_: _place(home.rows[id_], sort), reverse=True)
    assert seen == in_order


def _place(row: Row, sort: str) -> tuple[Any, bytes]:
    return (row.date if sort == "date" else row.minor, row.id.bytes)


async def _disturb(home: Household, data: st.DataObject, batch: list[Row]) -> None:
    """Some rows come, some go to the trash."""
    new = [row for row in batch if row.id not in home.rows]
    known = {row.id for row in new}
    new = [row for row in new if row.refund_of is None or row.refund_of in known]
    if new:
        await home.add(new)
    live = sorted(row.id for row in home.rows.values() if not row.trashed)
    gone = data.draw(st.lists(st.sampled_from(live), max_size=2, unique=True)) if live else []
    if gone:
        await home.trash(gone)
