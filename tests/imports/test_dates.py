"""Dates as banks write them, and the order that a whole file speaks for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay.imports.dates import date_reader, read_date
from outlay.imports.detect.order import find_order
from outlay.imports.model import CellError

FIFTH_OF_MARCH = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("2024-03-05", "dmy"),
        ("2024/03/05", "mdy"),
        ("2024.03.05.", "ymd"),
        ("20240305", "ymd"),
        ("05032024", "dmy"),
        ("03052024", "mdy"),
        ("05.03.2024", "dmy"),
        ("5.3.24", "dmy"),
        ("05/03/2024", "dmy"),
        ("03/05/2024", "mdy"),
        ("3/5/24", "mdy"),
        ("24-03-05", "ymd"),
        ("05-MAR-24", "ymd"),
        ("Mar 5, 2024", "dmy"),
        ("March 5 2024", "dmy"),
        ("5 March 2024", "mdy"),
        ("5. März 2024", "dmy"),
        ("5 mars 2024", "dmy"),
        ("5 de marzo de 2024", "dmy"),
        ("5 marca 2024", "dmy"),
        ("Tue, 5 Mar 2024", "dmy"),
        ("2024 March 5", "dmy"),
        ("2024-03-05 23:59:59", "ymd"),
        ("2024-03-05T23:59:59.123Z", "ymd"),
        ("2024-03-05T23:59:59+02:00", "ymd"),
        ("05.03.2024 10:30", "dmy"),
        ("03/05/2024 10:30:00 PM", "mdy"),
        ('="05.03.2024"', "dmy"),
        (" 05.03.2024 ", "dmy"),
    ],
)
def test_dates_in_many_dresses(cell, order):
    assert read_date(cell, order) == FIFTH_OF_MARCH
    assert date_reader(order)(cell) == FIFTH_OF_MARCH


@pytest.mark.parametrize(
    ("cell", "order", "code"),
    [
        ("", "ymd", "date_missing"),
        ("soon", "ymd", "date_format"),
        ("31.02.2024", "dmy", "date_format"),
        ("13/13/2024", "mdy", "date_format"),
        ("05.03.2024", "ymd", "date_format"),
        ("2024-03", "ymd", "date_format"),
        ("1899-12-31", "ymd", "date_range"),
        ("2201-01-01", "ymd", "date_range"),
        ("12 2024", "dmy", "date_format"),
        ("5 March", "dmy", "date_format"),
        ("1 Jan or 2 Feb 2024", "dmy", "date_format"),
    ],
)
def test_what_is_no_date_says_what_was_expected(cell, order, code):
    with pytest.raises(CellError) as caught:
        read_date(cell, order)
    assert caught.value.code == code
    assert caught.value.expected


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_two_digits_name_the_year_within_a_century(day):
    assert read_date(day.strftime("%d.%m.%y"), "dmy") == day


@given(st.text(alphabet="0123456789./- TZ:JanMärz,", max_size=20))
def test_no_text_brings_the_reader_down(cell):
    try:
        found = read_date(cell, "dmy")
    except CellError:
        return
    assert 1900 <= found.year <= 2200


def test_one_day_beyond_twelve_decides_the_order():
    assert find_order(["01/02/2024", "13/02/2024"], "USD").order == "dmy"
    assert find_order(["01/02/2024", "02/13/2024"], "EUR").order == "mdy"


def test_an_order_that_nothing_decides_is_reported():
    found = find_order(["01/02/2024", "03/04/2024"], "EUR")
    assert found.ambiguous
    assert found.order == "dmy"
    assert find_order(["01/02/2024", "03/04/2024"], "USD").order == "mdy"


def test_dates_that_are_sorted_one_way_only_show_the_order():
    days = [date(2024, 1, 5) + timedelta(days=7 * week) for week in range(12)]
    low = [day for day in days if day.day <= 12]
    cells = [day.strftime("%m/%d/%Y") for day in low]
    assert find_order(cells, "EUR").order == "mdy"
    assert find_order(cells, "EUR").ambiguous


def test_days_equal_to_their_months_are_not_ambiguous():
    found = find_order(["01/01/2024", "02/02/2024"], "EUR")
    assert not found.ambiguous


def test_dates_that_fit_no_order_are_counted():
    assert find_order(["13/02/2024", "14/02/2024", "02/15/2024"], "EUR").unread == 1
