"""Retention against a slow, obvious model, over random histories, zones and clock changes."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outlay_backup.rules import Backup, Policy, plan

HOUR = timedelta(hours=1)
# Clock changes at midnight (Havana, Azores), of half an hour (Lord Howe), a skipped day (Apia).
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC", "Europe/Rome", "America/New_York", "America/Havana", "Atlantic/Azores",
        "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Pacific/Kiritimati",
    )
]  # fmt: skip
START = datetime(2011, 12, 1, tzinfo=UTC)
FALL_BACK = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)


def taken(name: str, at: datetime, state: str = "verified") -> Backup:
    return Backup(name, at, complete=state != "incomplete", verified=state == "verified")


moments = st.one_of(
    st.integers(0, 15 * 365 * 24 * 60).map(lambda m: START + timedelta(minutes=m)),
    # Close together around changes of the clock and the turn of a year.
    st.builds(
        lambda base, minutes: base + timedelta(minutes=minutes),
        st.sampled_from([
            FALL_BACK, datetime(2026, 11, 1, 4, 0, tzinfo=UTC), datetime(2011, 12, 30, 10, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 0, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
        ]),
        st.integers(-3000, 3000),
    ),
)  # fmt: skip
histories = st.lists(
    st.tuples(moments, st.sampled_from(["verified", "verified", "complete", "incomplete"])),
    max_size=40,
).map(lambda found: [taken(f"{n:03}", at, state) for n, (at, state) in enumerate(found)])
numbers = st.integers(0, 5)
policies = st.builds(
    Policy, last=numbers, daily=numbers, weekly=numbers, monthly=numbers, yearly=numbers
)


def slow_keep(history: list[Backup], policy: Policy, zone: tzinfo) -> set[str]:
    """Go through every period there is, newest first, and take its newest backup."""
    verified = [b for b in history if b.complete and b.verified]
    if policy.keeps_all:
        return {b.name for b in verified}
    newest_first = sorted(verified, key=lambda b: (b.started, b.name), reverse=True)
    keep = {b.name for b in newest_first[:1]} | {b.name for b in newest_first[: policy.last]}
    formats = {"daily": "%Y-%m-%d", "weekly": "%G-%V", "monthly": "%Y-%m", "yearly": "%Y"}
    for rule, form in formats.items():
        seen: list[str] = []
        for backup in newest_first:
            label = backup.started.astimezone(zone).strftime(form)
            if label not in seen:
                seen.append(label)
                if len(seen) <= getattr(policy, rule):
                    keep.add(backup.name)
    return keep


@given(histories, policies, st.sampled_from(ZONES))
@example(
    [taken("a", FALL_BACK), taken("b", FALL_BACK + HOUR)],
    Policy(daily=1),
    ZoneInfo("Europe/Rome"),
)
def test_what_stays_is_what_the_slow_model_keeps(
    history: list[Backup], policy: Policy, zone: tzinfo
) -> None:
    now = datetime(2027, 2, 1, tzinfo=UTC)
    found = plan(history, policy, zone, now, HOUR)
    verified = {b.name for b in history if b.complete and b.verified}
    keep = slow_keep(history, policy, zone)
    assert set(found.keep) & verified == keep
    assert set(found.delete) == verified - keep


@given(histories, policies, st.sampled_from(ZONES), st.randoms())
def test_the_newest_verified_stays_and_nothing_unverified_goes(
    history: list[Backup], policy: Policy, zone: tzinfo, shuffle: object
) -> None:
    now = datetime(2027, 2, 1, tzinfo=UTC)
    found = plan(history, policy, zone, now, HOUR)
    verified = [b for b in history if b.complete and b.verified]
    if verified:
        newest = max(verified, key=lambda b: (b.started, b.name))
        assert "newest verified" in found.keep[newest.name]
    assert set(found.delete) <= {b.name for b in verified}
    assert {b.name for b in history if b.complete and not b.verified} <= set(found.keep)
    mixed = list(history)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert plan(mixed, policy, zone, now, HOUR) == found


@given(histories, policies, st.sampled_from(ZONES))
def test_pruning_again_deletes_nothing_more(
    history: list[Backup], policy: Policy, zone: tzinfo
) -> None:
    now = datetime(2027, 2, 1, tzinfo=UTC)
    first = plan(history, policy, zone, now, HOUR)
    left = [b for b in history if b.name not in {*first.delete, *first.incomplete}]
    again = plan(left, policy, zone, now, HOUR)
    assert (again.delete, again.incomplete) == ((), ())


def test_an_incomplete_upload_goes_after_twice_its_deadline_and_not_before() -> None:
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    begun = [taken("old", now - timedelta(minutes=121), "incomplete"),
             taken("going on", now - timedelta(minutes=119), "incomplete")]  # fmt: skip
    assert plan(begun, Policy(last=1), UTC, now, HOUR).incomplete == ("old",)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Policy(last=-1)
