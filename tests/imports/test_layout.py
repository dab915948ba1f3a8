"""Layouts as people override and save them, and as they fit the next file."""

import msgspec
import pytest

from imports.reading import essence, rows, text_file
from imports.test_banks import BANKS
from outlay.imports.detect.propose import detect
from outlay.imports.fit import fit
from outlay.imports.layout import Layout, mistakes
from outlay.imports.parse import parse_chunks


@pytest.mark.parametrize("name", sorted(BANKS))
def test_a_layout_survives_the_way_through_json(bank_file, name):
    layout = detect(bank_file(name), currency="EUR").layout
    assert msgspec.json.decode(msgspec.json.encode(layout), type=Layout) == layout
    assert mistakes(layout) == []


@pytest.mark.parametrize("name", sorted(BANKS))
def test_a_saved_layout_fits_its_own_file(bank_file, name):
    data = bank_file(name)
    layout = detect(data, currency="EUR").layout
    assert fit(layout, data) == layout


def test_a_longer_preamble_does_no_harm_to_a_saved_layout(bank_file):
    data = bank_file("mbank.csv")
    layout = detect(data, currency="PLN").layout
    longer = b"dalszy wiersz;\n" * 3 + data
    moved = fit(layout, longer)
    assert moved is not None
    assert moved.skip_lines == layout.skip_lines + 3
    assert essence(parse_chunks(moved, [longer])) == essence(parse_chunks(layout, [data]))


def test_columns_are_found_again_by_their_names():
    old = text_file("Date,What,Amount", "2024-01-05,Tea,-3.00", "2024-01-06,Pay,9.00")
    new = text_file("Amount,New,What,Date", "-3.00,x,Tea,2024-01-05", "9.00,x,Pay,2024-01-06")
    layout = detect(old, currency="EUR").layout
    moved = fit(layout, new)
    assert moved is not None
    assert essence(parse_chunks(moved, [new])) == essence(parse_chunks(layout, [old]))


def test_a_layout_does_not_fit_a_file_of_another_bank(bank_file):
    layout = detect(bank_file("n26.csv"), currency="EUR").layout
    assert fit(layout, bank_file("chase_card.csv")) is None
    headless = detect(bank_file("wells_fargo_checking.csv"), currency="USD").layout
    assert fit(headless, bank_file("n26.csv")) is None


def test_unknown_fields_and_values_are_refused():
    for body in (
        b'{"colour": 1}',
        b'{"delimiter": "x"}',
        b'{"date": -1}',
        b'{"encoding": "ebcdic"}',
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(body, type=Layout)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"date": None}, "/date"),
        ({"amount": None}, "/amount"),
        ({"debit": 1}, "/amount"),
        ({"date": 3}, "/date"),
        ({"note": (7,)}, "/note"),
        ({"header": ("a",)}, "/header"),
        ({"thousands": "."}, "/thousands"),
        ({"quote": "'", "thousands": "'"}, "/quote"),
        ({"currency": "EURO"}, "/currency"),
    ],
)
def test_a_mistake_in_a_layout_points_to_its_field(change, pointer):
    layout = Layout(width=3, date=0, amount=2)
    assert mistakes(layout) == []
    assert pointer in [m.pointer for m in mistakes(msgspec.structs.replace(layout, **change))]


def test_a_person_may_overrule_the_sign_and_the_order_of_dates():
    data = text_file("Date,What,Amount", "01/02/2024,Tea,3.00", "03/04/2024,Bread,4.00")
    layout = detect(data, currency="EUR").layout
    turned = msgspec.structs.replace(layout, spending="negative", date_order="mdy")
    found = rows(parse_chunks(turned, [data]))
    assert [row.kind for row in found] == ["income", "income"]
    assert [row.date.isoformat() for row in found] == ["2024-01-02", "2024-03-04"]


def test_a_person_may_teach_the_words_of_a_direction():
    data = text_file("Date,What,Amount,Way", "2024-01-05,Tea,3.00,raus", "2024-01-06,Pay,9.00,rein")
    layout = Layout(
        header=("Date", "What", "Amount", "Way"), width=4, date=0, description=(1,), amount=2,
        sign=3, out_words=("Raus",), in_words=("rein",),
    )  # fmt: skip
    assert [row.kind for row in rows(parse_chunks(layout, [data]))] == ["expense", "income"]
