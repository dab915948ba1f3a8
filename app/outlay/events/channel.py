"""The recent change sets of one ledger, encoded once and shared by every connection."""

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from outlay.events.stream import Stream

MOST_FRAMES: Final = 256
MOST_BYTES: Final = 4 << 20
KEPT_SECONDS: Final = 60.0


class Frame(NamedTuple):
    """One change set on the wire: the event's lines, then its id for a stream of this ledger."""

    seq: int
    body: bytes
    tail: bytes


class Channel:
    """One ledger that somebody listens to here.

    Every change set after `base` up to `seq` is in memory; who is further behind than `base` was
    too slow, or reads the database. So a connection costs a number, not a queue.
    """

    __slots__ = ("_bytes", "_frames", "base", "ledger", "seq", "streams")

    def __init__(self, ledger: UUID, seq: int) -> None:
        self.ledger = ledger
        self.seq = seq
        self.base = seq
        self.streams: set[Stream] = set()
        self._frames: deque[tuple[float, Frame]] = deque()
        self._bytes = 0

    def publish(self, frames: Iterable[Frame], now: float) -> int:
        """Take in what happened and wake everybody; returns how many that are."""
        for frame in frames:
            if frame.seq > self.seq:
                self._frames.append((now, frame))
                self._bytes += len(frame.body)
                self.seq = frame.seq
        while len(self._frames) > MOST_FRAMES or self._bytes > MOST_BYTES:
            self._forget()
        for stream in self.streams:
            stream.awake()
        return len(self.streams)

    def after(self, position: int) -> list[Frame] | None:
        """The change sets after `position`; None when some are no longer in memory."""
        if position < self.base:
            return None
        found: list[Frame] = []
        for _, frame in reversed(self._frames):
            if frame.seq <= position:
                break
            found.append(frame)
        found.reverse()
        return found

    def tidy(self, now: float) -> None:
        """Forget what nobody who keeps up can still want."""
        while self._frames and self._frames[0][0] < now - KEPT_SECONDS:
            self._forget()

    def restart(self, seq: int) -> None:
        """Begin again at `seq`: the numbers before mean nothing any more."""
        self._frames.clear()
        self._bytes = 0
        self.seq = self.base = seq

    def _forget(self) -> None:
        _, frame = self._frames.popleft()
        self._bytes -= len(frame.body)
        self.base = frame.seq
