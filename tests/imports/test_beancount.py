"""Ten years of a household, as beancount's example generator tells them."""

import pytest

from imports.beancount_csv import write_example_csv
from imports.reading import errors, rows
from outlay.imports.detect.propose import SAMPLE_BYTES, detect
from outlay.imports.duplicates import Candidate, Known, find_duplicates
from outlay.imports.fingerprint import row_fingerprint, row_reference
from outlay.imports.parse import parse_file


@pytest.fixture(scope="module")
def decade(tmp_path_factory):
    path = tmp_path_factory.mktemp("beancount") / "household.csv"
    example = write_example_csv(path)
    with path.open("rb") as file:
        found = detect(file.read(SAMPLE_BYTES), currency="EUR", complete=False)
        file.seek(0)
        return example, found, list(parse_file(found.layout, file))


def test_a_decade_is_read_to_the_cent(decade):
    example, found, outcomes = decade
    read = rows(outcomes)
    assert errors(outcomes) == []
    assert found.notices == ()
    assert len(read) == example.rows > 2000
    assert sum(r.amount_minor for r in read if r.kind == "expense") == example.spent
    assert sum(r.amount_minor for r in read if r.kind == "income") == example.received
    assert {r.currency for r in read} == {"USD"}
    assert (read[-1].date.year - read[0].date.year) == 9


def test_categories_accounts_and_tags_of_a_decade_come_along(decade):
    read = rows(decade[2])
    assert {r.account_name for r in read} == {"Checking", "Card"}
    assert {"Restaurant", "Groceries", "Rent", "Salary"} <= {r.category_name for r in read}
    assert any(tag.startswith("trip-") for r in read for tag in r.tags)


def test_a_decade_read_again_is_all_duplicates(decade):
    read = rows(decade[2])
    candidates = [Candidate(row_fingerprint(r), row_reference(r), r.account_name) for r in read]
    known = [
        Known(number, c.content, r.date, r.description, c.reference, c.account)
        for number, (c, r) in enumerate(zip(candidates, read, strict=True))
    ]
    assert find_duplicates(candidates, []) == [None] * len(read)
    assert all(find_duplicates(candidates, known))
    added = [d for d in find_duplicates(candidates, known[100:]) if d is None]
    assert len(added) == 100
