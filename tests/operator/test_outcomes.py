"""What a Job's pods tell, and what can only be seen from outside."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlay_backup.job import short
from outlay_backup.model import Result
from outlay_backup.restore import Restored
from outlay_operator import outcomes
from resources import START, pod, told


def test_the_program_s_own_words_come_first() -> None:
    message = msgspec.json.encode(told()).decode()
    [end] = outcomes.ends([pod(0, message)])
    assert end.told == told()
    assert end.seen == ""


def test_a_killed_container_is_told_as_probably_out_of_memory() -> None:
    for one in (pod(137), pod(137, reason="OOMKilled"), pod(1, reason="OOMKilled")):
        [end] = outcomes.ends([one])
        assert end.told is None
        assert end.reason == "OutOfMemory"
        assert "40Mi" in end.seen


def test_an_evicted_pod_says_why() -> None:
    one = pod(137)
    one["status"] |= {"reason": "Evicted", "message": "disk"}
    [end] = outcomes.ends([one])
    assert (end.reason, "disk" in end.seen) == ("Evicted", True)


def test_the_end_of_a_log_is_no_result_and_is_shown() -> None:
    [end] = outcomes.ends([pod(1, "Traceback (most recent call last):\nKeyError")])
    assert end.told is None
    assert "KeyError" in end.seen


def test_of_two_pods_the_newer_is_asked_first() -> None:
    newer = pod(0, msgspec.json.encode(told(1)).decode(), created=START + timedelta(hours=1))
    older = pod(1, msgspec.json.encode(told(0)).decode())
    assert [end.told for end in outcomes.ends([older, newer])] == [told(1), told(0)]


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_result_by_accident(text: str) -> None:
    found = outcomes.parse(text)
    assert found is None or found.run or found.reason


@pytest.mark.parametrize(
    "message", ["", "{}", "[]", "null", '{"complete": true}', '{"run": 1}', '{"run": "x"']
)
def test_half_a_message_is_none(message: str) -> None:
    assert outcomes.parse(message) is None


def test_a_job_goes_on_until_a_condition_says_otherwise() -> None:
    assert outcomes.finished({"status": {"active": 1}}) == ""
    assert outcomes.finished({}) == ""
    for kind in ("Complete", "Failed"):
        condition = {"type": kind, "status": "True", "reason": "R", "message": "M"}
        assert outcomes.finished({"status": {"conditions": [condition]}}) == kind
    assert outcomes.failure({"status": {"conditions": [condition]}}) == ("R", "M")


def test_every_word_is_one_that_the_backup_program_says() -> None:
    said = {*Result.__struct_fields__, *Restored.__struct_fields__}
    assert {*outcomes.Told.__struct_fields__} <= said
    result = Result(
        run="r",
        started=START,
        finished=START,
        complete=True,
        verified=True,
        stored=3,
        last_drill=START,
    )
    found = outcomes.parse(short(result).decode())
    assert found is not None
    assert (found.run, found.stored, found.last_drill) == ("r", 3, "2026-11-02T03:17:00Z")
