"""Errors have one shape, whoever raises them."""

from outlay.errors import Problem
from world import World

KEYS = {"type", "title", "status", "detail", "errors"}


def kinds(kind: type[Problem]) -> list[type[Problem]]:
    return [kind, *(k for child in kind.__subclasses__() for k in kinds(child))]


def test_every_kind_of_problem_has_its_own_name() -> None:
    names = [kind.type for kind in kinds(Problem)]
    assert len(set(names)) == len(names)
    assert all(kind.title and 400 <= kind.status < 600 for kind in kinds(Problem))
    assert set(Problem("x").body()) == KEYS


async def test_every_way_to_fail_answers_in_the_same_shape(world: World) -> None:
    ada = await world.person()
    calls = [
        ("GET", "/nothing", {}, 404),
        ("PATCH", "/ledgers/default/expenses", {}, 405),
        ("POST", "/ledgers/default/expenses", {"content": b"{"}, 400),
        ("POST", "/ledgers/default/expenses", {"content": b"\xff\xfe"}, 400),
        (
            "POST",
            "/ledgers/default/expenses",
            {"content": b'{"amount": "1", "note": "\\ud800"}'},
            400,
        ),
        ("POST", "/ledgers/default/expenses", {"json": []}, 422),
        ("POST", "/ledgers/default/expenses", {"content": b"x" * (2 << 20)}, 413),
        ("GET", "/ledgers/default/expenses/not-an-id", {}, 404),
        ("GET", "/ledgers/nonsense/expenses", {}, 404),
        ("POST", "/ledgers/default/expenses", {"json": {"amount": "1", "note": "a\x00"}}, 422),
    ]
    for method, path, more, status in calls:
        answer = await ada.call(method, path, **more)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json()) >= KEYS
        assert answer.json()["status"] == status


async def test_an_unknown_host_is_turned_away(world: World) -> None:
    answer = await world.client(Host="evil.example").get("/api/v1/me")
    assert answer.status_code == 421
    assert set(answer.json()) >= KEYS
