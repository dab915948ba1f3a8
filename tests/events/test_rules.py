from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from outlay.events import rules, wire
from outlay.events.channel import MOST_BYTES, MOST_FRAMES, Channel, Frame
from outlay.events.wire import Word

EPOCH = "0123456789ab"
seqs = st.integers(0, 10**17)
ledgers = st.lists(st.uuids(), min_size=1, max_size=5, unique=True)


@given(st.uuids(), seqs)
def test_the_id_of_one_ledger_is_its_epoch_and_seq(ledger: UUID, seq: int) -> None:
    text = rules.id_of_one(EPOCH, seq)
    assert text == f"{EPOCH}.{seq}"
    assert rules.parse_id(text, [ledger]) == rules.Seen(EPOCH, {ledger: seq})


@given(st.dictionaries(st.uuids(), seqs, min_size=1, max_size=5))
def test_the_id_of_several_ledgers_says_every_position(positions: dict[UUID, int]) -> None:
    text = rules.id_of_several(EPOCH, positions)
    assert rules.parse_id(text, list(positions)) == rules.Seen(EPOCH, positions)


@given(st.text(), ledgers)
def test_any_other_text_is_no_id(text: str, wanted: list[UUID]) -> None:
    seen = rules.parse_id(text, wanted)
    assert seen is None or text.startswith(f"{seen.epoch}.")


def test_a_plain_seq_says_nothing_of_several_ledgers() -> None:
    assert rules.parse_id(f"{EPOCH}.7", [UUID(int=1), UUID(int=2)]) is None


def test_a_ledger_that_the_id_does_not_name_starts_now() -> None:
    one, two = UUID(int=1), UUID(int=2)
    last = rules.id_of_several(EPOCH, {one: 5})
    assert rules.start(last, EPOCH, {one: 9, two: 70}) == rules.Start({one: 5, two: 70}, None)


@given(seqs, st.integers(-5, 2000))
def test_a_start_replays_all_or_begins_anew(latest: int, behind: int) -> None:
    ledger = UUID(int=1)
    last = max(latest - behind, 0)
    begun = rules.start(rules.id_of_one(EPOCH, last), EPOCH, {ledger: latest})
    if 0 <= latest - last <= rules.MOST_BEHIND:
        assert begun == rules.Start({ledger: last}, None)
    else:
        assert begun.positions == {ledger: latest}
        assert begun.reset == ("unknown" if last > latest else "too-old")


@given(st.text())
def test_an_event_is_one_line_to_every_client(text: str) -> None:
    lines = rules.event("change", {"note": text}).decode().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["event", "data"]


words = st.one_of(
    st.builds(
        lambda kind, id_: Word(kind, (id_,)),
        st.sampled_from(["session", "token", "user"]),
        st.uuids(),
    ),
    st.builds(lambda a, b: Word("member", (a, b)), st.uuids(), st.uuids()),
)


@given(st.lists(words, max_size=300), st.lists(st.uuids(), max_size=300))
def test_processes_understand_each_other(revoked: list[Word], changed: list[UUID]) -> None:
    made = wire.payloads(revoked, changed)
    assert all(0 < len(each.encode()) < 8000 for each in made)
    heard = [word for each in made for word in wire.read(each).words]
    assert heard == [*revoked, *(Word("ledger", (each,)) for each in changed)]
    assert not any(wire.read(each).poll for each in made)


def test_very_many_ledgers_become_one_hint_to_ask() -> None:
    revoked = [Word("user", (UUID(int=1),))]
    [made] = wire.payloads(revoked, [UUID(int=n) for n in range(wire.MOST_LEDGERS + 1)])
    assert wire.read(made) == wire.Heard(revoked, poll=True)


def test_words_of_a_later_program_are_passed_over() -> None:
    heard = wire.read(f"moon:full user:nobody member:{UUID(int=1)} user:{UUID(int=2)} :")
    assert heard == wire.Heard([Word("user", (UUID(int=2),))], poll=False)


def frame(seq: int, size: int = 10) -> Frame:
    return Frame(seq, b"x" * size, b"")


@given(st.lists(st.integers(0, 400), max_size=6), st.integers(0, 1200))
def test_a_channel_gives_everything_after_a_position_or_says_it_cannot(
    batches: list[int], position: int
) -> None:
    channel = Channel(UUID(int=1), 100)
    for count in batches:
        channel.publish([frame(channel.seq + n + 1) for n in range(count)], now=0.0)
    found = channel.after(position)
    if found is None:
        assert position < channel.base
    else:
        assert [each.seq for each in found] == list(range(position + 1, channel.seq + 1))
    assert channel.seq == 100 + sum(batches)
    assert channel.seq - channel.base <= MOST_FRAMES


def test_a_channel_keeps_so_many_bytes_and_so_long() -> None:
    channel = Channel(UUID(int=1), 0)
    channel.publish([frame(seq, MOST_BYTES // 3) for seq in range(1, 11)], now=0.0)
    assert (channel.base, channel.seq) == (7, 10)
    channel.publish([frame(11)], now=50.0)
    channel.tidy(now=70.0)
    assert [each.seq for each in channel.after(channel.base) or []] == [11]
    channel.publish([frame(11), frame(12)], now=80.0)
    assert channel.seq == 12
    assert len(channel.after(10) or []) == 2


def test_a_channel_that_restarts_forgets_what_was() -> None:
    channel = Channel(UUID(int=1), 0)
    channel.publish([frame(1), frame(2)], now=0.0)
    channel.restart(1)
    assert (channel.base, channel.seq, channel.after(1)) == (1, 1, [])
