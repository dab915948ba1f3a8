"""What detection makes of files that no bank is known for, and what it says when unsure."""

import pytest

from imports.reading import errors, read, rows, text_file
from outlay.imports.detect.encoding import Utf8Check, find_encoding
from outlay.imports.detect.marks import find_marks
from outlay.imports.detect.propose import SAMPLE_BYTES, detect


def codes(data, currency="EUR"):
    return [notice.code for notice in detect(data, currency=currency).notices]


def test_a_file_without_header_is_read_by_its_content():
    data = text_file(
        "01/15/2024,GROCER,45.20,,954.80",
        "01/16/2024,PAYCHECK,,1000.00,1954.80",
        "01/17/2024,BOOKS,20.00,,1934.80",
    )
    found = rows(read(data, "USD"))
    assert [(row.amount_minor, row.kind, row.description) for row in found] == [
        (4520, "expense", "GROCER"),
        (100000, "income", "PAYCHECK"),
        (2000, "expense", "BOOKS"),
    ]


def test_the_balance_tells_credit_from_debit_where_no_header_does():
    data = text_file(
        "2024-01-15;GROCER;;45,20;954,80",
        "2024-01-16;PAYCHECK;1000,00;;1954,80",
        "2024-01-17;BOOKS;;20,00;1934,80",
    )
    assert [row.kind for row in rows(read(data))] == ["expense", "income", "expense"]


def test_the_balance_tells_which_sign_is_spending():
    data = text_file(
        "Date,Description,Amount,Balance",
        "2024-01-05,A,10.00,90.00",
        "2024-01-06,B,20.00,70.00",
        "2024-01-07,C,-50.00,120.00",
        "2024-01-08,D,-5.00,125.00",
    )
    found = detect(data, currency="EUR")
    assert found.layout.spending == "positive"
    assert found.confidence["balance"] == 1.0


def test_a_row_missing_from_the_file_shows_in_the_balance():
    data = text_file(
        "Date,Description,Amount,Balance",
        "2024-01-05,A,-10.00,90.00",
        "2024-01-06,B,-20.00,70.00",
        "2024-01-07,C,-5.00,65.00",
        "2024-01-09,D,-5.00,20.00",
        "2024-01-10,E,-5.00,15.00",
        "2024-01-11,F,-5.00,10.00",
    )
    (notice,) = detect(data, currency="EUR").notices
    assert (notice.code, notice.line) == ("balance_breaks", 5)


def test_a_card_that_counts_spending_up_is_known_by_its_payments():
    data = text_file(
        "Date,Description,Amount",
        "01/05/2024,GRILL,64.20",
        "01/06/2024,PAYMENT - THANK YOU,-350.00",
        "01/17/2024,BOOKS,20.00",
    )
    assert detect(data, currency="USD").layout.spending == "positive"
    assert codes(data, "USD") == []


def test_one_word_alone_does_not_turn_the_sign_of_a_whole_file():
    lines = [f"2024-01-{day:02},Shop {day},-{day}.00" for day in range(1, 16)]
    data = text_file("Date,What,Amount", *lines, "2024-01-20,Security deposit flat,-500.00")
    assert detect(data, currency="EUR").layout.spending == "negative"


def test_a_balance_that_counts_debt_is_seen_through():
    data = text_file(
        "Date,Description,Amount,Balance",
        "2024-01-05,GRILL,10.00,110.00",
        "2024-01-06,PAYMENT - THANK YOU,-100.00,10.00",
        "2024-01-07,BOOKS,20.00,30.00",
        "2024-01-08,BREAD,5.00,35.00",
    )
    assert detect(data, currency="USD").layout.spending == "positive"


def test_words_against_the_majority_are_questioned():
    lines = [f"2024-01-{day:02},Gutschrift {day},{day}.00" for day in range(1, 16)]
    data = text_file("Datum,Was,Betrag", *lines, "2024-01-20,Kasse,-5.00")
    found = detect(data, currency="EUR")
    assert found.layout.spending == "negative"
    assert [notice.code for notice in found.notices] == ["sign_guessed"]


def test_amounts_that_are_all_above_zero_are_taken_for_spending_and_questioned():
    data = text_file("Date,What,Amount", "2024-01-05,Tea,3.00", "2024-01-06,Bread,4.00")
    found = detect(data, currency="EUR")
    assert found.layout.spending == "positive"
    assert codes(data) == ["sign_guessed"]


def test_words_beside_unsigned_amounts_give_the_sign():
    data = text_file(
        "Date,Description,Amount,D/C",
        "2024-01-05,Tea,3.00,D",
        "2024-01-06,Pay,400.00,C",
        "2024-01-07,Bread,4.00,D",
    )
    assert [row.kind for row in rows(read(data))] == ["expense", "income", "expense"]


def test_words_beside_signed_amounts_only_confirm_the_sign():
    data = text_file(
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #",
        "DEBIT,01/15/2024,RENT,-900.00,ACH_DEBIT,100.00,",
        "CREDIT,01/14/2024,DEPOSIT,500.00,ACH_CREDIT,1000.00,",
    )
    found = detect(data, currency="USD").layout
    assert (found.spending, found.sign) == ("negative", None)


def test_dates_that_can_be_read_two_ways_are_questioned():
    data = text_file("Date,What,Amount", "01/02/2024,Tea,-3.00", "03/04/2024,Pay,4.00")
    assert "date_order_ambiguous" in codes(data)


def test_one_odd_date_far_down_decides_for_all():
    lines = [f"0{day}/02/2024,Tea,-3.00" for day in range(1, 9)] * 20
    data = text_file("Date,What,Amount", *lines, "25/02/2024,Tea,-3.00")
    assert detect(data, currency="USD").layout.date_order == "dmy"


@pytest.mark.parametrize(
    ("cells", "decimal", "ambiguous"),
    [
        (["1.234", "2.500", "12,50"], ",", False),
        (["1,234", "2,500", "12.50"], ".", False),
        (["1.234.567"], ",", False),
        (["1,234"], ".", True),
        (["1.234"], ",", True),
        (["0.500"], ".", False),
        (["1.234,56"], ",", False),
        (["1'234.50"], ".", False),
    ],
)
def test_the_decimal_mark_is_decided_over_all_amounts(cells, decimal, ambiguous):
    found = find_marks(cells, ",")
    assert (found.decimal, found.ambiguous) == (decimal, ambiguous)


def test_amounts_of_two_minds_are_questioned_and_become_errors():
    data = text_file(
        "Date;What;Amount", "2024-01-05;A;-3,00", "2024-01-06;B;-4,50", "2024-01-07;C;-1.25"
    )
    assert "decimal_mixed" in codes(data)
    (error,) = errors(read(data))
    assert (error.line, error.column, error.code) == (4, "Amount", "amount_format")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Bäcker Café Größe", "cp1252"),
        ("Café \u2013 l\u2019été 3 €", "cp1252"),
        ("Żywność łódź ąęćńś", "cp1250"),
        ("Bäcker für Größe", "cp850"),
        ("Příliš žluťoučký kůň", "cp1250"),
    ],
)
def test_old_encodings_are_told_apart_by_their_letters(text, encoding):
    data = text_file("Date;What;Amount", f"2024-01-05;{text};-3,00", encoding=encoding)
    assert [row.description for row in rows(read(data))] == [text]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    data = text_file("Date,What,Amount", "2024-01-05,Żółć 茶,-3.00", encoding=encoding)
    assert [row.description for row in rows(read(data))] == ["Żółć 茶"]


def test_an_accent_beyond_the_sample_is_known_from_the_whole_file():
    check = Utf8Check()
    for chunk in (b"Date,What,Amount\n", b"2024-01-05,Caf\xe9,-3.00\n"):
        check.feed(chunk)
    assert not check.ok
    assert find_encoding(b"Date,What,Amount\n", whole_is_utf8=check.ok).encoding == "cp1252"
    whole = Utf8Check()
    whole.feed("é".encode()[:1])
    whole.feed("é".encode()[1:], final=True)
    assert whole.ok


def test_only_the_sample_is_read_and_its_last_line_may_be_cut():
    line = b"2024-01-05,Tea and bread,-3.00\n"
    data = b"Date,What,Amount\n" + line * (SAMPLE_BYTES // len(line) + 500)
    found = detect(data[: SAMPLE_BYTES + 5], currency="EUR", complete=False)
    assert found.layout.amount == 2
    assert found.notices == ()


def test_a_file_with_unknown_headers_keeps_them_and_is_read_by_content():
    data = text_file("Kuupäev,Selgitus,Summa", "2024-01-05,Tee,-3.00", "2024-01-06,Palk,9.00")
    found = detect(data, currency="EUR")
    assert found.header == ("Kuupäev", "Selgitus", "Summa")
    assert [row.description for row in rows(read(data))] == ["Tee", "Palk"]


def test_a_file_without_dates_or_amounts_asks_for_them():
    assert set(codes(text_file("a,b", "x,y", "z,w"))) >= {"no_date", "no_amount"}


def test_backslashes_may_escape_quotes():
    lines = [f'2024-01-0{day},"a \\"good\\", cup",-3.00' for day in range(1, 6)]
    found = rows(read(text_file("Date,What,Amount", *lines)))
    assert {row.description for row in found} == {'a "good", cup'}


def test_apostrophes_may_quote():
    lines = [f"'2024-01-0{day}','tea, hot','-3.00'" for day in range(1, 6)]
    found = rows(read(text_file("'Date','What','Amount'", *lines)))
    assert {row.description for row in found} == {"tea, hot"}


def test_the_header_names_the_currency():
    data = text_file("Date;What;Amount (USD)", "2024-01-05;Tea;-3,00", "2024-01-06;Pay;5,00")
    assert detect(data, currency="EUR").layout.currency == "USD"


def test_the_preview_shows_preamble_header_and_rows(bank_file):
    found = detect(bank_file("ing_diba.csv"), currency="EUR")
    assert found.preamble[0].startswith("Umsatzanzeige")
    assert len(found.preamble) == 14
    assert found.rows[0][2] == "Möbelhaus Süd"
