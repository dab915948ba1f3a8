"""Whatever the seed, the day and the currency: a household that could be, in rows that can be kept."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlay.demo.model import Household
from outlay.demo.rules import MONTHS, first_day, household
from outlay.ledgers.defaults import GROUPS
from outlay.money.currencies import EXPONENTS
from outlay.money.rules import MAX_MINOR

SEEDS = st.integers(0, 10**6)
ENDS = st.dates(dt.date(1902, 1, 1), dt.date(2200, 12, 31))
CURRENCIES = st.sampled_from(sorted(EXPONENTS))
LAWS = settings(max_examples=60, deadline=None, derandomize=True)
TODAY = dt.date(2026, 10, 17)
CATEGORIES = {name: group.kind for group in GROUPS for name, _ in group.children}


@given(seed=SEEDS, end=ENDS, currency=CURRENCIES)
@LAWS
def test_every_row_can_be_kept(seed: int, end: dt.date, currency: str) -> None:
    made = household(seed, end, currency)
    currencies = {account.key: account.currency for account in made.accounts}
    assert 1400 < len(made.rows) < 2200
    for row in made.rows:
        assert first_day(end) <= row.date <= end
        assert 1 <= row.amount <= MAX_MINOR
        assert row.currency == currencies[row.account]
        assert row.description == row.description.strip() != ""
        assert set(row.tags) <= set(made.tags)
        if row.kind == "transfer":
            assert row.to_account not in {None, row.account}
            assert row.to_currency == currencies[row.to_account]
            assert 1 <= row.to_amount <= MAX_MINOR
            assert row.category is None
        else:
            assert row.to_account is row.to_amount is row.to_currency is None
            assert (
                row.category is None
                or row.refund_of is not None
                or CATEGORIES[row.category] == row.kind
            )


@given(seed=SEEDS, end=ENDS, currency=CURRENCIES)
@LAWS
def test_refunds_give_back_part_of_what_was_paid_before(
    seed: int, end: dt.date, currency: str
) -> None:
    made = household(seed, end, currency)
    refunds = [row for row in made.rows if row.refund_of is not None]
    assert len({row.refund_of for row in refunds}) == len(refunds) >= 3
    for row in refunds:
        paid = made.rows[row.refund_of]
        assert (row.kind, paid.kind, paid.refund_of) == ("income", "expense", None)
        assert (row.category, row.currency) == (paid.category, paid.currency)
        assert row.date > paid.date
        assert row.amount <= paid.amount


@given(seed=SEEDS, end=ENDS, currency=CURRENCIES)
@LAWS
def test_no_account_is_ever_overdrawn(seed: int, end: dt.date, currency: str) -> None:
    made = household(seed, end, currency)
    balances = {account.key: account.opening_balance for account in made.accounts}
    for row in made.rows:
        balances[row.account] += row.amount if row.kind == "income" else -row.amount
        if row.to_account is not None:
            balances[row.to_account] += row.to_amount
        assert min(balances.values()) >= 0, row


@given(seed=SEEDS, end=ENDS)
@LAWS
def test_parts_of_a_purchase_share_its_day(seed: int, end: dt.date) -> None:
    parts = defaultdict(list)
    for row in household(seed, end, "EUR").rows:
        if row.purchase:
            parts[row.purchase].append(row)
    assert len(parts) >= 7
    for rows in parts.values():
        assert len({row.category for row in rows}) == len(rows) == 3
        assert len({(row.date, row.account, row.description) for row in rows}) == 1


@given(seed=SEEDS, end=ENDS)
@LAWS
def test_every_month_has_its_own_sum_and_the_last_one_goes_up_to_today(
    seed: int, end: dt.date
) -> None:
    made = household(seed, end, "EUR")
    spent: Counter[tuple[int, int]] = Counter()
    for row in made.rows:
        if row.kind == "expense" and row.currency == "EUR":
            spent[row.date.year, row.date.month] += row.amount
    whole = [amount for month, amount in spent.items() if month != (end.year, end.month)]
    assert len(whole) == MONTHS
    assert len(set(whole)) > MONTHS - 3
    assert min(whole) > 1800_00
    assert max(whole) > min(whole) * 5 // 4
    assert made.rows[-1].date == end


def test_the_same_question_has_the_same_answer() -> None:
    assert household(1, TODAY, "EUR") == household(1, TODAY, "EUR")
    assert household(1, TODAY, "EUR").rows != household(2, TODAY, "EUR").rows


def test_a_later_end_keeps_what_was_bought_on_which_day() -> None:
    def bought(made: Household) -> set[tuple[dt.date, str]]:
        return {(row.date, row.description) for row in made.rows if row.date < TODAY}

    assert bought(household(1, TODAY, "EUR")) == bought(
        household(1, TODAY + dt.timedelta(9), "EUR")
    )


@pytest.mark.parametrize(
    ("currency", "coffee", "rent"),
    [("EUR", (220, 700), (112_000, 121_000)), ("JPY", (350, 1200), (179_000, 193_000)),
     ("KWD", (660, 2100), (336_000, 363_000)), ("IDR", (3_900_000, 12_600_000), (2e9, 2.2e9))],
)  # fmt: skip
def test_prices_are_those_of_the_currency_in_its_own_minor_units(
    currency: str, coffee: tuple[int, int], rent: tuple[int, int]
) -> None:
    rows = household(1, TODAY, currency).rows
    for text, (low, high) in (("Coffee at Rossi", coffee), ("Rent", rent)):
        amounts = [row.amount for row in rows if row.description == text]
        assert low <= min(amounts) <= max(amounts) <= high


def test_there_is_something_of_everything() -> None:
    made = household(1, TODAY, "EUR")
    expenses = [row for row in made.rows if row.kind == "expense"]
    assert {row.currency for row in expenses} == {"EUR", "GBP"}
    assert {row.kind for row in made.rows} == {"expense", "income", "transfer"}
    assert {row.date.month for row in expenses if row.currency == "GBP"} == {8}
    assert 20 < sum(row.category is None for row in expenses) < 80
    assert sum(bool(row.note) for row in made.rows) > 40
    assert {"Christmas", "birthday", "car", "for work", "snow"} < set(made.tags)
    used = {row.category for row in made.rows}
    assert len(used & CATEGORIES.keys()) > 30
    heating = [r.amount for r in expenses if r.category == "Electricity and heating"]
    assert max(heating) > 2 * min(heating)
    december = sum(
        row.amount for row in expenses if row.category == "Gifts" and row.date.month == 12
    )
    assert 3 * december > sum(row.amount for row in expenses if row.category == "Gifts")
