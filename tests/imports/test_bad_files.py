"""Uploads that are no good: each says what is wrong and where, and costs only its own rows."""

import gzip
import io
import zipfile

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading import errors, read, rows, text_file
from outlay.imports.detect.propose import detect
from outlay.imports.layout import Layout, mistakes
from outlay.imports.model import FileRefused, Limits
from outlay.imports.parse import parse_chunks

HEADER = "Date,What,Amount"
LAYOUT = Layout(header=("Date", "What", "Amount"), width=3, date=0, description=(1,), amount=2)


def parse(data, limits=None):
    return list(parse_chunks(LAYOUT, [data], limits))


def workbook():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n \r\n", "empty"),
        (workbook(), "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "workbook"),
        (gzip.compress(b"Date,What,Amount\n", mtime=0), "compressed"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "html"),
        (b"\xef\xbb\xbf  <html><body>Sign in", "html"),
        (b"<?xml version='1.0'?><Document/>", "xml"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "ofx"),
        (b"!Type:Bank\nD01/02/2024\n", "qif"),
        (b":20:STARTUMS\n:25:1/2\n", "mt940"),
        (b'{"rows": []}', "json"),
        (bytes(range(256)) * 10, "binary"),
        (b"Date,What,Amount\n", "no_rows"),
        (b"Date,What,Amount", "no_rows"),
        (b"just\nsome\nlines\n", "one_column"),
        (b"2024-01-05\n2024-01-06\n", "one_column"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_with_a_sentence(data, code):
    with pytest.raises(FileRefused) as caught:
        detect(data, currency="EUR")
    assert caught.value.code == code
    assert caught.value.status == 422
    assert len(caught.value.detail) > 15


def test_a_quote_without_end_costs_one_row():
    data = text_file(
        HEADER,
        "2024-01-05,Tea,-1.00",
        '2024-01-06,"Bread,-2.00',
        '2024-01-07,"Milk, cold",-3.00',
        "2024-01-08,Rice,-4.00",
    )
    (error,) = errors(parse(data))
    assert (error.line, error.code) == (3, "quotes")
    assert [row.line for row in rows(parse(data))] == [2, 4, 5]


def test_a_quote_that_never_ends_does_not_swallow_the_rest():
    lines = [f"2024-01-05,Tea {number},-1.00" for number in range(3000)]
    data = text_file(HEADER, '2024-01-05,"Bread,-2.00', *lines)
    outcomes = parse(data)
    assert len(rows(outcomes)) == 3000
    assert [(error.line, error.code) for error in errors(outcomes)] == [(2, "quotes")]


def test_quotes_inside_a_cell_are_only_letters():
    data = text_file(HEADER, '2024-01-05,5" pipe,-1.00', '2024-01-06,"the "big" one",-1.00')
    found = rows(parse(data))
    assert [row.line for row in found] == [2, 3]
    assert found[0].description == '5" pipe'


def test_a_cell_may_hold_line_ends():
    data = text_file(HEADER, '2024-01-05,"Tea', "and", 'bread",-1.00', "2024-01-06,Rice,-2.00")
    found = rows(parse(data))
    assert [(row.line, row.description) for row in found] == [(2, "Tea and bread"), (5, "Rice")]


def test_more_broken_quotes_than_bearable_refuse_the_file():
    data = text_file(HEADER, *['2024-01-05,"Bread,-2.00'] * 50)
    with pytest.raises(FileRefused) as caught:
        parse(data, Limits(broken_quotes=10))
    assert caught.value.code == "quotes"


def test_rows_with_too_few_or_too_many_cells_are_errors():
    data = text_file(
        HEADER,
        "2024-01-05,Tea",
        "2024-01-06,Tea,-1.00,more",
        "2024-01-07,Tea,-1.00,,",
        "2024-01-08,Tea,-1.00",
    )
    outcomes = parse(data)
    assert [(error.line, error.code) for error in errors(outcomes)] == [
        (2, "columns"),
        (3, "columns"),
    ]
    assert [row.line for row in rows(outcomes)] == [4, 5]


def test_a_file_cut_off_in_its_last_row_says_so():
    data = b"Date,What,Amount,Memo\n2024-01-05,Tea,-1.00,x\n2024-01-06,Bread,-12.5"
    (error,) = errors(read(data))
    assert (error.line, error.code) == (3, "cut_off")


def test_a_stray_latin_byte_in_utf8_costs_one_row():
    data = (
        "Date,What,Amount\n2024-01-05,Café für zwei,-1.00\n".encode()
        + b"2024-01-06,Caf\xe9,-2.00\n"
        + "2024-01-07,Brötchen,-3.00\n".encode()
    )
    found = detect(data, currency="EUR")
    assert found.layout.encoding == "utf-8"
    assert [(n.code, n.line) for n in found.notices if n.code == "mixed_encoding"] == [
        ("mixed_encoding", 3)
    ]
    outcomes = read(data)
    assert [(error.line, error.code) for error in errors(outcomes)] == [(3, "encoding")]
    assert [row.line for row in rows(outcomes)] == [2, 4]


def test_nul_characters_cost_their_row():
    data = text_file(HEADER, "2024-01-05,Tea,-1.00", "2024-01-06,T\x00ea,-2.00")
    (error,) = errors(parse(data))
    assert (error.line, error.code) == (3, "binary")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "shift_jis", "gb18030"])
def test_bytes_that_no_encoding_explains_never_bring_the_parser_down(encoding):
    layout = msgspec.structs.replace(LAYOUT, encoding=encoding)
    data = text_file(HEADER, "2024-01-05,Tea,-1.00").decode().encode(encoding)
    junk = b"2024-01-06,\x81\xff\xfe\xd8,-2.00\n\x81"
    assert rows(parse_chunks(layout, [data, junk]))


def test_a_line_without_end_costs_one_row_and_little_memory():
    limits = Limits(record_chars=1000)
    data = text_file(HEADER, "2024-01-05," + "x" * 300_000 + ",-1.00", "2024-01-06,Tea,-2.00")
    outcomes = parse(data, limits)
    assert [(error.line, error.code) for error in errors(outcomes)] == [(2, "line_length")]
    assert [row.line for row in rows(outcomes)] == [3]


def test_the_number_of_rows_and_bytes_is_bounded():
    data = text_file(HEADER, *["2024-01-05,Tea,-1.00"] * 20)
    with pytest.raises(FileRefused) as caught:
        parse(data, Limits(rows=10))
    assert caught.value.code == "too_many_rows"
    with pytest.raises(FileRefused) as caught:
        parse(data, Limits(file_bytes=100))
    assert caught.value.code == "too_large"


def test_another_header_than_the_layouts_is_refused():
    with pytest.raises(FileRefused) as caught:
        parse(text_file("Date,Amount,What", "2024-01-05,-1.00,Tea"))
    assert caught.value.code == "header"
    with pytest.raises(FileRefused):
        parse(b"")


def test_a_layout_with_mistakes_is_refused():
    with pytest.raises(FileRefused) as caught:
        list(parse_chunks(Layout(width=3), [b""]))
    assert caught.value.code == "layout"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("2024-02-30,Tea,-1.00", "Date", "date_format"),
        ("1850-02-03,Tea,-1.00", "Date", "date_range"),
        (",Tea,-1.00", "Date", "date_missing"),
        ("2024-01-05,Tea,-1.005", "Amount", "amount_decimals"),
        ("2024-01-05,Tea,1e5", "Amount", "amount_format"),
        ("2024-01-05,Tea,NaN", "Amount", "amount_format"),
        ("2024-01-05,Tea,99999999999999999.00", "Amount", "amount_range"),
        ("2024-01-05,Tea,", "Amount", "amount_missing"),
        ("2024-01-05,Tea,-1.00 XXX", "Amount", "amount_format"),
        (f"2024-01-05,{'x' * 11_000},-1.00", "", "text_length"),
    ],
)
def test_a_bad_cell_is_named_with_line_and_column(row, column, code):
    (error,) = errors(parse(text_file(HEADER, "2024-01-01,Rice,-1.00", row)))
    assert (error.line, error.column, error.code) == (3, column, code)
    assert error.expected
    assert error.message


def test_control_characters_are_taken_out_of_texts():
    (row,) = rows(parse(text_file(HEADER, "2024-01-05,Te\x07a\x1b[0m\u0085,-1.00")))
    assert row.description == "Tea[0m"


def test_a_long_description_moves_to_the_note_as_a_whole():
    text = "Tea and bread " * 60
    (row,) = rows(parse(text_file(HEADER, f"2024-01-05,{text},-1.00")))
    assert len(row.description) == 500
    assert row.note == text.strip()


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=150)
def test_no_bytes_bring_detection_down(junk):
    data = b"Date,What,Amount\n2024-01-05,Tea,-1.00\n" + junk
    try:
        found = detect(data, currency="EUR")
    except FileRefused:
        return
    if not mistakes(found.layout):
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert len(list(parse_chunks(found.layout, [data]))) <= lines


def test_a_cell_beyond_all_measure_does_not_bring_detection_down():
    huge = "2024-01-05," + "x" * 200_000 + ",-1.00"
    found = detect(text_file(HEADER, huge, "2024-01-06,Tea,-2.00"), currency="EUR")
    assert found.layout.amount == 2
    with pytest.raises(FileRefused) as caught:
        detect(b"x" * 200_000, currency="EUR")
    assert caught.value.code == "line_length"
