"""One month of the demo household's life, with dice of its own."""

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, TypeVar

import msgspec

T = TypeVar("T")

AUGUST: Final = 8
_PLACES: Final = {"EUR": ("Lisbon", "Crete"), "GBP": ("Edinburgh", "Cornwall")}


class Trip(msgspec.Struct, frozen=True):
    """The summer's journey; both dates are included."""

    first: dt.date
    last: dt.date


class Month(msgspec.Struct, frozen=True):
    """`number` counts from the oldest month, 0.

    `level` is that of prices, `mood` how much is spent on what is not needed, both per mille; `place`
    is where this year's journey goes, and `trip` the journey in its month.
    """

    first: dt.date
    number: int
    dice: Random
    level: int
    mood: int
    place: str
    trip: Trip | None

    @property
    def last(self) -> dt.date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def name(self) -> str:
        return f"{self.first:%Y-%m}"

    def on(self, day: int) -> dt.date:
        return self.first.replace(day=min(day, self.last.day))

    def working(self, day: int) -> dt.date:
        """That day, or the Friday before a weekend, if the month has it."""
        date = self.on(day)
        return max(self.first, date - dt.timedelta(days=max(0, date.weekday() - 4)))

    def days_at_home(self) -> Iterator[dt.date]:
        for day in range(1, self.last.day + 1):
            date = self.first.replace(day=day)
            if self.trip is None or not self.trip.first <= date <= self.trip.last:
                yield date

    def some_days(self, fewest: int, most: int) -> list[dt.date]:
        """So many different days at home, more of them in a good mood, in their order."""
        wanted = self.dice.randint(fewest * self.mood, most * self.mood) // 1000
        home = list(self.days_at_home())
        return sorted(self.dice.sample(home, min(wanted, len(home))))

    def happens(self, per_mille: int) -> bool:
        return self.dice.randrange(1000) < per_mille

    def one_of(self, choices: Sequence[T]) -> T:
        return self.dice.choice(choices)

    def cents(self, low: int, high: int) -> int:
        """A price between the two at the start, and more later."""
        return self.priced(self.dice.randint(low, high))

    def priced(self, cents: int) -> int:
        return cents * self.level // 1000

    def whole(self, euros: int) -> int:
        """The price in cents of what is paid in full euros."""
        return self.priced(euros) * 100


def month_of(seed: int, first: dt.date, number: int, foreign: str) -> Month:
    """The month that begins on that date; the same seed gives the same month."""
    dice = Random(f"{seed} {first:%Y-%m}")  # noqa: S311 - invented data, not secrets
    mood = dice.randint(820, 1180)
    trip = _trip(dice, first) if first.month == AUGUST else None
    place = _PLACES[foreign][first.year % 2]
    return Month(first, number, dice, 1000 + 3 * number, mood, place, trip)


def _trip(dice: Random, first: dt.date) -> Trip:
    start = first + dt.timedelta(days=dice.randint(2, 9))
    return Trip(start, start + dt.timedelta(days=dice.randint(9, 12)))


def foreign_to(currency: str) -> str:
    """The currency of a journey from a household with this one."""
    return "GBP" if currency == "EUR" else "EUR"
