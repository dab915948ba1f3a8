"""A Backup's status: three separate conditions, and never Complete for what nobody knows."""

from hypothesis import given
from hypothesis import strategies as st

from outlay_operator.model.backup import BackupStatus
from outlay_operator.outcomes import Told
from outlay_operator.reconcile import backup_status as states
from resources import failed, told

SEEN = ("Evicted", "The pod was evicted.")


def conditions(status: BackupStatus) -> dict[str, str]:
    return {each.type: each.status for each in status.conditions}


def test_a_verified_one_is_complete_and_did_not_fail() -> None:
    status = states.ended(BackupStatus(), told())
    assert status.state == "Verified"
    assert conditions(status) == {
        "Complete": "True", "Verified": "True", "Failed": "False", "Waiting": "False"
    }  # fmt: skip
    assert (status.seconds, status.bytes, status.rows) == (90, 1000, 7)


def test_one_that_was_stored_and_did_not_verify_failed() -> None:
    result = told(verified=False, reason="VerifyFailed", message="expenses differ")
    status = states.ended(BackupStatus(), result)
    assert status.state == "Unverified"
    assert conditions(status) == {
        "Complete": "True", "Verified": "False", "Failed": "True", "Waiting": "False"
    }  # fmt: skip
    assert (status.reason, status.message) == ("VerifyFailed", "expenses differ")


def test_one_that_lost_its_words_is_neither_complete_nor_failed() -> None:
    status = states.is_unknown(BackupStatus(), *SEEN)
    assert conditions(status) == {
        "Complete": "Unknown", "Verified": "Unknown", "Failed": "Unknown", "Waiting": "False"
    }  # fmt: skip


def test_what_the_store_knows_of_a_lost_one_decides() -> None:
    lost = states.is_unknown(BackupStatus(), *SEEN)
    assert states.ended(lost, told(), SEEN).state == "Verified"
    half = states.ended(lost, told(complete=False, verified=False), SEEN)
    assert (half.state, half.reason, half.message) == ("Failed", *SEEN)
    stored = states.ended(lost, told(verified=False), SEEN)
    assert (stored.state, stored.reason) == ("Unverified", "Evicted")


def test_a_condition_keeps_the_time_of_its_last_change() -> None:
    first = states.runs(BackupStatus())
    old = [
        type(each)(type=each.type, status=each.status, reason=each.reason, last_transition_time="2020-01-01T00:00:00Z")
        for each in first.conditions
    ]  # fmt: skip
    known = BackupStatus(conditions=tuple(old))
    again = states.runs(known)
    assert {each.last_transition_time for each in again.conditions} == {"2020-01-01T00:00:00Z"}
    changed = {
        each.type: each.last_transition_time for each in states.ended(known, failed()).conditions
    }
    assert changed["Complete"] != "2020-01-01T00:00:00Z"
    assert changed["Waiting"] == "2020-01-01T00:00:00Z"


@given(
    st.builds(
        Told,
        run=st.sampled_from(["", "20261102T031700Z-00000000"]),
        complete=st.booleans(),
        verified=st.booleans(),
        reason=st.sampled_from(["", "StoreDenied", "VerifyFailed"]),
        message=st.text(max_size=20),
    )
)
def test_only_what_was_compared_is_ever_verified(result: Told) -> None:
    status = states.ended(BackupStatus(), result, SEEN)
    assert status.state in states.DONE
    shown = conditions(status)
    assert (shown["Verified"] == "True") == (result.complete and result.verified)
    assert (shown["Failed"] == "True") == (shown["Verified"] != "True")
    assert shown["Complete"] == str(result.complete)
    assert status.reason or shown["Verified"] == "True"
