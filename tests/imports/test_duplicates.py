"""Rows the ledger has already: counted by occurrence, explained, and never invented."""

from collections import Counter
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlay.imports.duplicates import Candidate, Known, find_duplicates
from outlay.imports.fingerprint import fingerprint, reference_key

DAY = date(2024, 3, 5)
ACCOUNTS = [None, "checking", "card"]


class Booking(msgspec.Struct, frozen=True):
    text: str
    reference: str = ""
    account: str | None = None

    def candidate(self):
        return Candidate(
            fingerprint(DAY, 350, "EUR", "expense", self.text),
            reference_key(self.reference, 350, "EUR", "expense"),
            self.account,
        )

    def known(self, number, *, trashed=False):
        row = self.candidate()
        return Known(number, row.content, DAY, self.text, row.reference, row.account, trashed)


def imported(ledger, file):
    """Import `file` into `ledger` (both lists of bookings) and return the rows that were new."""
    known = [booking.known(number) for number, booking in enumerate(ledger)]
    found = find_duplicates([booking.candidate() for booking in file], known)
    return [booking for booking, duplicate in zip(file, found, strict=True) if duplicate is None]


def counted(bookings):
    return Counter(booking.candidate() for booking in bookings)


BOOKINGS = st.builds(
    Booking,
    text=st.sampled_from(["Tea", "Bread", "Rent"]),
    reference=st.sampled_from(["", "", "AAAA-0001", "AAAA-0002", "x1"]),
    account=st.sampled_from(ACCOUNTS),
)
FILES = st.lists(BOOKINGS, max_size=25)


@given(FILES)
def test_into_an_empty_ledger_every_row_is_new(file):
    assert imported([], file) == file


@given(FILES)
def test_the_same_file_again_adds_nothing(file):
    assert imported(file, file) == []


@given(FILES, FILES)
def test_a_larger_file_adds_exactly_the_difference(file, more):
    added = imported(file, file + more)
    assert counted(added) == counted(more)


@given(FILES, FILES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(ledger, file, shuffle):
    mixed, there = list(file), list(ledger)
    shuffle.shuffle(mixed)
    shuffle.shuffle(there)
    assert counted(imported(ledger, file)) == counted(imported(there, mixed))


@given(FILES, FILES)
def test_no_row_of_the_ledger_answers_for_two_of_the_file(ledger, file):
    known = [booking.known(number) for number, booking in enumerate(ledger)]
    found = [d.of.id for d in find_duplicates([b.candidate() for b in file], known) if d]
    assert len(found) == len(set(found))
    assert len(imported(ledger, file)) >= len(file) - len(ledger)


@given(FILES, FILES)
@settings(max_examples=60)
def test_importing_twice_is_importing_once(ledger, file):
    once = ledger + imported(ledger, file)
    assert imported(once, file) == []


def test_two_equal_coffees_are_two_and_a_third_is_new():
    coffee = Booking("Coffee")
    assert imported([], [coffee, coffee]) == [coffee, coffee]
    assert imported([coffee], [coffee, coffee]) == [coffee]
    assert imported([coffee, coffee], [coffee, coffee, coffee]) == [coffee]


def test_different_references_are_different_bookings():
    first, second = Booking("Tea", "AAAA-0001"), Booking("Tea", "AAAA-0002")
    assert imported([first], [second]) == [second]


def test_the_same_reference_is_the_same_booking_whatever_it_is_called():
    known = Booking("Tea", "AAAA-0001").known(1)
    (found,) = find_duplicates([Booking("TEA HOUSE LTD", "AAAA-0001").candidate()], [known])
    assert found is not None
    assert found.explain() == "the bank's own reference and the amount are those of 2024-03-05 Tea"


def test_a_row_entered_by_hand_has_no_reference_and_still_counts():
    assert imported([Booking("Tea")], [Booking("Tea", "AAAA-0001")]) == []
    assert imported([Booking("Tea", "AAAA-0001")], [Booking("Tea")]) == []


def test_equal_rows_of_two_accounts_are_two_bookings():
    card, checking = Booking("Tea", account="card"), Booking("Tea", account="checking")
    assert imported([card], [checking]) == [checking]
    assert imported([Booking("Tea")], [card]) == []
    assert imported([card], [Booking("Tea")]) == []


def test_a_duplicate_explains_itself():
    (found,) = find_duplicates([Booking("Tea").candidate()], [Booking("Tea").known(1)])
    assert found is not None
    assert found.explain() == "same day, amount and description as 2024-03-05 Tea"


def test_a_duplicate_in_the_trash_says_where_it_is():
    known = Booking("Tea").known(1, trashed=True)
    (found,) = find_duplicates([Booking("Tea").candidate()], [known])
    assert found is not None
    assert found.explain().endswith("that one is in the trash, restore it there")


@pytest.mark.parametrize(
    "other", ["TEA  house", " tea house ", "\uff34\uff45\uff41 house", "tea\thouse"]
)
def test_case_width_and_spacing_do_not_make_another_booking(other):
    def key(text):
        return fingerprint(DAY, 1, "EUR", "expense", text)

    assert key(other) == key("Tea house")
    assert key("Tea-house") != key("Tea house")


@pytest.mark.parametrize(
    "change",
    [
        (date(2024, 3, 6), 350, "EUR", "expense", "Tea"),
        (DAY, 351, "EUR", "expense", "Tea"),
        (DAY, 350, "USD", "expense", "Tea"),
        (DAY, 350, "EUR", "income", "Tea"),
        (DAY, 350, "EUR", "expense", "Teas"),
    ],
)
def test_anything_else_makes_another_booking(change):
    assert fingerprint(*change) != fingerprint(DAY, 350, "EUR", "expense", "Tea")
    assert len(fingerprint(*change)) == 16


def test_a_short_number_is_no_reference():
    assert reference_key("12", 350, "EUR", "expense") is None
    assert reference_key("AAAA-0001", 350, "EUR", "expense") is not None
