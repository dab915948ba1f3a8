"""What comes in, and what goes to the savings account and back."""

from collections.abc import Iterator
from typing import Final

from outlay.demo.model import Draft
from outlay.demo.month import Month

_SOLD: Final = ("Sold the old bike", "Flea market", "Sold the cot")


def income(month: Month) -> Iterator[Draft]:
    """Pay rises once a year, by three in a hundred."""
    rise = 100 + 3 * (month.number // 12)
    yield Draft(
        date=month.working(27), cents=2480 * rise, text="Salary, Nordwind", category="Salary", kind="income",
    )  # fmt: skip
    yield Draft(
        date=month.working(10), cents=1180 * rise, text="Salary, school", category="Salary", kind="income",
    )  # fmt: skip
    yield Draft(
        date=month.on(15), cents=17500, text="Child benefit", category="Benefits", kind="income",
    )  # fmt: skip
    if month.happens(300):
        yield Draft(
            date=month.working(21), cents=month.dice.randint(16, 42) * 1000, text="Translation", kind="income",
            category="Side work", note=f"Invoice {month.first.year}-{month.number + 11:03}",
        )  # fmt: skip
    if month.happens(150):
        yield Draft(
            date=month.one_of(list(month.days_at_home())), cents=month.dice.randint(4, 18) * 500,
            text=month.one_of(_SOLD), category="Sales", kind="income",
        )  # fmt: skip
    if month.first.month == 12:
        yield Draft(
            date=month.on(31), cents=11240, text="Interest", category="Interest and dividends", kind="income",
            account="savings",
        )  # fmt: skip
        yield Draft(
            date=month.on(24), cents=15000, text="From Grandma", category="Gifts received", kind="income",
        )  # fmt: skip


def saving(month: Month) -> Iterator[Draft]:
    yield Draft(
        date=month.on(28), cents=55000, text="To the savings account", kind="transfer", to_account="savings",
    )  # fmt: skip
    if month.first.month == 7:
        yield Draft(
            date=month.on(2), cents=90000, text="For the holidays", kind="transfer", account="savings",
            to_account="current",
        )  # fmt: skip
