"""A household of two years: the same seed, end and currency always give the same one."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from outlay.demo import bills, daily, earning, journeys, things
from outlay.demo.model import DemoAccount, DemoRow, Draft, Household
from outlay.demo.month import Month, foreign_to, month_of
from outlay.demo.prices import Prices, prices_in

MONTHS: Final = 24
"""Whole months before the one that the demo ends in."""
_HABITS: Final = (
    bills.bills, bills.subscriptions, bills.yearly, bills.school,
    daily.groceries, daily.coffee, daily.eating_out, daily.ways, daily.evenings, daily.unsorted,
    things.clothes, things.refund, things.purchase, things.presents, things.home_and_hobbies, things.care,
    journeys.booking, journeys.journey, journeys.snow, earning.income, earning.saving,
)  # fmt: skip
_OPENING: Final = {"current": 320_000, "savings": 850_000}


def household(seed: int, end: dt.date, currency: str) -> Household:
    """Rows up to and including `end`, from the first of the month 24 months before.

    Raises MoneyError for what is no currency. `end` is not before 1902-01-01.
    """
    foreign = foreign_to(currency)
    drafts = sorted(_lived(seed, end, foreign), key=lambda draft: draft.date)
    here, there = (currency, prices_in(currency)), (foreign, prices_in(foreign))
    places = {draft.mark: place for place, draft in enumerate(drafts) if draft.mark}
    rows = tuple(
        _row(draft, here, there, places.get(draft.refunds) if draft.refunds else None)
        for draft in drafts
    )
    tags = tuple(sorted({tag for row in rows for tag in row.tags}, key=str.casefold))
    return Household(accounts=tuple(_accounts(here, there)), tags=tags, rows=rows)


def first_day(end: dt.date) -> dt.date:
    """The first date that can have rows."""
    return _month_before(end, MONTHS)


def _lived(seed: int, end: dt.date, foreign: str) -> Iterator[Draft]:
    for number in range(MONTHS + 1):
        month = month_of(seed, _month_before(end, MONTHS - number), number, foreign)
        yield from (draft for draft in _all_of(month) if draft.date <= end)
    yield from _today(end)


def _all_of(month: Month) -> Iterator[Draft]:
    for habit in _HABITS:
        yield from habit(month)


def _today(end: dt.date) -> Iterator[Draft]:
    """The last day has rows whatever the dice say, one of them still to be given a category."""
    yield Draft(date=end, cents=280, text="Coffee to go", category="Coffee and snacks")
    yield Draft(date=end, cents=1990, text="Card payment 2048")


def _month_before(date: dt.date, months: int) -> dt.date:
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


Money = tuple[str, Prices]


def _row(draft: Draft, here: Money, there: Money, refund_of: int | None) -> DemoRow:
    currency, prices = there if draft.is_abroad else here
    to_currency, to_prices = there if draft.to_account == "travel" else here
    moves = draft.to_account is not None
    return DemoRow(
        kind=draft.kind,
        date=draft.date,
        amount=prices.minor(draft.cents),
        currency=currency,
        description=draft.text,
        note=draft.note,
        category=draft.category,
        tags=draft.tags,
        account=draft.account,
        to_account=draft.to_account,
        to_amount=to_prices.minor(draft.cents) if moves else None,
        to_currency=to_currency if moves else None,
        purchase=draft.purchase,
        refund_of=refund_of,
    )


def _accounts(here: Money, there: Money) -> Iterator[DemoAccount]:
    currency, prices = here
    yield DemoAccount(
        key="current", name="Current account", kind="bank", currency=currency,
        opening_balance=prices.minor(_OPENING["current"]),
    )  # fmt: skip
    yield DemoAccount(
        key="savings", name="Savings account", kind="savings", currency=currency,
        opening_balance=prices.minor(_OPENING["savings"]),
    )  # fmt: skip
    yield DemoAccount(
        key="travel", name="Travel money", kind="cash", currency=there[0], opening_balance=0
    )
