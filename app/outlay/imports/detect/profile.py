"""What stands in each column of the sample."""

from collections.abc import Sequence

import msgspec

from outlay.imports.dates import looks_like_date
from outlay.imports.numbers import looks_like_number, split_marks
from outlay.imports.text import fold
from outlay.imports.words import BOOKED, DIRECTIONS, NOT_BOOKED
from outlay.money.currencies import EXPONENTS


class Profile(msgspec.Struct, frozen=True):
    """Shares (0 to 1) of the cells that are not blank; `filled` is the share of those."""

    filled: float
    dates: float
    numbers: float
    codes: float
    directions: float
    states: float
    signed: float
    decimals: float
    distinct: float
    kinds: int
    length: float

    @property
    def is_date(self) -> bool:
        return self.filled > 0 and self.dates >= 0.8

    @property
    def is_number(self) -> bool:
        return self.numbers >= 0.8

    @property
    def is_text(self) -> bool:
        return self.filled > 0 and not self.is_date and not self.is_number and self.kinds > 0


def profile_columns(rows: Sequence[Sequence[str]], width: int) -> list[Profile]:
    return [_profile([row[at].strip() for row in rows if at < len(row)]) for at in range(width)]


def _profile(cells: list[str]) -> Profile:
    filled = [cell for cell in cells if cell]
    unique = set(filled)
    marks = [m for cell in filled if (m := split_marks(cell))]

    def share(found: int) -> float:
        return found / len(filled) if filled else 0.0

    def counted(known: frozenset[str] | dict[str, object]) -> float:
        return share(sum(fold(cell) in known for cell in filled if len(cell) <= 40))

    dates = {cell for cell in unique if looks_like_date(cell)}
    return Profile(
        filled=len(filled) / len(cells) if cells else 0.0,
        dates=share(sum(cell in dates for cell in filled)),
        numbers=share(sum(looks_like_number(cell) and cell not in dates for cell in filled)),
        codes=share(sum(cell.upper() in EXPONENTS or cell in "€£$" for cell in filled)),
        directions=counted(dict.fromkeys(DIRECTIONS)),
        states=counted(BOOKED | NOT_BOOKED),
        signed=share(sum(bool(m.signs) for m in marks)),
        decimals=share(sum("." in m.core or "," in m.core for m in marks)),
        distinct=share(len(unique)),
        kinds=len(unique),
        length=sum(map(len, filled)) / len(filled) if filled else 0.0,
    )
