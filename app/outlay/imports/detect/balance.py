"""The running balance as a witness: it knows the sign of every amount."""

from collections.abc import Sequence
from typing import NamedTuple

from outlay.imports.layout import Layout
from outlay.imports.model import CellError
from outlay.imports.money import money_reader
from outlay.imports.numbers import amount_reader

_ENOUGH = 2


class Witness(NamedTuple):
    """How many neighbouring rows were compared, and the breaks for each sign of the amounts.

    `agrees` counts neighbours whose balances differ by the amount as read, `opposes` by its
    opposite; `breaks` the lines (places in the rows given) where neither fits.
    """

    compared: int
    agrees: int
    opposes: int
    breaks: tuple[int, ...]

    @property
    def speaks(self) -> bool:
        """Say whether enough neighbours fit one sign to believe it."""
        best = max(self.agrees, self.opposes)
        return best >= _ENOUGH and best >= 0.8 * self.compared and self.agrees != self.opposes

    @property
    def negative_is_spent(self) -> bool:
        return self.agrees > self.opposes


def hear(layout: Layout, rows: Sequence[Sequence[str]]) -> Witness | None:
    """Compare balances with amounts, oldest row first or last; None without both of them."""
    if layout.balance is None:
        return None
    steps = _read(layout, rows)
    up = _compare(steps, newest_first=False)
    down = _compare(steps, newest_first=True)
    return max(up, down, key=lambda w: max(w.agrees, w.opposes))


def _read(layout: Layout, rows: Sequence[Sequence[str]]) -> list[tuple[int, int] | None]:
    money = money_reader(layout)
    balance = amount_reader(layout.decimal, layout.thousands, layout.currency)
    steps: list[tuple[int, int] | None] = []
    for row in rows:
        try:
            steps.append((money(list(row))[0], balance(row[layout.balance or 0])[0]))
        except (CellError, IndexError):
            steps.append(None)
    return steps


def _compare(steps: Sequence[tuple[int, int] | None], *, newest_first: bool) -> Witness:
    agrees = opposes = compared = 0
    breaks: list[int] = []
    for place in range(1, len(steps)):
        older, newer = steps[place - 1], steps[place]
        if older is None or newer is None:
            continue
        if newest_first:
            older, newer = newer, older
        difference = newer[1] - older[1]
        compared += 1
        agrees += difference == newer[0]
        opposes += difference == -newer[0]
        if abs(difference) != abs(newer[0]):
            breaks.append(place)
    return Witness(compared, agrees, opposes, tuple(breaks))
