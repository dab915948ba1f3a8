"""Who listens to what in this process, and what has still to be told to whom."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple
from uuid import UUID

from outlay import metrics
from outlay.errors import Problem
from outlay.events import rules
from outlay.events.channel import Channel
from outlay.events.frames import Batch
from outlay.events.model import Credential
from outlay.events.stream import Stream
from outlay.events.tempo import Tempo
from outlay.events.wire import Heard, Kind, Word

MOST_UNTOLD: Final = 10_000
# After a restart every client replays: requests must still find connections.
MOST_REPLAYS: Final = 4


class TooManyStreams(Problem):
    status = 503
    type = "too-many-streams"
    title = "No further live connection is taken here just now; try again shortly"


class News(NamedTuple):
    """What the other processes have not been told yet."""

    revoked: list[Word]
    ledgers: list[UUID]


class EventHub:
    """The live connections of this process.

    Nothing here waits or touches the database, so all of it may be called from anywhere in the
    loop, after a commit; the listener does the work when `work` is set.
    """

    def __init__(self, epoch: str, *, most: int, tempo: Tempo) -> None:
        self.epoch = epoch
        self.most = most
        self.tempo = tempo
        self.channels: dict[UUID, Channel] = {}
        self.streams: set[Stream] = set()
        self.work = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        self.replaying = asyncio.Semaphore(MOST_REPLAYS)
        self.is_stopping = False
        self.poll_is_due = False
        self._to_read: set[UUID] = set()
        self._to_tell: set[UUID] = set()
        self._revoked: dict[Word, None] = {}

    # What routes say.

    def touch(self, ledger_id: UUID) -> None:
        """Tell whoever listens, here and elsewhere, that this ledger may have changed."""
        self._to_tell.add(ledger_id)
        self.hint(ledger_id)
        self.work.set()

    def revoke_session(self, session_id: UUID) -> None:
        """End the streams of a session that is over."""
        self._revoke("session", session_id)

    def revoke_token(self, token_id: UUID) -> None:
        """End the streams of a token that is over."""
        self._revoke("token", token_id)

    def revoke_user(self, user_id: UUID) -> None:
        """End all streams of a person; those who may still enter connect again."""
        self._revoke("user", user_id)

    def revoke_member(self, ledger_id: UUID, user_id: UUID) -> None:
        """Tell this person nothing more of this ledger."""
        self._revoke("member", ledger_id, user_id)

    @contextmanager
    def admitted(self, credential: Credential) -> Iterator[Stream]:
        """A stream that a revocation reaches from now on; it is told nothing until it joins.

        Raises TooManyStreams.
        """
        if self.is_stopping or len(self.streams) >= self.most:
            raise TooManyStreams(headers={"Retry-After": "5"})
        stream = Stream(credential, self.epoch, beat=self.tempo.beat, patience=self.tempo.patience)
        self.streams.add(stream)
        self.idle.clear()
        metrics.SSE_CLIENTS.inc()
        try:
            yield stream
        finally:
            metrics.SSE_CLIENTS.dec()
            self._dismiss(stream)

    def join(self, stream: Stream, latest: Mapping[UUID, int], last_id: str | None) -> None:
        """Let a stream listen to ledgers of which `latest` is known, from where it left off."""
        for ledger, seq in latest.items():
            is_new = ledger not in self.channels
            channel = self.channels.setdefault(ledger, Channel(ledger, seq))
            # What was committed since `latest` was read went by without a channel.
            if is_new or channel.seq < seq:
                self.hint(ledger)
        channels = [self.channels[ledger] for ledger in latest]
        known = {each.ledger: max(each.seq, latest[each.ledger]) for each in channels}
        stream.epoch = self.epoch
        stream.join(channels, rules.start(last_id, self.epoch, known))

    def end_streams(self) -> None:
        """Let every stream end, and take no more: this process stops.

        What its client has not taken after the farewell is cut off.
        """
        self.is_stopping = True
        for stream in self.streams:
            stream.end("stopping")
        self.work.set()
        asyncio.get_running_loop().call_later(self.tempo.farewell, self._cut_rest)

    # What the listener asks and says.

    def hint(self, ledger_id: UUID) -> None:
        """Another process, or a poll, says that this ledger changed."""
        if ledger_id in self.channels:
            self._to_read.add(ledger_id)
            self.work.set()

    def unread(self) -> list[tuple[UUID, int]]:
        """The ledgers to read, each with the seq that is told already; they count as read."""
        wanted, self._to_read = self._to_read, set()
        return [(ledger, self.channels[ledger].seq) for ledger in wanted if ledger in self.channels]

    def publish(self, found: Mapping[UUID, Batch]) -> int:
        """Give streams what was read; returns how many were woken."""
        now = asyncio.get_running_loop().time()
        woken = 0
        for ledger, batch in found.items():
            channel = self.channels.get(ledger)
            if channel is not None:
                woken += channel.publish(batch.frames, now)
                if not batch.is_all:
                    self.hint(ledger)
        return woken

    def untold(self) -> News:
        """What to tell other processes; the caller gives it back with `retell` if that fails."""
        news = News(list(self._revoked), list(self._to_tell))
        self._revoked, self._to_tell = {}, set()
        return news

    def retell(self, news: News) -> None:
        """Keep what could not be told; beyond MOST_UNTOLD the others' own checks must do."""
        self._to_tell.update(news.ledgers[: MOST_UNTOLD - len(self._to_tell)])
        for word in news.revoked[: MOST_UNTOLD - len(self._revoked)]:
            self._revoked.setdefault(word)

    def hear(self, heard: Heard) -> None:
        """Take in what another process said."""
        for word in heard.words:
            if word.kind == "ledger":
                self.hint(word.ids[0])
            else:
                self._apply(word)
        if heard.poll:
            self.poll_is_due = True
            self.work.set()

    def observe(self, asked: Sequence[Channel], epoch: str, seqs: Mapping[UUID, int]) -> None:
        """Compare with what a poll of these channels' ledgers found."""
        is_other = epoch != self.epoch
        self.epoch = epoch
        lost = set(self.streams) if is_other else set()
        for channel in asked:
            seq = seqs.get(channel.ledger)
            if self.channels.get(channel.ledger) is not channel:
                continue
            if seq is None:
                for stream in list(channel.streams):
                    stream.lose(channel.ledger)
            elif is_other or seq < channel.seq:
                channel.restart(seq)
                lost |= channel.streams
            elif seq > channel.seq:
                self.hint(channel.ledger)
        for stream in lost:
            stream.restart(epoch)
        self._tidy()

    def held(self) -> list[tuple[Stream, UUID]]:
        """Every stream with each ledger it listens to, for a check of all rights."""
        return [(stream, ledger) for stream in self.streams for ledger in stream.ledgers]

    def _cut_rest(self) -> None:
        for stream in self.streams:
            stream.cut()

    def _revoke(self, kind: Kind, *ids: UUID) -> None:
        word = Word(kind, ids)
        self._revoked[word] = None
        self._apply(word)
        self.work.set()

    def _apply(self, word: Word) -> None:
        for stream in self.streams:
            mine = stream.credential
            match word.kind:
                case "session" | "token":
                    if (mine.kind, mine.id) == (word.kind, word.ids[0]):
                        stream.end("signed-out")
                case "user":
                    if mine.user_id == word.ids[0]:
                        stream.end("signed-out")
                case "member":
                    if mine.user_id == word.ids[1]:
                        stream.lose(word.ids[0])
                case "ledger":
                    raise AssertionError("a change takes no rights away")

    def _dismiss(self, stream: Stream) -> None:
        stream.part()
        self.streams.discard(stream)
        for ledger in list(stream.positions):
            self._forget_unheard(ledger)
        if not self.streams:
            self.idle.set()

    def _forget_unheard(self, ledger: UUID) -> None:
        channel = self.channels.get(ledger)
        if channel is not None and not channel.streams:
            del self.channels[ledger]

    def _tidy(self) -> None:
        now = asyncio.get_running_loop().time()
        for ledger in list(self.channels):
            self.channels[ledger].tidy(now)
            self._forget_unheard(ledger)
