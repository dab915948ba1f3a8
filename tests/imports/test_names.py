"""What is made for the names of a file, without a database."""

from typing import Any
from uuid import uuid4

from outlay.imports.commit import _together
from outlay.imports.matching import planned
from outlay.imports.names import Categories, split_path
from outlay.imports.settle import Settled


def known(name: str, kind: str = "expense", parent: str | None = None) -> dict[str, Any]:
    return {"id": uuid4(), "kind": kind, "name": name, "parent": parent, "is_archived": False}


def used(name: str, kind: str = "expense") -> dict[str, Any]:
    return {"name": name, "folded": name.lower(), "kind": kind}


def made(names: list[dict[str, Any]], *have: dict[str, Any]) -> list[tuple[str, str, bool]]:
    new = planned(names, Categories(have))
    return [(category.name, category.kind, category.parent is not None) for category in new]


def test_a_path_has_two_parts_at_most() -> None:
    assert split_path("Food") == ["Food"]
    assert split_path("Food: Bread") == ["Food", "Bread"]
    assert split_path("Food:Bread:Rye") == ["Food", "Bread:Rye"]
    assert split_path(": Bread") == [": Bread"]


def test_parents_are_made_before_their_children_and_once() -> None:
    assert made([used("Food: Bread"), used("Food: Cake"), used("Rent")]) == [
        ("Food", "expense", False),
        ("Rent", "expense", False),
        ("Bread", "expense", True),
        ("Cake", "expense", True),
    ]


def test_what_is_there_is_not_made_again() -> None:
    food = known("food")
    assert made([used("FOOD"), used("food : bread")], food) == [("bread", "expense", True)]
    assert made([used("Bread")], food, known("bread", parent="food")) == []


def test_spellings_of_one_name_make_one_category() -> None:
    assert made([used("Food"), used("FOOD"), used("Food", "income")]) == [
        ("Food", "expense", False)
    ]


def test_spaces_around_the_colon_do_not_matter() -> None:
    names = [used("Food: Bread"), used("Food :Bread"), used("food:bread")]
    assert made(names) == [("Food", "expense", False), ("Bread", "expense", True)]


def test_a_name_that_is_also_a_parent_is_made_once() -> None:
    for names in (["Food", "Food: Bread"], ["Food: Bread", "Food"]):
        assert made([used(name) for name in names]) == [
            ("Food", "expense", False),
            ("Bread", "expense", True),
        ]


def test_a_name_of_income_alone_makes_a_category_of_income() -> None:
    assert made([used("Salary", "income")]) == [("Salary", "income", False)]


def test_a_row_that_turns_back_did_not_turn() -> None:
    assert _together(Settled([1, 2], [3]), Settled([3, 4], [1])) == Settled([2, 4], [])
