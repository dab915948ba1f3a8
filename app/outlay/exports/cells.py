"""Texts that a spreadsheet must not take for a formula, and what they were before.

A spreadsheet calculates a cell that starts with `=`, `+`, `-`, `@`, a tab or a line break, whoever
wrote it. Such a cell gets an apostrophe in front; so does one that already had apostrophes there,
so that taking one away again always gives the text itself.
Source: the OWASP page on CSV injection.
"""

import re
from typing import Final

_FORMULA: Final = re.compile(r"'*[-=+@\t\r\n]")


def neutral(text: str) -> str:
    """The cell for `text`."""
    return "'" + text if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """The text that `neutral` made this cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
