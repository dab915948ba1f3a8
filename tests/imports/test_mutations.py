"""The same bookings, written another way, are the same rows."""

import csv
import io
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.reading import errors, essence, read, rows
from imports.test_banks import BANKS
from outlay.imports.detect.encoding import find_encoding
from outlay.imports.detect.propose import detect
from outlay.imports.parse import parse_chunks

# Their amounts cannot be written with the other mark, or their texts not with fewer letters.
MARKED = [name for name in BANKS if name not in {"ubs.csv", "bank_of_america_checking.csv"}]


def as_text(data):
    return data.decode(find_encoding(data).encoding).removeprefix("\ufeff")


def rewritten(text, old, new, *, quoting=csv.QUOTE_MINIMAL, end="\n"):
    """Write the records of `text` with another delimiter; blank lines stay."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=new, quoting=quoting, lineterminator=end)
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=old):
        writer.writerow(record)
    return out.getvalue()


@given(
    name=st.sampled_from(sorted(BANKS)),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "same"]),
)
@settings(deadline=None, max_examples=120)
def test_delimiter_quotes_line_ends_and_encoding_do_not_matter(
    bank_file, name, delimiter, end, quoting, encoding
):
    data, ledger = bank_file(name), BANKS[name].ledger
    before = detect(data, currency=ledger).layout
    text = rewritten(as_text(data), before.delimiter, delimiter, quoting=quoting, end=end)
    used = before.encoding if encoding == "same" else encoding
    outcomes = read(text.encode(used), ledger)
    assert errors(outcomes) == []
    assert essence(outcomes) == essence(parse_chunks(before, [data]))


@given(name=st.sampled_from(sorted(MARKED)), delimiter=st.sampled_from([";", "\t"]))
@settings(deadline=None, max_examples=60)
def test_the_decimal_mark_does_not_matter(bank_file, name, delimiter):
    data, ledger = bank_file(name), BANKS[name].ledger
    before = detect(data, currency=ledger).layout
    columns = {before.amount, before.debit, before.credit, before.balance, before.fee}
    swap = str.maketrans(",.", ".,")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    for number, record in enumerate(
        csv.reader(io.StringIO(as_text(data)), delimiter=before.delimiter)
    ):
        in_table = number > 0 or not before.header
        writer.writerow(
            cell.translate(swap) if at in columns and in_table else cell
            for at, cell in enumerate(record)
        )
    after = detect(out.getvalue().encode(), currency=ledger).layout
    assert after.decimal != before.decimal
    assert essence(parse_chunks(after, [out.getvalue().encode()])) == essence(
        parse_chunks(before, [data])
    )


BOOKINGS = st.lists(
    st.tuples(
        st.dates(date(1999, 1, 1), date(2049, 12, 31)),
        st.integers(1, 10**9),
        st.sampled_from(["expense", "income"]),
        st.text("abcdefghijklmnop äöüéñ'&;,.\"-0123456789", max_size=30),
    ),
    min_size=3,
    max_size=40,
)
DATES = {
    "ymd": ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y-%m-%d 08:15:00", "%Y-%m-%dT08:15:00Z"],
    "dmy": ["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%y", "%d %b %Y"],
    "mdy": ["%m/%d/%Y", "%m-%d-%Y", "%b %d, %Y"],
}
HEADERS = [
    ("Date", "Description", "Amount"),
    ("Buchungstag", "Verwendungszweck", "Betrag"),
    ("Date opération", "Libellé", "Montant"),
    ("Fecha operación", "Concepto", "Importe"),
    ("Data operazione", "Descrizione", "Importo"),
    ("Datum", "Omschrijving", "Bedrag"),
    ("Data mov.", "Descrição", "Montante"),
    ("#Data operacji", "#Opis operacji", "#Kwota"),
]


def written(minor, decimal, thousands):
    whole, cents = divmod(abs(minor), 100)
    grouped = f"{whole:,}".replace(",", thousands)
    return f"{'-' if minor < 0 else ''}{grouped}{decimal}{cents:02d}"


@given(
    bookings=BOOKINGS,
    order=st.sampled_from(["ymd", "dmy", "mdy"]),
    choice=st.data(),
)
@settings(deadline=None, max_examples=150)
def test_any_bookings_come_back_as_they_were_once_the_order_of_dates_is_known(
    bookings, order, choice
):
    """Detection may be unsure of the order of dates, and then says so; the rest is certain."""
    style = choice.draw(st.sampled_from(DATES[order]))
    header = choice.draw(st.sampled_from(HEADERS))
    delimiter = choice.draw(st.sampled_from([",", ";", "\t", "|"]))
    decimal, thousands = choice.draw(
        st.sampled_from([(".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", "'")])
    )
    preamble = choice.draw(st.lists(st.sampled_from(["", "Konto 1", "Period: May"]), max_size=4))
    out = io.StringIO()
    out.writelines(f"{line}\n" for line in preamble)
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    for day, minor, kind, text in bookings:
        signed = minor if kind == "income" else -minor
        writer.writerow((day.strftime(style), text, written(signed, decimal, thousands)))
    data = out.getvalue().encode()
    found = detect(data, currency="EUR")
    days = [row.date for row in rows(parse_chunks(found.layout, [data]))]
    asked = any(notice.field == "date_order" for notice in found.notices)
    assert asked or days == [day for day, *_ in bookings]
    layout = with_truth(found.layout, order)
    outcomes = list(parse_chunks(layout, [data]))
    assert errors(outcomes) == []
    assert [(row.date, row.amount_minor, row.kind, row.description) for row in outcomes] == [
        (day, minor, kind, " ".join(text.split())) for day, minor, kind, text in bookings
    ]


def with_truth(layout, order):
    """Set right what three random rows may leave undecided: the order and the sign."""
    return msgspec.structs.replace(layout, date_order=order, spending="negative")


@pytest.mark.parametrize("name", sorted(BANKS))
@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_chunks_may_be_cut_anywhere(bank_file, name, size):
    data = bank_file(name)
    layout = detect(data, currency="EUR").layout
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert list(parse_chunks(layout, chunks)) == list(parse_chunks(layout, [data]))
