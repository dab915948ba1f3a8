"""The summer's journey, paid for ahead at home and on the way in another currency; days in the snow."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from outlay.demo.model import Draft
from outlay.demo.month import Month, Trip

_ABROAD: Final = (
    ("Dinner by the harbour", 3200, 6800, "Restaurants"), ("Ice cream", 600, 1400, "Coffee and snacks"),
    ("Castle tickets", 1800, 3600, "Holidays"), ("Tram tickets", 400, 1200, "Public transport"),
    ("Picnic", 1400, 3200, "Groceries"), ("Boat trip", 2800, 6400, "Holidays"), ("Souvenirs", 900, 3400, "Holidays"),
    ("Café on the square", 700, 1900, "Coffee and snacks"),
)  # fmt: skip
_ROUND: Final = 5000
"""Travel money is changed in steps of fifty euros."""


def booking(month: Month) -> Iterator[Draft]:
    """Flights in May and rooms in July, when the summer's place is known."""
    match month.first.month:
        case 5:
            yield Draft(
                date=month.on(10), cents=month.cents(36000, 48000), text=f"Flights to {month.place}", category="Holidays",
                tags=(month.place,),
            )  # fmt: skip
        case 7:
            yield Draft(
                date=month.on(4), cents=month.cents(62000, 78000), text=f"Rooms in {month.place}", category="Holidays",
                tags=(month.place,), note="Breakfast included, free cancellation until a week before",
            )  # fmt: skip
        case _:
            pass


def journey(month: Month) -> Iterator[Draft]:
    """Some rows a day; they are paid from travel money that was changed the day before."""
    if month.trip is None:
        return
    rows = list(_days_abroad(month, month.trip))
    # A cent more for each, as each may be rounded up.
    needed = sum(row.cents + 1 for row in rows)
    yield Draft(
        date=month.trip.first - dt.timedelta(days=1), cents=-(-needed // _ROUND) * _ROUND, text="Travel money",
        kind="transfer", to_account="travel", tags=(month.place,),
    )  # fmt: skip
    yield from rows


def _days_abroad(month: Month, trip: Trip) -> Iterator[Draft]:
    for day in range((trip.last - trip.first).days + 1):
        for name, low, high, category in month.dice.sample(_ABROAD, month.dice.randint(1, 3)):
            yield Draft(
                date=trip.first + dt.timedelta(days=day), cents=month.cents(low, high), text=name,
                category=category, account="travel", is_abroad=True, tags=(month.place,),
            )  # fmt: skip


def snow(month: Month) -> Iterator[Draft]:
    """A weekend in February."""
    if month.first.month != 2:
        return
    saturday = next(date for date in month.days_at_home() if date.day >= 8 and date.weekday() == 5)
    for days, low, high, name in (
        (-1, 5200, 6800, "Petrol to the mountains"), (0, 9600, 12800, "Ski passes"), (0, 14800, 18800, "Hut"),
        (1, 2800, 4400, "Lunch in the hut"),
    ):  # fmt: skip
        yield Draft(
            date=saturday + dt.timedelta(days=days), cents=month.cents(low, high), text=name, category="Holidays",
            tags=("snow",),
        )  # fmt: skip
