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

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

import msgspec

RowId = TypeVar("RowId")
Key: TypeAlias = tuple[object, ...]


class Keyed(Protocol):
    """What rows are compared by, on either side."""

    @property
    def content(self) -> bytes: ...
    @property
    def reference(self) -> bytes | None: ...
    @property
    def account(self) -> str | None: ...


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
    found: list[Duplicate[RowId] | None] = [None] * len(rows)
    free = sorted(known, key=_rank)
    waiting = sorted(range(len(rows)), key=lambda at: _rank(rows[at])) if free else []
    for step in _STEPS:
        places = _places(free, step.known)
        for at in waiting:
            key = step.row(rows[at])
            if key is not None and (there := places.get(key)):
                found[at] = _duplicate(rows[at], there.popleft())
        waiting = [at for at in waiting if found[at] is None]
        if not waiting:
            break
        free = [row for left in places.values() for row in left] + [
            row for row in free if step.known(row) is None
        ]
        free.sort(key=_rank)
    return found


def _rank(row: Keyed) -> tuple[bytes, bytes, str]:
    """Bring rows into one order, whatever order they came in; equal rows keep theirs."""
    return row.content, row.reference or b"", row.account or ""


def _places(
    free: Iterable[Known[RowId]], key_of: Callable[[Keyed], Key | None]
) -> dict[Key, deque[Known[RowId]]]:
    places: defaultdict[Key, deque[Known[RowId]]] = defaultdict(deque)
    for row in free:
        key = key_of(row)
        if key is not None:
            places[key].append(row)
    return places


def _duplicate(row: Candidate, of: Known[RowId]) -> Duplicate[RowId]:
    same = row.reference is not None and row.reference == of.reference
    return Duplicate(of, "reference" if same else "content")


class _Step(NamedTuple):
    """Two rows meet where their keys are equal; None keeps a row out of the step."""

    row: Callable[[Keyed], Key | None]
    known: Callable[[Keyed], Key | None]


def _if(condition: bool, *key: object) -> Key | None:
    """Return `key` where the condition holds."""
    return key if condition else None


# The closest pairs first: all equal; the bank's reference; content where one side has no
# reference. Within each, the same account comes before an account that one side lacks.
_STEPS = (
    _Step(
        lambda r: (r.content, r.reference, r.account),
        lambda k: (k.content, k.reference, k.account),
    ),
    _Step(
        lambda r: _if(r.reference is not None, r.reference, r.account),
        lambda k: _if(k.reference is not None, k.reference, k.account),
    ),
    _Step(
        lambda r: _if(r.reference is not None and r.account is None, r.reference),
        lambda k: _if(k.reference is not None, k.reference),
    ),
    _Step(
        lambda r: _if(r.reference is not None, r.reference),
        lambda k: _if(k.reference is not None and k.account is None, k.reference),
    ),
    _Step(
        lambda r: (r.content, r.account),
        lambda k: _if(k.reference is None, k.content, k.account),
    ),
    _Step(
        lambda r: _if(r.account is None, r.content),
        lambda k: _if(k.reference is None, k.content),
    ),
    _Step(
        lambda r: (r.content,),
        lambda k: _if(k.reference is None and k.account is None, k.content),
    ),
    _Step(
        lambda r: _if(r.reference is None, r.content, r.account),
        lambda k: (k.content, k.account),
    ),
    _Step(
        lambda r: _if(r.reference is None and r.account is None, r.content),
        lambda k: (k.content,),
    ),
    _Step(
        lambda r: _if(r.reference is None, r.content),
        lambda k: _if(k.account is None, k.content),
    ),
)
