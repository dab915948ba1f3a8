import base64

from hypothesis import given
from hypothesis import strategies as st

from outlay.auth.rules import check_password
from outlay.kube.secret import manifest, password

KEYS = st.lists(st.from_regex(r"[a-z][a-z-]{0,30}", fullmatch=True), min_size=1, unique=True)


@given(KEYS)
def test_every_key_has_a_password_of_its_own_that_the_service_takes(keys: list[str]) -> None:
    made = manifest("outlay", keys)
    values = [base64.b64decode(made["data"][key]).decode() for key in keys]
    assert list(made["data"]) == keys
    assert len(set(values)) == len(keys)
    assert all(check_password("", value, of=("admin@example.org",)) == [] for value in values)


def test_no_two_passwords_are_alike() -> None:
    assert len({password() for _ in range(1000)}) == 1000


def test_nothing_marks_it_as_part_of_the_release_so_that_no_tool_removes_it() -> None:
    assert "app.kubernetes.io/instance" not in manifest("outlay", ["a"])["metadata"]["labels"]
