"""What a run tells while it goes: steps and bytes, shown or logged by somebody else."""

from typing import Protocol


class Progress(Protocol):
    """`begin` a step of so many units (None: unknown), then `advance` by some of them."""

    def begin(self, text: str, total: int | None, *, unit: str = "bytes") -> None: ...

    def advance(self, amount: int) -> None: ...

    def note(self, text: str) -> None: ...


class Quiet:
    """Tells nobody; keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def begin(self, text: str, total: int | None, *, unit: str = "bytes") -> None:
        """Not shown."""

    def advance(self, amount: int) -> None:
        """Not shown."""

    def note(self, text: str) -> None:
        self.notes.append(text)
