"""Large files pass through bounded memory."""

import itertools
import tracemalloc

import pytest

from outlay.imports.layout import Layout
from outlay.imports.model import FileRefused, Limits
from outlay.imports.parse import parse_chunks

LAYOUT = Layout(width=3, date=0, description=(1,), amount=2)
LINE = b"2024-01-05,Tea and bread at the corner,-1.00\n"


def peak(chunks, limits=None):
    """Return outcomes counted and the peak of memory in bytes."""
    tracemalloc.start()
    try:
        count = sum(1 for _ in parse_chunks(LAYOUT, chunks, limits))
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file():
    few, small = peak(itertools.repeat(LINE * 1000, 3))
    many, large = peak(itertools.repeat(LINE * 1000, 30))
    assert many == 10 * few
    assert large < small + 500_000


def test_a_quote_that_stays_open_holds_one_record_only():
    endless = itertools.chain([b'2024-01-05,"'], itertools.repeat(b"x" * 60_000, 300))
    count, most = peak(endless)
    assert count >= 1
    assert most < 8_000_000


def test_an_open_quote_over_many_lines_is_given_up_soon():
    limits = Limits(broken_quotes=100_000, record_lines=20)
    lines = itertools.chain([b'2024-01-05,"\n'], itertools.repeat(b"2024-01-05,Tea,-1.00\n", 5000))
    count, most = peak(lines, limits)
    assert count == 5001
    assert most < 2_000_000


def test_a_quote_on_every_line_ends_in_a_refusal_and_not_in_hours():
    lines = itertools.repeat(b'2024-01-05,"Tea,-1.00\n' * 100, 100)
    with pytest.raises(FileRefused) as caught:
        list(parse_chunks(LAYOUT, lines))
    assert caught.value.code == "quotes"
