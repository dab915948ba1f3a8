"""What is bought now and then: clothes, presents, things for the home; a purchase in parts; refunds."""

import datetime as dt
from collections.abc import Iterator
from typing import Final

from outlay.demo.model import Draft
from outlay.demo.month import Month

_CLOTHES: Final = (
    ("Winter coat", 8900, 16900), ("Shoes", 5900, 11900), ("Jeans", 3900, 7900), ("Children's clothes", 2400, 6400),
    ("T-shirts", 1900, 4400), ("Rain jacket", 4900, 9900), ("Socks and underwear", 1200, 2900),
)  # fmt: skip
_CLOTHES_MONTHS: Final = frozenset({3, 4, 9, 10, 11})
_HOME: Final = (
    ("Lamp", 2900, 8900), ("Paint and brushes", 2200, 6400), ("Plumber", 8400, 18900), ("Shelf", 3900, 11900),
    ("Bed linen", 3400, 7900), ("Light bulbs", 700, 1900),
)  # fmt: skip
_HOBBIES: Final = (
    ("Garden centre", 1400, 5600), ("Wool", 900, 3200), ("Bicycle repair", 2400, 7800), ("Board game", 1900, 4400),
)  # fmt: skip
_FRIENDS: Final = ("Marta", "Leo", "Grandma", "Nora", "Jonas", "Aunt Inês")
_PRESENTS: Final = (
    "Toys",
    "Perfume",
    "Books as presents",
    "Gift card",
    "Scarf",
    "Christmas baking",
)
_ELECTRONICS: Final = (
    ("Headphones", 8900, 14900),
    ("Kettle", 2900, 5900),
    ("Phone case", 1500, 2900),
)
_LAPTOP_MONTH: Final = 14


def clothes(month: Month) -> Iterator[Draft]:
    many = month.first.month in _CLOTHES_MONTHS
    for date in month.some_days(1, 3) if many else month.some_days(0, 2):
        name, low, high = month.one_of(_CLOTHES)
        yield Draft(date=date, cents=month.cents(low, high), text=name, category="Clothing")


def refund(month: Month) -> Iterator[Draft]:
    """Shoes that did not fit: most of the price comes back some days later."""
    if month.first.month % 5 != 0:
        return
    date = month.on(month.dice.randint(6, 14))
    price = month.cents(6900, 12900)
    yield Draft(
        date=date, cents=price, text="Boots Online", category="Clothing", note="Sent one pair back",
        mark=month.name,
    )  # fmt: skip
    yield Draft(
        date=date + dt.timedelta(days=month.dice.randint(5, 12)), cents=price - 1000, text="Boots Online, refund",
        category="Clothing", kind="income", refunds=month.name,
    )  # fmt: skip


def purchase(month: Month) -> Iterator[Draft]:
    """One receipt for things of three categories."""
    if month.number % 3 != 1:
        return
    date = next(date for date in month.days_at_home() if date.day >= 7 and date.weekday() == 4)
    parts = (
        ("Groceries", 4200, 7900),
        ("Personal care", 900, 2400),
        ("Furniture and repairs", 1400, 4900),
    )
    for category, low, high in parts:
        yield Draft(
            date=date, cents=month.cents(low, high), text="Warehouse store", category=category,
            purchase=month.name,
        )  # fmt: skip


def presents(month: Month) -> Iterator[Draft]:
    if month.first.month == 12:
        for date in sorted(month.dice.sample(range(1, 24), 7)):
            yield Draft(
                date=month.on(date), cents=month.cents(1500, 8900), text=month.one_of(_PRESENTS), category="Gifts",
                tags=("Christmas",),
            )  # fmt: skip
        yield Draft(
            date=month.on(21), cents=month.cents(3400, 5200), text="Christmas tree", category="Gifts",
            tags=("Christmas",),
        )  # fmt: skip
    elif month.happens(600):
        yield Draft(
            date=month.one_of(list(month.days_at_home())), cents=month.cents(2500, 6500),
            text=f"Birthday present for {month.one_of(_FRIENDS)}", category="Gifts", tags=("birthday",),
        )  # fmt: skip


def home_and_hobbies(month: Month) -> Iterator[Draft]:
    if month.happens(450):
        name, low, high = month.one_of(_HOME)
        date = month.one_of(list(month.days_at_home()))
        yield Draft(
            date=date, cents=month.cents(low, high), text=name, category="Furniture and repairs"
        )
    for date in month.some_days(0, 2):
        name, low, high = month.one_of(_HOBBIES)
        yield Draft(date=date, cents=month.cents(low, high), text=name, category="Hobbies")
    for date in month.some_days(0, 2):
        yield Draft(
            date=date, cents=month.cents(900, 2800), text="Bookshop", category="Books and media"
        )
    if month.number == _LAPTOP_MONTH:
        yield Draft(
            date=month.on(9), cents=94900, text="Laptop", category="Electronics", tags=("for work",),
            note="Guarantee: three years; the bill is in the blue folder",
        )  # fmt: skip
    elif month.happens(180):
        name, low, high = month.one_of(_ELECTRONICS)
        date = month.one_of(list(month.days_at_home()))
        yield Draft(date=date, cents=month.cents(low, high), text=name, category="Electronics")


def care(month: Month) -> Iterator[Draft]:
    for date in month.some_days(1, 2):
        yield Draft(
            date=date, cents=month.cents(800, 2600), text="Drugstore", category="Personal care"
        )
    yield Draft(
        date=month.working(month.dice.randint(8, 24)), cents=month.cents(28, 44) * 100, text="Hairdresser",
        category="Personal care",
    )  # fmt: skip
    for date in month.some_days(0, 3):
        yield Draft(
            date=date, cents=month.cents(600, 2900), text="Pharmacy", category="Doctor and pharmacy"
        )
    yield Draft(
        date=month.on(month.dice.randint(4, 26)), cents=month.cents(2400, 3600), text="Cat food", category="Pets",
    )  # fmt: skip
    if month.first.month == 4:
        yield Draft(
            date=month.working(11),
            cents=month.whole(95),
            text="Dentist",
            category="Doctor and pharmacy",
        )
        yield Draft(
            date=month.working(23), cents=month.whole(84), text="Vet", category="Pets", note="Vaccination",
        )  # fmt: skip
