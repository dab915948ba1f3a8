"""Files in the layouts that banks and cards really export; the data are invented."""

from datetime import date
from typing import NamedTuple

import pytest

from imports.reading import errors, read, rows, skipped
from outlay.imports.detect.propose import detect


class Expected(NamedTuple):
    """Rows and their sums in minor units, the codes of skipped rows, and the outermost rows."""

    ledger: str
    rows: int
    spent: int
    received: int
    skipped: list[str]
    first: tuple[int, date, int, str, str, str]
    last: tuple[int, date, int, str, str, str]


BANKS = {
    "chase_card.csv": Expected(
        "USD", 6, 2347 + 625 + 625 + 275, 41208 + 1899, [],
        (2, date(2024, 3, 14), 2347, "USD", "expense", "BLUE HERON BOOKS"),
        (7, date(2024, 3, 2), 275, "USD", "expense", "CITY TRANSIT"),
    ),
    "bank_of_america_checking.csv": Expected(
        "USD", 4, 143120, 215000, ["summary"],
        (9, date(2024, 5, 3), 125000, "USD", "expense", "RIVERSIDE APARTMENTS DES:RENT ID:0091 WEB"),
        (12, date(2024, 5, 20), 9689, "USD", "expense", "SOUND ELECTRIC DES:BILLPAY ID:55"),
    ),
    "american_express.csv": Expected(
        "USD", 4, 6420 + 128900, 35000 + 1530, [],
        (2, date(2024, 11, 28), 6420, "USD", "expense", "HARBOR GRILL"),
        (9, date(2024, 11, 21), 1530, "USD", "income", "PAPER & PEN CO"),
    ),
    "capital_one_card.csv": Expected(
        "USD", 5, 3185 + 14900 + 1900, 22010 + 4000, [],
        (2, date(2024, 6, 29), 3185, "USD", "expense", "THE LITTLE DINER"),
        (6, date(2024, 6, 19), 1900, "USD", "expense", "FERRY LINE"),
    ),
    "wells_fargo_checking.csv": Expected(
        "USD", 5, 4520 + 6000 + 1200 + 120000, 250000, [],
        (1, date(2024, 2, 28), 4520, "USD", "expense",
         "PURCHASE AUTHORIZED ON 02/27 MARKET STREET GROCERY PORTLAND OR S304058 CARD 1234"),
        (5, date(2024, 2, 1), 120000, "USD", "expense", "ONLINE TRANSFER TO SAVINGS REF #IB0ABC123"),
    ),
    "citi_card.csv": Expected(
        "USD", 3, 999 + 2750, 4500, ["not_booked"],
        (2, date(2024, 1, 13), 999, "USD", "expense", "OAKVIEW PHARMACY"),
        (4, date(2024, 1, 16), 2750, "USD", "expense", "LAKE CINEMA"),
    ),
    "sparkasse_camt.csv": Expected(
        "EUR", 4, 840 + 105000 + 495, 284617, ["not_booked"],
        (2, date(2024, 10, 2), 840, "EUR", "expense",
         "Bäckerei Krümel GmbH - 2024-10-01T17:12 Debitk.1 2027-12"),
        (5, date(2024, 9, 30), 495, "EUR", "expense", "ENTGELTABSCHLUSS"),
    ),
    "ing_diba.csv": Expected(
        "EUR", 4, 34900 + 7100 + 788, 140000, [],
        (16, date(2024, 9, 4), 34900, "EUR", "expense", "Möbelhaus Süd - Bestellung 77120"),
        (19, date(2024, 8, 3), 788, "EUR", "expense", "Café Größenwahn - Kartenzahlung 0308"),
    ),
    "dkb_girokonto.csv": Expected(
        "EUR", 3, 2345 + 110000, 25000, ["not_booked"],
        (6, date(2024, 10, 8), 2345, "EUR", "expense", "Drogerie Frisch - VISA Debitkartenumsatz"),
        (8, date(2024, 10, 1), 110000, "EUR", "expense", "Wohnbau eG - Miete"),
    ),
    "n26.csv": Expected(
        "EUR", 5, 98000 + 420 + 1358, 210000 + 80, [],
        (2, date(2024, 10, 1), 98000, "EUR", "expense", "Wohnbau eG - Miete Oktober"),
        (6, date(2024, 10, 15), 80, "EUR", "income", "Main Account - Round-up"),
    ),
    "revolut.csv": Expected(
        "EUR", 6, 2340 + 120 + 120 + 10200 + 5050, 20000, ["not_booked"],
        (2, date(2024, 9, 1), 20000, "EUR", "income", "Payment from A Example"),
        (8, date(2024, 9, 8), 5050, "EUR", "expense", "Exchanged to USD"),
    ),
    "wise.csv": Expected(
        "EUR", 4, 1250 + 25000 + 320, 70000, [],
        (2, date(2024, 4, 23), 1250, "GBP", "expense",
         "Card transaction of 15.00 EUR issued by Boulangerie Lune PARIS"),
        (5, date(2024, 4, 5), 320, "GBP", "expense",
         "Card transaction of 3.20 GBP issued by Tea Hut LONDON"),
    ),
    "ing_nl.csv": Expected(
        "EUR", 4, 3482 + 370 + 7000, 215000, [],
        (2, date(2024, 9, 12), 3482, "EUR", "expense", "Groenteboer De Kip"),
        (5, date(2024, 9, 3), 7000, "EUR", "expense", "Fietsenmaker"),
    ),
    "bnp_paribas.csv": Expected(
        "EUR", 4, 3210 + 8900 + 105000, 248045, [],
        (3, date(2024, 1, 30), 3210, "EUR", "expense",
         "FACTURE CARTE DU 29/01/24 FROMAGERIE DU PONT PARIS"),
        (6, date(2024, 1, 5), 105000, "EUR", "expense", "PRLV SEPA AGENCE IMMO LOYER"),
    ),
    "societe_generale.csv": Expected(
        "EUR", 5, 320 + 320 + 450 + 1999, 150000, [],
        (4, date(2024, 3, 28), 320, "EUR", "expense", "CARTE X0001 27/03 BOULANGERIE TEST IOPD"),
        (8, date(2024, 3, 5), 1999, "EUR", "expense",
         "PRELEVEMENT EUROPEEN DE: OPÉRATEUR MOBILE"),
    ),
    "credit_agricole.csv": Expected(
        "EUR", 3, 4630 + 2175, 189000, [],
        (11, date(2024, 11, 29), 4630, "EUR", "expense",
         "PAIEMENT PAR CARTE X0001 MARCHÉ BIO LYON 28/11"),
        (17, date(2024, 11, 4), 2175, "EUR", "expense", "PRELEVEMENT ASSURANCE MAISON"),
    ),
    "unicredit.csv": Expected(
        "EUR", 4, 1449 + 746 + 7046, 198000, [],
        (2, date(2024, 8, 27), 198000, "EUR", "income", "BONIFICO DA AZIENDA ESEMPIO SPA STIPENDIO"),
        (5, date(2024, 8, 1), 7046, "EUR", "expense", "PAGAMENTO POS FARMACIA CITTÀ"),
    ),
    "intesa_sanpaolo.csv": Expected(
        "EUR", 4, 4530 + 1299 + 10000, 185000, ["summary"],
        (6, date(2024, 10, 2), 4530, "EUR", "expense", "Libreria Corso Venezia"),
        (9, date(2024, 9, 29), 10000, "EUR", "expense", "Sportello 12"),
    ),
    "santander_es.csv": Expected(
        "EUR", 5, 450 + 6238 + 2940 + 2940, 350000, ["summary"],
        (5, date(2024, 9, 16), 450, "EUR", "expense", "BAR LA PLAZA; TERRAZA"),
        (9, date(2024, 9, 5), 2940, "EUR", "expense", "RECIBO AGUA"),
    ),
    "mbank.csv": Expected(
        "EUR", 4, 1872 + 1400 + 110000, 805000, [],
        (22, date(2024, 9, 28), 1872, "PLN", "expense",
         "SKLEP ŻABKA ZAKUP PRZY UŻYCIU KARTY W KRAJU"),
        (26, date(2024, 9, 2), 110000, "PLN", "expense", "WSPÓLNOTA MIESZKANIOWA PRZELEW"),
    ),
    "ubs.csv": Expected(
        "EUR", 3, 8645 + 130000, 420000, ["summary"],
        (11, date(2024, 3, 25), 420000, "CHF", "income", "Beispiel AG;8000 Zürich"),
        (13, date(2024, 3, 1), 130000, "CHF", "expense", "Dauerauftrag"),
    ),
    "caixa_pt.csv": Expected(
        "EUR", 3, 310 + 1840, 132000, ["summary"],
        (5, date(2024, 8, 30), 310, "EUR", "expense", "COMPRA PADARIA AVÓ"),
        (7, date(2024, 8, 21), 1840, "EUR", "expense", "PAGAMENTO ÁGUA"),
    ),
}  # fmt: skip

banks = pytest.mark.parametrize("name", BANKS)


def outermost(row):
    return (row.line, row.date, row.amount_minor, row.currency, row.kind, row.description)


@banks
def test_every_row_of_a_bank_is_read_without_help(bank_file, name):
    expected, outcomes = BANKS[name], read(bank_file(name), BANKS[name].ledger)
    found = rows(outcomes)
    assert errors(outcomes) == []
    assert len(found) == expected.rows
    assert outermost(found[0]) == expected.first
    assert outermost(found[-1]) == expected.last


@banks
def test_the_sums_of_a_bank_are_those_of_its_file(bank_file, name):
    found = rows(read(bank_file(name), BANKS[name].ledger))
    sums = {
        kind: sum(row.amount_minor for row in found if row.kind == kind)
        for kind in ("expense", "income")
    }
    assert sums == {"expense": BANKS[name].spent, "income": BANKS[name].received}


@banks
def test_what_is_no_booking_is_skipped_and_said(bank_file, name):
    outcomes = read(bank_file(name), BANKS[name].ledger)
    assert [outcome.code for outcome in skipped(outcomes)] == BANKS[name].skipped


@banks
def test_a_bank_needs_no_second_look(bank_file, name):
    found = detect(bank_file(name), currency=BANKS[name].ledger)
    assert found.notices == ()
    assert min(found.confidence.values()) >= 0.5


def test_fees_of_revolut_count_because_the_balance_says_so(bank_file):
    found = detect(bank_file("revolut.csv"), currency="EUR").layout
    assert found.header[found.fee] == "Fee"


def test_the_second_currency_column_belongs_to_the_amount(bank_file):
    found = detect(bank_file("ing_diba.csv"), currency="EUR").layout
    assert found.header[found.currency_column] == "Währung (2)"
    assert found.currency_column == found.amount + 1


def test_the_other_party_is_the_payer_where_money_came_in(bank_file):
    incoming = [row for row in rows(read(bank_file("dkb_girokonto.csv"))) if row.kind == "income"]
    assert [row.description for row in incoming] == ["Familienkasse - Kindergeld 10/2024"]


def test_categories_accounts_tags_notes_and_references_come_along(bank_file):
    card = rows(read(bank_file("american_express.csv"), "USD"))
    assert card[0].note == "HARBOR GRILL\n(206)555-0100\nTIP 10.00"
    assert card[0].reference == "320243330000000001"
    assert card[0].category_name == "Restaurant-Restaurant"
    dutch = rows(read(bank_file("ing_nl.csv")))
    assert dutch[2].tags == ("bank",)
    assert dutch[2].account_name == "NL00INGB0000000001"


def test_two_equal_coffees_are_two_rows(bank_file):
    found = rows(read(bank_file("chase_card.csv"), "USD"))
    assert [row.line for row in found if row.description == "SQ *CORNER BAKERY, LLC"] == [3, 4]
