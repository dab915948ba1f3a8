import re

from hypothesis import given
from hypothesis import strategies as st

from outlay.exports.cells import neutral, original

TEXTS = st.one_of(st.text(), st.text(alphabet="'=+-@\t\r\na"))


@given(TEXTS)
def test_every_text_comes_back_out_of_its_cell(text: str) -> None:
    assert original(neutral(text)) == text


@given(TEXTS)
def test_no_cell_starts_a_formula(text: str) -> None:
    assert not re.match(r"[-=+@\t\r\n]", neutral(text))
