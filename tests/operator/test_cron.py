"""Cron expressions, held to the minute-by-minute rule of the CronJob controller."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlay_operator import cron

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
    ]
)


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    step = st.tuples(st.one_of(st.just("*"), span), st.integers(1, 40)).map(
        lambda two: f"{two[0]}/{two[1]}"
    )
    part = st.one_of(st.just("*"), number.map(str), span, step)
    return st.lists(part, min_size=1, max_size=3).map(",".join)


EXPRESSIONS = st.tuples(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6)).map(
    " ".join
)
# Three days after anything, changes of the clock among them.
CHANGES = ("2026-03-28T12", "2026-10-24T12", "2026-03-07T12", "2026-11-01T00", "2026-04-04T03")
STARTS = st.one_of(
    st.integers(1_577_836_800, 2_051_222_400).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    ),
    st.sampled_from([datetime.fromisoformat(f"{hour}:00:00Z") for hour in CHANGES]),
)


def minute_by_minute(
    expression: str, zone: ZoneInfo, after: datetime, minutes: int
) -> list[datetime]:
    fits = cron.parse(expression)
    moment = after.replace(second=0) + timedelta(minutes=1)
    found = []
    for _ in range(minutes):
        wall = moment.astimezone(zone)
        if wall.minute in fits.minutes and wall.hour in fits.hours and fits.fits(wall.date()):
            found.append(moment)
        moment += timedelta(minutes=1)
    return found


@settings(deadline=None, max_examples=60)
@given(EXPRESSIONS, ZONES, STARTS)
def test_a_run_is_due_at_every_minute_whose_wall_clock_fits(
    expression: str, name: str, after: datetime
) -> None:
    zone = ZoneInfo(name)
    wanted = minute_by_minute(expression, zone, after, 3 * 24 * 60)
    end = after.replace(second=0) + timedelta(minutes=3 * 24 * 60)
    got = []
    for moment in cron.runs(cron.parse(expression), zone, after):
        if moment > end:
            break
        got.append(moment)
    assert got == wanted


def hours(expression: str, zone: ZoneInfo, after: datetime, count: int) -> list[str]:
    found = islice(cron.runs(cron.parse(expression), zone, after), count)
    return [f"{moment:%d %H:%M}" for moment in found]


def test_a_time_that_the_clock_skips_has_no_run() -> None:
    after = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert hours("30 2 * * *", BERLIN, after, 2) == ["30 00:30", "31 00:30"]


def test_a_time_that_comes_twice_has_two_runs() -> None:
    after = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert hours("30 2 * * *", BERLIN, after, 3) == ["25 00:30", "25 01:30", "26 01:30"]


def test_day_and_weekday_are_one_or_the_other() -> None:
    after = datetime(2026, 11, 1, tzinfo=UTC)
    assert hours("0 0 13 * fri", ZoneInfo("UTC"), after, 3) == ["06 00:00", "13 00:00", "20 00:00"]
    assert hours("0 0 13 * *", ZoneInfo("UTC"), after, 1) == ["13 00:00"]
    # Robfig's rule: a star with a step is no star.
    assert hours("0 0 */30 * fri", ZoneInfo("UTC"), after, 3) == [
        "06 00:00",
        "13 00:00",
        "20 00:00",
    ]


def test_a_day_that_never_comes_has_no_run() -> None:
    assert cron.next_run(cron.parse("0 0 31 2 *"), BERLIN, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_the_longest_gap_is_that_of_the_weekend() -> None:
    gap = cron.longest_gap(
        cron.parse("0 3 * * mon-fri"), ZoneInfo("UTC"), datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert gap == timedelta(days=3)


@pytest.mark.parametrize(
    "expression", ["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "x * * * *", "* * 0 * *", "@never"]
)  # fmt: skip
def test_what_no_cronjob_takes_is_refused(expression: str) -> None:
    with pytest.raises(cron.CronError):
        cron.parse(expression)
