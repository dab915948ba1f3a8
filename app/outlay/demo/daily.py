"""What is bought in the course of a week: food, coffee, ways, evenings."""

from collections.abc import Iterator
from typing import Final

from outlay.demo.model import Draft
from outlay.demo.month import Month

SATURDAY: Final = 5
SUNDAY: Final = 6
_SMALL_SHOPS: Final = ("Greenleaf Organic", "Corner shop", "Farmers' market", "Alma Market")
_CAFES: Final = (
    "Coffee at Rossi",
    "Coffee at Rossi",
    "coffee at rossi",
    "Café Nord",
    "Espresso bar Lume",
)
_RESTAURANTS: Final = (
    ("Trattoria da Nino", 3800, 7200), ("Pizza at Gino's", 2400, 4600), ("Sushi Hana", 3400, 6400),
    ("Curry House", 2800, 5200), ("Brunch at Café Nord", 2200, 4100), ("Burger night", 2100, 3900),
)  # fmt: skip
_LUNCHES: Final = ("Lunch at the canteen", "Noodle bar", "Sandwich", "Salad bar")
_EVENINGS: Final = (
    ("Cinema", 1900, 3200), ("Concert", 3200, 7800), ("Theatre", 2800, 5600), ("Drinks with friends", 1200, 3400),
    ("Museum", 1200, 2400), ("Swimming pool", 900, 1600),
)  # fmt: skip
_COMPANY: Final = ("With Marta and Leo", "Anna's idea", "Team evening", "To celebrate the exam")


def groceries(month: Month) -> Iterator[Draft]:
    for date in month.days_at_home():
        if date.weekday() == SATURDAY:
            yield Draft(
                date=date, cents=month.cents(5600, 9800), text="Alma Market", category="Groceries"
            )
        elif date.weekday() == SUNDAY and month.happens(720):
            yield Draft(
                date=date, cents=month.cents(380, 980), text="Bakery Moretti", category="Groceries"
            )
        elif date.weekday() < SATURDAY and month.happens(330):
            shop = month.one_of(_SMALL_SHOPS)
            yield Draft(date=date, cents=month.cents(820, 3900), text=shop, category="Groceries")


def coffee(month: Month) -> Iterator[Draft]:
    for date in month.days_at_home():
        if month.happens(month.mood // 2 if date.weekday() < SATURDAY else 300):
            yield Draft(
                date=date, cents=month.cents(220, 620) // 10 * 10, text=month.one_of(_CAFES),
                category="Coffee and snacks",
            )  # fmt: skip


def eating_out(month: Month) -> Iterator[Draft]:
    for date in month.some_days(3, 6):
        name, low, high = month.one_of(_RESTAURANTS)
        note = month.one_of(_COMPANY) if month.happens(220) else ""
        yield Draft(
            date=date, cents=month.cents(low, high), text=name, category="Restaurants", note=note
        )
    for date in month.some_days(2, 5):
        if date.weekday() < SATURDAY:
            yield Draft(
                date=date, cents=month.cents(850, 1450), text=month.one_of(_LUNCHES), category="Restaurants",
            )  # fmt: skip


def ways(month: Month) -> Iterator[Draft]:
    for date in month.some_days(2, 3):
        yield Draft(
            date=date, cents=month.cents(4400, 6900), text="Petrol", category="Fuel and charging", tags=("car",),
        )  # fmt: skip
    for date in month.some_days(1, 4):
        yield Draft(
            date=date, cents=month.cents(15, 60) * 10, text="Parking", category="Parking and tolls", tags=("car",),
        )  # fmt: skip
    for date in month.some_days(1, 3):
        yield Draft(
            date=date, cents=month.cents(20, 35) * 10, text="Night bus", category="Public transport"
        )
    if month.happens(350):
        date = month.one_of(month.some_days(3, 6))
        yield Draft(date=date, cents=month.cents(1100, 2900), text="Taxi home", category="Taxi")
    if month.happens(250):
        date = month.working(month.dice.randint(3, 26))
        yield Draft(
            date=date, cents=month.cents(4200, 8900), text="Train to the client", category="Public transport",
            tags=("for work",), note="Hand in the receipt",
        )  # fmt: skip


def evenings(month: Month) -> Iterator[Draft]:
    for date in month.some_days(2, 4):
        name, low, high = month.one_of(_EVENINGS)
        yield Draft(date=date, cents=month.cents(low, high), text=name, category="Going out")


def unsorted(month: Month) -> Iterator[Draft]:
    """What nobody has found the time to give a category."""
    for date in month.some_days(1, 3):
        text = (
            f"Card payment {month.dice.randint(1000, 9999)}"
            if month.happens(600)
            else "Online order"
        )
        yield Draft(date=date, cents=month.cents(700, 4800), text=text)
