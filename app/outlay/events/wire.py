"""What processes tell each other by NOTIFY: words, and as few messages as can be.

`ledger:<id>` changed; `poll`: ask for all; `session:<id>`, `token:<id>`, `user:<id>` and
`member:<ledger>:<user>` lost their rights. A word that a process does not know is passed over, so
that old and new ones run side by side.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple
from uuid import UUID

CHANNEL: Final = "outlay_events"
MOST_BYTES: Final = 7900  # PostgreSQL takes less than 8,000
MOST_LEDGERS: Final = 1000

Kind = Literal["session", "token", "user", "member", "ledger"]
_KINDS: Final[dict[str, tuple[Kind, int]]] = {
    "session": ("session", 1),
    "token": ("token", 1),
    "user": ("user", 1),
    "member": ("member", 2),
    "ledger": ("ledger", 1),
}


class Word(NamedTuple):
    """What happened, and to whom: for a member, the ledger and the user."""

    kind: Kind
    ids: tuple[UUID, ...]

    def __str__(self) -> str:
        return ":".join([self.kind, *map(str, self.ids)])


class Heard(NamedTuple):
    """A message, read."""

    words: list[Word]
    poll: bool


def payloads(revoked: Iterable[Word], ledgers: Sequence[UUID]) -> list[str]:
    """The messages that tell this; very many ledgers become a word to ask for all."""
    is_many = len(ledgers) > MOST_LEDGERS
    told = ["poll"] if is_many else [f"ledger:{ledger}" for ledger in ledgers]
    made: list[str] = []
    line = ""
    for word in [*map(str, revoked), *told]:
        if line and len(line) + 1 + len(word) > MOST_BYTES:
            made.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return [*made, line] if line else made


def read(payload: str) -> Heard:
    """What a message says, as far as it is understood."""
    texts = payload.split()
    words = [word for text in texts if (word := _word(text)) is not None]
    return Heard(words, poll="poll" in texts)


def _word(text: str) -> Word | None:
    name, *ids = text.split(":")
    kind, count = _KINDS.get(name, (None, 0))
    if kind is None or len(ids) != count:
        return None
    try:
        return Word(kind, tuple(UUID(each) for each in ids))
    except ValueError:
        return None
