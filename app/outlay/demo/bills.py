"""What comes by itself: rent, utilities, subscriptions, insurance, fees."""

from collections.abc import Iterator
from typing import Final

from outlay.demo.model import Draft
from outlay.demo.month import Month

# Euros of electricity and heating from January to December.
_ENERGY: Final = (186, 172, 141, 104, 74, 62, 58, 59, 71, 98, 138, 174)
_SUBSCRIPTIONS: Final = (
    (3, 990, "Newspaper", "Books and media"), (5, 3490, "Fibre internet", "Internet and phone"),
    (8, 2200, "Mobile phones", "Internet and phone"), (11, 1099, "Music", "Subscriptions"),
    (20, 299, "Cloud storage", "Subscriptions"), (4, 3400, "Climbing hall", "Sport"),
)  # fmt: skip
_FILMS: Final = (1399, 1599)
"""The films' price, and the one after the first year."""


def bills(month: Month) -> Iterator[Draft]:
    rent = 1120 + 30 * (month.number // 12)
    yield Draft(
        date=month.on(1), cents=rent * 100, text="Rent", category="Rent or mortgage",
        note="With the garage" if month.number == 0 else "",
    )  # fmt: skip
    energy = month.whole(_ENERGY[month.first.month - 1]) + month.cents(-900, 900)
    yield Draft(
        date=month.working(12), cents=energy, text="Electricity and gas", category="Electricity and heating",
    )  # fmt: skip
    if month.first.month % 3 == 1:
        yield Draft(
            date=month.working(17), cents=month.cents(4100, 5600), text="Water", category="Water"
        )
        yield Draft(date=month.last, cents=420, text="Account fees", category="Bank fees")
    yield Draft(
        date=month.on(2), cents=month.whole(39), text="Monthly pass", category="Public transport"
    )
    yield Draft(date=month.on(18), cents=1500, text="Food bank", category="Donations")


def subscriptions(month: Month) -> Iterator[Draft]:
    for day, cents, text, category in _SUBSCRIPTIONS:
        yield Draft(date=month.on(day), cents=cents, text=text, category=category)
    films = _FILMS[month.number >= 12]
    yield Draft(date=month.on(16), cents=films, text="Films", category="Subscriptions")


def yearly(month: Month) -> Iterator[Draft]:
    match month.first.month:
        case 2:
            yield Draft(
                date=month.working(20), cents=month.whole(118), text="Car service", category="Car",
                tags=("car",), note="New wiper blades too",
            )  # fmt: skip
        case 3:
            yield Draft(
                date=month.on(3), cents=month.whole(186), text="Home insurance", category="Home insurance",
                note="For a year",
            )  # fmt: skip
        case 6:
            yield Draft(
                date=month.working(16), cents=month.whole(168), text="Waste tax", category="Taxes"
            )
        case 9:
            yield Draft(
                date=month.on(15), cents=month.whole(412), text="Car insurance", category="Insurance",
                tags=("car",), note="For a year",
            )  # fmt: skip
        case 12:
            yield Draft(date=month.on(14), cents=6000, text="Doctors on call", category="Donations")
        case _:
            pass


def school(month: Month) -> Iterator[Draft]:
    """Lessons pause in the summer."""
    if month.first.month not in {7, 8}:
        yield Draft(
            date=month.working(15), cents=month.whole(60), text="Piano lessons", category="School and courses",
        )  # fmt: skip
    if month.first.month == 9:
        yield Draft(
            date=month.on(6), cents=month.cents(6400, 9800), text="Books and pencils",
            category="School and courses", note="List of the school",
        )  # fmt: skip
