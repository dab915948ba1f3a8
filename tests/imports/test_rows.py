"""What becomes of single rows: totals, zeros, transfers, fees, currencies, tags, references."""

import msgspec
import pytest

from imports.reading import errors, rows, skipped, text_file
from outlay.imports.layout import Layout
from outlay.imports.parse import parse_chunks, parse_file, parse_stream

LAYOUT = Layout(width=3, date=0, description=(1,), amount=2)


def parse(*lines, **fields):
    layout = msgspec.structs.replace(LAYOUT, **fields)
    return list(parse_chunks(layout, [text_file(*lines)]))


def test_an_amount_of_zero_is_skipped():
    assert [s.code for s in skipped(parse("2024-01-05,Card check,0.00"))] == ["zero"]


def test_blank_rows_say_nothing():
    assert parse("", ",,", "2024-01-05,Tea,-1.00", " , , ") == parse("", "", "2024-01-05,Tea,-1.00")


@pytest.mark.parametrize(
    "line", ["Total,,-12.00", "Saldo final;,,5.00", ",Closing balance,5.00", "Kontostand,31.12.,5"]
)
def test_totals_and_balances_are_skipped_and_said(line):
    assert [s.code for s in skipped(parse("2024-01-05,Tea,-1.00", line))] == ["summary"]


def test_a_row_that_only_looks_odd_is_an_error_and_not_dropped():
    (error,) = errors(parse("Tuesday,Tea,-1.00"))
    assert (error.line, error.column, error.code) == (1, "column 1", "date_format")


def test_money_between_own_accounts_is_skipped_and_said():
    outcomes = parse("2024-01-05,x,5.00,NEUTRAL", "2024-01-05,y,5.00,OUT", width=4, sign=3)
    assert [s.code for s in skipped(outcomes)] == ["own_transfer"]
    assert [row.kind for row in rows(outcomes)] == ["expense"]


def test_a_direction_that_nobody_knows_is_an_error():
    (error,) = errors(parse("2024-01-05,x,5.00,sideways", width=4, sign=3))
    assert (error.column, error.code) == ("column 4", "sign")


def test_money_out_and_in_at_once_is_an_error():
    fields = {"width": 4, "amount": None, "debit": 2, "credit": 3}
    (error,) = errors(parse("2024-01-05,x,5.00,6.00", **fields))
    assert error.code == "amount_twice"
    assert [row.kind for row in rows(parse("2024-01-05,x,5.00,0.00", **fields))] == ["expense"]


def test_a_refund_in_the_debit_column_is_income():
    fields = {"width": 4, "amount": None, "debit": 2, "credit": 3}
    assert [row.kind for row in rows(parse("2024-01-05,x,-5.00,", **fields))] == ["income"]


def test_each_row_may_have_its_own_currency():
    outcomes = parse(
        "2024-01-05,x,-5.00,USD",
        "2024-01-05,y,-500,JPY",
        "2024-01-05,z,-5.00,",
        "2024-01-05,w,-5.50,JPY",
        "2024-01-05,v,-5.00,doubloons",
        width=4,
        currency_column=3,
    )
    assert [(row.amount_minor, row.currency) for row in rows(outcomes)] == [
        (500, "USD"),
        (500, "JPY"),
        (500, "EUR"),
    ]
    assert [(e.line, e.column, e.code) for e in errors(outcomes)] == [
        (4, "column 3", "amount_decimals"),
        (5, "column 4", "currency"),
    ]


def test_a_fee_is_taken_off():
    outcomes = parse(
        "2024-01-05,x,-100.00,2.00",
        "2024-01-05,y,100.00,2.00",
        "2024-01-05,z,1.00,",
        width=4,
        fee=3,
    )
    assert [(row.amount_minor, row.kind) for row in rows(outcomes)] == [
        (10200, "expense"),
        (9800, "income"),
        (100, "income"),
    ]


def test_tags_are_split_and_kept_once():
    outcomes = parse('2024-01-05,x,-1.00,"#trip, food; trip #spain"', width=4, tags=3)
    assert rows(outcomes)[0].tags == ("trip", "food", "spain")


def test_references_that_say_nothing_are_left_out():
    outcomes = parse(
        "2024-01-05,x,-1.00,NOTPROVIDED", "2024-01-05,x,-1.00,'A-12'", width=4, reference=3
    )
    assert [row.reference for row in rows(outcomes)] == ["", "A-12"]


def test_texts_that_repeat_one_another_are_joined_once():
    outcomes = parse(
        "2024-01-05,REWE,-1.00,REWE SAGT DANKE",
        "2024-01-05,Rent,-1.00,May",
        "2024-01-05,,-1.00,Only this",
        width=4,
        payee=1,
        description=(3,),
    )
    assert [row.description for row in rows(outcomes)] == [
        "REWE SAGT DANKE",
        "Rent - May",
        "Only this",
    ]


def test_the_row_as_it_stood_is_kept():
    assert rows(parse("2024-01-05, Tea ,-1.00"))[0].raw == ("2024-01-05", " Tea ", "-1.00")


async def test_a_stream_gives_what_a_file_gives(tmp_path):
    data = text_file(*[f"2024-01-05,Tea {n},-1.00" for n in range(5000)])
    path = tmp_path / "rows.csv"
    path.write_bytes(data)

    async def chunks():
        for at in range(0, len(data), 10_000):
            yield data[at : at + 10_000]

    streamed = [row async for batch in parse_stream(LAYOUT, chunks()) for row in batch]
    with path.open("rb") as file:
        assert streamed == list(parse_file(LAYOUT, file))
    assert len(streamed) == 5000
