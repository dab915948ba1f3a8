"""Whose request it is, seen through proxies."""

import pytest

from outlay.frame import Frame
from outlay.settings import Settings

PROXIES = Settings(trusted_proxies=("10.0.0.0/8", "fd00::/8"))


def address(settings: Settings, peer: str, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return Frame(None, settings)._address({"client": (peer, 4711), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("203.0.113.5",), "192.0.2.1"),
        ("10.1.2.3", (), "10.1.2.3"),
        ("10.1.2.3", ("203.0.113.5",), "203.0.113.5"),
        ("10.1.2.3", ("198.51.100.9, 203.0.113.5",), "203.0.113.5"),
        ("10.1.2.3", ("198.51.100.9", "203.0.113.5, 10.9.9.9"), "203.0.113.5"),
        ("::ffff:192.0.2.1", (), "192.0.2.1"),
        ("::ffff:10.1.2.3", ("::ffff:203.0.113.5",), "203.0.113.5"),
        ("fd00::1", ("2001:db8::7",), "2001:db8::7"),
    ],
)
def test_only_a_named_proxy_is_believed_and_only_for_the_hop_before_it(
    peer: str, forwarded: tuple[str, ...], seen: str
) -> None:
    assert address(PROXIES, peer, *forwarded) == seen


def test_without_named_proxies_nobody_is_believed() -> None:
    assert address(Settings(), "10.1.2.3", "203.0.113.5") == "10.1.2.3"
