"""One live connection: where it stands in each ledger, and what to tell it next."""

import asyncio
from typing import Final, Literal
from uuid import UUID

from outlay import metrics
from outlay.events import rules
from outlay.events.channel import Channel, Frame
from outlay.events.model import Credential, Gone, Hello, Reset, ResetReason

End = Literal["disconnected", "signed-out", "nothing-left", "stopping", "stuck", "trouble"]

KEEPALIVE: Final = b": still here\n\n"


class Stream:
    """Positions in one or several ledgers, and a bell that rings when there is news.

    All methods but `news` only note what is to be told, and are safe to call from anywhere in the
    loop. `beat` is the seconds of silence after which a comment is sent; `patience` those after
    which a client that takes nothing is let go.
    """

    def __init__(self, credential: Credential, epoch: str, *, beat: float, patience: float) -> None:
        self.credential = credential
        self.epoch = epoch
        self.positions: dict[UUID, int] = {}
        self.ended: End | None = None
        self.is_cut = False
        self._channels: dict[UUID, Channel] = {}
        self._is_one = True
        self._reset: ResetReason | None = None
        self._gone: list[UUID] = []
        self._bell = asyncio.Event()
        self._beat = beat
        self._patience = patience
        self._is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._task = asyncio.current_task()
        self._sending_since: float | None = None

    @property
    def ledgers(self) -> list[UUID]:
        return list(self._channels)

    def join(self, channels: list[Channel], start: rules.Start) -> None:
        """Begin to listen; what happens from here on is not missed."""
        self._is_one = len(channels) == 1
        self._channels = {channel.ledger: channel for channel in channels}
        self.positions = {channel.ledger: start.positions[channel.ledger] for channel in channels}
        self._reset = start.reset
        for channel in channels:
            channel.streams.add(self)
        self._schedule()

    def part(self) -> None:
        """Listen no more."""
        for channel in self._channels.values():
            channel.streams.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    def awake(self) -> None:
        self._bell.set()

    def end(self, why: End) -> None:
        """Let the connection end; only the first reason counts."""
        self.ended = self.ended or why
        self._bell.set()

    def cut(self) -> None:
        """End a connection that does not take what it is sent."""
        self.is_cut = True
        self.end("stuck")
        if self._task is not None:
            self._task.cancel()

    def lose(self, ledger: UUID) -> None:
        """Tell nothing of this ledger any more; end when none is left."""
        channel = self._channels.pop(ledger, None)
        if channel is None:
            return
        channel.streams.discard(self)
        del self.positions[ledger]
        self._gone.append(ledger)
        if not self._channels:
            self.ended = self.ended or "nothing-left"
        self._bell.set()

    def restart(self, epoch: str) -> None:
        """The database is another one: tell the client to load anew."""
        self.epoch = epoch
        self.positions = {ledger: channel.seq for ledger, channel in self._channels.items()}
        self._reset = "restored"
        self._bell.set()

    def hello(self) -> bytes:
        """The first event: its id keeps the place of a client that goes away at once."""
        return rules.event("hello", Hello(self.epoch, self.positions)) + self._id()

    def behind(self) -> tuple[UUID, int] | None:
        """A ledger, and the position in it, of which the database must be asked."""
        if self._reset is None:
            for ledger, channel in self._channels.items():
                if self.positions[ledger] < channel.base:
                    return ledger, self.positions[ledger]
        return None

    def advance(self, ledger: UUID, frames: list[Frame]) -> bytes:
        """The events for these change sets, which follow what the client has."""
        if ledger not in self._channels:
            return b""
        parts: list[bytes] = []
        for frame in frames:
            self.positions[ledger] = frame.seq
            parts += (frame.body, frame.tail if self._is_one else self._id())
        return b"".join(parts)

    def skip(self, ledger: UUID) -> None:
        """Go on with what is in memory: the database has nothing before it."""
        if ledger in self._channels:
            self.positions[ledger] = max(self.positions[ledger], self._channels[ledger].base)

    async def news(self) -> bytes:
        """Wait for news and return it; may be empty, as when the stream has ended."""
        await self._bell.wait()
        self._bell.clear()
        return self.take()

    def take(self) -> bytes:
        """Everything there is to tell now; nothing to somebody who lost the right to it."""
        if self.ended in {"signed-out", "disconnected", "trouble"}:
            return b""
        told = b"".join([self._losses(), self._resets() or self._changes()])
        if not told and self._is_due:
            told = KEEPALIVE
        self._is_due = False
        return told

    def sending(self, since: float | None) -> None:
        """Note when the client began to be sent something, or that it took it."""
        self._sending_since = since

    def _losses(self) -> bytes:
        gone, self._gone = self._gone, []
        return b"".join(rules.event("gone", Gone(ledger)) + b"\n" for ledger in gone)

    def _resets(self) -> bytes:
        if self._reset is None and any(
            self.positions[ledger] < channel.base for ledger, channel in self._channels.items()
        ):
            self._reset = "slow"
        if self._reset is None or not self._channels:
            return b""
        reason, self._reset = self._reset, None
        metrics.SSE_DROPPED.labels(reason).inc()
        for ledger, channel in self._channels.items():
            self.positions[ledger] = max(self.positions[ledger], channel.seq)
        return rules.event("reset", Reset(reason, self.positions)) + self._id()

    def _changes(self) -> bytes:
        parts = []
        for ledger, channel in self._channels.items():
            parts.append(self.advance(ledger, channel.after(self.positions[ledger]) or []))
        return b"".join(parts)

    def _id(self) -> bytes:
        if self._is_one and len(self.positions) == 1:
            return rules.id_line(rules.id_of_one(self.epoch, next(iter(self.positions.values()))))
        return rules.id_line(rules.id_of_several(self.epoch, self.positions))

    def _schedule(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._beat, self._silent)

    def _silent(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._sending_since is not None and now - self._sending_since > self._patience:
            self.cut()
            return
        self._is_due = True
        self._bell.set()
        self._schedule()
