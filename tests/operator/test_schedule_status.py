"""What a schedule tells is what its Backups give, and times only go forward."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from outlay_operator.model.parts import Encryption
from outlay_operator.model.places import Destination, Volume
from outlay_operator.model.schedule import HistoryLimit, ScheduleSpec, ScheduleStatus
from outlay_operator.reconcile import schedule_status as rules
from outlay_operator.reconcile.history import outlived
from outlay_operator.reconcile.schedule_status import Past
from resources import RECIPIENT, START, failed, past, text, told

SPEC = ScheduleSpec(
    schedule="17 3 * * *",
    destination=Destination(volume=Volume(claim_name="backups")),
    encryption=Encryption(recipients=(RECIPIENT,)),
)
# Day by day: v(erified), f(ailed), u(nverified), r(unning), or nothing.
HISTORIES = st.lists(st.sampled_from("vfur-"), max_size=40)


def backups(history: str | list[str]) -> list[Past]:
    made = {
        "v": lambda day: past(day, told(day)),
        "f": lambda day: past(day, failed(day)),
        "u": lambda day: past(day, told(day, verified=False, reason="VerifyFailed")),
        "r": lambda day: past(day, None),
    }
    return [made[kind](day) for day, kind in enumerate(history) if kind != "-"]


@given(HISTORIES, st.randoms())
def test_the_counts_are_those_of_the_history(history: list[str], random: object) -> None:
    found = backups(history)
    random.shuffle(found)  # type: ignore[attr-defined]
    status = rules.status_from(ScheduleStatus(), found)
    ended = [kind for kind in history if kind in "vfu"]
    since = 0
    for kind in reversed(ended):
        if kind == "v":
            break
        since += 1
    assert status.consecutive_failures == since
    stored = [day for day, kind in enumerate(history) if kind in "vu"]
    verified = [day for day, kind in enumerate(history) if kind == "v"]
    assert status.last_success == (told(stored[-1]).finished if stored else rules.UNSET)
    assert status.last_verified == (told(verified[-1]).finished if verified else rules.UNSET)
    assert status.bytes == (1000 + stored[-1] if stored else 0)
    assert bool(status.active) == ("r" in history)


@given(HISTORIES, HISTORIES)
def test_deleted_backups_take_no_time_back(before: list[str], after: list[str]) -> None:
    known = rules.status_from(ScheduleStatus(), backups(before))
    later = rules.status_from(known, backups(after))
    for name in ("last_success", "last_verified"):
        old, new = getattr(known, name), getattr(later, name)
        assert old is rules.UNSET or (new is not rules.UNSET and new >= old)


@given(st.sets(st.integers(0, 30)), st.integers(0, 30))
def test_a_run_that_was_due_and_never_began_is_missed(ran: set[int], days: int) -> None:
    begun = {START + timedelta(days=day) for day in ran}
    since, until = START - timedelta(hours=1), START + timedelta(days=days, hours=1)
    last, missed = rules.accounted(SPEC, since, until, begun)
    assert missed == sum(day not in ran for day in range(days + 1))
    assert last == START + timedelta(days=days)


def test_counting_in_parts_gives_the_same() -> None:
    begun = {START + timedelta(days=3)}
    since, parts = START - timedelta(hours=5), 0
    for day in range(-1, 8):
        since, missed = rules.accounted(SPEC, since, START + timedelta(days=day, hours=5), begun)
        parts += missed
    whole = rules.accounted(
        SPEC, START - timedelta(hours=5), START + timedelta(days=7, hours=5), begun
    )
    assert (since, parts) == whole
    assert parts == 7


def test_time_that_passes_without_a_run_is_no_news() -> None:
    for minutes in (0, 5, 600):
        later = START + timedelta(minutes=minutes)
        assert rules.accounted(SPEC, START, later, set()) == (START, 0)


def test_a_suspended_schedule_has_no_next_run() -> None:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    assert rules.next_run(SPEC, now) == "2026-11-02T03:17:00Z"
    assert rules.next_run(replace(SPEC, suspend=True), now) is rules.UNSET
    assert rules.interval(SPEC, now) == timedelta(days=1)


def test_retention_that_cannot_delete_is_told() -> None:
    assert not rules.retention_stuck(backups("vv"))
    assert rules.retention_stuck([past(0, told(0)), past(1, told(1, retention_refused=True))])
    assert not rules.retention_stuck([past(0, told(0, retention_refused=True)), past(1, told(1))])


def test_what_the_newest_run_would_have_removed_is_shown() -> None:
    found = [past(0, told(0, stored=4)), past(1, told(1, stored=5, would_remove=("a", "b")))]
    status = rules.status_from(ScheduleStatus(), found)
    assert (status.stored, status.would_remove) == (5, ("a", "b"))


@given(HISTORIES, st.integers(0, 5), st.integers(1, 5))
def test_history_goes_oldest_first_and_never_the_newest_verified(
    history: list[str], most_failed: int, most_verified: int
) -> None:
    found = backups(history)
    gone = outlived(HistoryLimit(failed=most_failed, verified=most_verified), found)
    verified = [f"daily-{day:04}" for day, kind in enumerate(history) if kind == "v"]
    bad = [f"daily-{day:04}" for day, kind in enumerate(history) if kind in "fu"]
    assert set(gone) == {*verified[:-most_verified], *bad[: max(0, len(bad) - most_failed)]}
    assert not verified or verified[-1] not in gone


def test_what_the_store_no_longer_has_goes_and_what_a_person_applied_stays() -> None:
    first, second = told(0), told(1)
    newest = told(2, removed=(first.run, second.run))
    found = [past(0, first), past(1, second, recorded=False), past(2, newest)]
    assert outlived(HistoryLimit(), found) == ["daily-0000"]


@pytest.mark.parametrize(
    ("history", "wanted"), [("vu", True), ("vuv", False), ("uf", False), ("", False)]
)
def test_verification_failed_when_the_newest_did_not_verify(history: str, wanted: bool) -> None:
    assert rules.verify_failed(backups(history)) is wanted


def test_the_summary_tells_the_failure() -> None:
    status = rules.status_from(ScheduleStatus(), backups("vf"))
    shown = rules.summary("daily", text(START), SPEC, status)
    assert shown["last_failure"] == {
        "at": failed(1).finished, "backup": "daily-0001", "reason": "StoreDenied", "message": "No."
    }  # fmt: skip
    assert (shown["destination"], shown["off_cluster"]) == ("volume backups", False)
