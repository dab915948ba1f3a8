"""Which rows of a file the ledger has already, counted by occurrence.

The k-th equal row of a file is a duplicate only if the ledger holds at least k equal rows. Rows
are equal when the bank's own reference says so, or else when their content is equal and neither
reference nor account contradicts: a row without one may equal any, two different ones never do.
Each row of the ledger answers for one row of the file, the closest pairs first, so the order of
rows in the file does not matter.

What counts as "in the ledger" (the caller gathers it): rows as they are now; imported rows as
they were when imported, so that renaming a row does not bring it back; and rows in the trash, so
that an import does not bring back what somebody deleted, unless the whole import that brought
them was reverted.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Generic, Literal, TypeVar

import msgspec

RowId = TypeVar("RowId", bound=Hashable)
_Key = tuple[object, ...]
_ANY = object()


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A row of the file: its fingerprint, its reference's key, and its account if it has one."""

    content: bytes
    reference: bytes | None = None
    account: str | None = None


class Known(msgspec.Struct, Generic[RowId], frozen=True):
    """A row of the ledger, with what a person needs to recognise it."""

    id: RowId
    content: bytes
    date: date
    description: str
    reference: bytes | None = None
    account: str | None = None
    trashed: bool = False


class Duplicate(msgspec.Struct, Generic[RowId], frozen=True):
    of: Known[RowId]
    by: Literal["reference", "content"]

    def explain(self) -> str:
        """Return the sentence for the preview: why this row is taken for one already there."""
        row = f"{self.of.date.isoformat()} {self.of.description}".rstrip()
        where = "; that one is in the trash, restore it there" if self.of.trashed else ""
        if self.by == "reference":
            return f"the bank's own reference and the amount are those of {row}{where}"
        return f"same day, amount and description as {row}{where}"


def find_duplicates(
    rows: Sequence[Candidate], known: Iterable[Known[RowId]]
) -> list[Duplicate[RowId] | None]:
    """Return for each row of the file the row of the ledger that it repeats, or None if new."""
    pool = _Pool(known)
    found: list[Duplicate[RowId] | None] = [None] * len(rows)
    waiting = list(range(len(rows)))
    for step in range(_STEPS):
        left: list[int] = []
        for position in waiting:
            found[position] = pool.take(_keys(rows[position])[step])
            if found[position] is None:
                left.append(position)
        waiting = left
    return found


_STEPS = 6


def _keys(row: Candidate) -> tuple[_Key | None, ...]:
    """Return where to look, the closest first; None where a step does not apply."""
    wide = _ANY if row.account is None else None
    by_reference = None if row.reference is None else ("reference", row.reference)
    other = _ANY if row.reference is None else None
    return (
        by_reference and (*by_reference, row.account),
        by_reference and (*by_reference, wide),
        ("content", row.content, None, row.account),
        ("content", row.content, None, wide),
        ("content", row.content, other, row.account),
        ("content", row.content, other, wide),
    )


class _Pool(Generic[RowId]):
    """The ledger's rows that still answer for none, under every key a row of the file may use."""

    def __init__(self, known: Iterable[Known[RowId]]) -> None:
        self._taken: set[int] = set()
        self._rows: list[Known[RowId]] = list(known)
        self._places: defaultdict[_Key, list[int]] = defaultdict(list)
        for number in range(len(self._rows) - 1, -1, -1):
            for key in self._names(self._rows[number]):
                self._places[key].append(number)

    @staticmethod
    def _names(row: Known[RowId]) -> Iterable[_Key]:
        for account in (row.account, _ANY):
            if row.reference is not None:
                yield ("reference", row.reference, account)
            for reference in (row.reference, _ANY):
                yield ("content", row.content, reference, account)

    def take(self, key: _Key | None) -> Duplicate[RowId] | None:
        places = self._places.get(key) if key is not None else None
        while places:
            number = places.pop()
            if number not in self._taken:
                self._taken.add(number)
                by: Literal["reference", "content"] = (
                    "reference" if key and key[0] == "reference" else "content"
                )
                return Duplicate(self._rows[number], by)
        return None
