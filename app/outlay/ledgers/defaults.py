"""The categories a new ledger starts with: two levels, a hue and an icon each."""

from collections.abc import Iterator
from typing import Final, Literal
from uuid import UUID

import msgspec

from outlay.ids import uuid7

Kind = Literal["expense", "income"]


class NewCategory(msgspec.Struct, frozen=True):
    id: UUID
    parent_id: UUID | None
    name: str
    kind: Kind
    hue: int
    icon: str
    position: int


class Group(msgspec.Struct, frozen=True):
    """A category and those under it; hues run from 0 to 7."""

    name: str
    hue: int
    icon: str
    children: tuple[tuple[str, str], ...] = ()
    kind: Kind = "expense"


GROUPS: Final = (
    Group("Home", 0, "🏠", (
        ("Rent or mortgage", "🔑"), ("Electricity and heating", "💡"), ("Water", "💧"),
        ("Internet and phone", "📶"), ("Furniture and repairs", "🛠️"), ("Home insurance", "🛡️"),
    )),
    Group("Food", 1, "🛒", (
        ("Groceries", "🧺"), ("Restaurants", "🍽️"), ("Coffee and snacks", "☕"),
    )),
    Group("Transport", 2, "🚆", (
        ("Public transport", "🚌"), ("Fuel and charging", "⛽"), ("Car", "🚗"),
        ("Parking and tolls", "🅿️"), ("Taxi", "🚕"),
    )),
    Group("Health", 3, "🩺", (
        ("Doctor and pharmacy", "💊"), ("Health insurance", "🛡️"), ("Sport", "🏃"),
    )),
    Group("Family", 4, "👪", (
        ("Children", "🧸"), ("School and courses", "🎓"), ("Pets", "🐾"), ("Gifts", "🎁"),
    )),
    Group("Leisure", 5, "🎭", (
        ("Holidays", "🏖️"), ("Going out", "🎬"), ("Hobbies", "🎨"),
        ("Books and media", "📚"), ("Subscriptions", "🔁"),
    )),
    Group("Shopping", 6, "🛍️", (
        ("Clothing", "👕"), ("Electronics", "💻"), ("Personal care", "🧴"),
    )),
    Group("Money", 7, "🧾", (
        ("Taxes", "🏛️"), ("Bank fees", "🏦"), ("Insurance", "🛡️"), ("Donations", "🤝"),
    )),
    Group("Work", 2, "💼", (("Salary", "💶"), ("Side work", "🧰")), "income"),
    Group("Other income", 5, "📥", (
        ("Interest and dividends", "📈"), ("Benefits", "🏛️"), ("Gifts received", "🎁"),
        ("Sales", "🏷️"),
    ), "income"),
)  # fmt: skip


def default_categories() -> Iterator[NewCategory]:
    """The default set with new ids; a category comes before those under it."""
    for position, group in enumerate(GROUPS):
        parent = uuid7()
        yield NewCategory(parent, None, group.name, group.kind, group.hue, group.icon, position)
        for place, (name, icon) in enumerate(group.children):
            yield NewCategory(uuid7(), parent, name, group.kind, group.hue, icon, place)
