"""How things look in a terminal."""

import pytest

from outlay.cli.problems import in_words, refusal
from outlay.cli.render import bar, clean


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("red \x1b[31m alert", "red \ufffd[31m alert"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("right \u202e left", "right \ufffd left"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("Käse und Brot", "Käse und Brot"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("share", "drawn"), [(1.0, "████"), (0.5, "██"), (0.28, "█▏"), (0.0, ""), (7, "████"), (-1, "")]
)
def test_a_bar_is_as_long_as_its_share(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn


def test_a_pointer_is_told_in_words() -> None:
    assert in_words("/create/3/category_id") == "create, row 4, category id"
    assert in_words("/a~1b") == "a/b"


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, 4), (403, 4), (404, 6), (409, 5), (412, 5), (422, 1), (503, 3), (500, 1)],
)
def test_each_refusal_has_its_exit_code(status: int, code: int) -> None:
    assert refusal(status, b"<html>").exit_code == code
    assert f"status {status}" in refusal(status, b"<html>").message


def test_every_mistake_of_an_answer_is_told_with_its_place() -> None:
    body = (
        b'{"detail":"Some of it is wrong","errors":[{"pointer":"/amount","detail":"Write digits"},'
        b'{"pointer":"/date","detail":"No such day"}]}'
    )
    assert refusal(422, body).message.splitlines() == [
        "Some of it is wrong",
        "  amount: Write digits",
        "  date: No such day",
    ]
