"""Every route, called by everyone who must not: the rule on the route is the one that holds."""

from uuid import uuid4

from contracts.routes import routes, ruled
from outlay.access import Role
from world import World


async def test_every_route_says_who_may_call_it(world: World) -> None:
    table = list(routes(world.service))
    assert len(table) > 40
    assert [f"{r.method} {r.template}" for r in table if r.rule is None] == []


async def test_nobody_enters_without_credentials(world: World) -> None:
    ledger, client = await world.ledger(), world.client()
    for route, _ in ruled(world.service, "user", "admin", "member"):
        answer = await client.request(route.method, route.path(ledger), content=b"{}")
        assert answer.status_code == 401, route


async def test_another_household_looks_like_none_at_all(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    nowhere = uuid4()
    for route, _ in ruled(world.service, "member"):
        there = await eve.client.request(route.method, route.path(ada.ledger), content=b"{}")
        none = await eve.client.request(route.method, route.path(nowhere), content=b"{}")
        assert (there.status_code, there.json()) == (none.status_code, none.json()), route
        assert there.status_code == 404, route


async def test_a_viewer_only_looks(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer")
    for route, rule in ruled(world.service, "member"):
        if rule.role > Role.viewer:
            answer = await vic.client.request(route.method, route.path(ada.ledger), content=b"{}")
            assert answer.status_code == 403, route


async def test_an_editor_does_not_rule(world: World) -> None:
    ada = await world.person()
    ed = await world.person("Ed", ledger=ada.ledger, role="editor")
    for route, rule in ruled(world.service, "member"):
        if rule.role > Role.editor:
            answer = await ed.client.request(route.method, route.path(ada.ledger), content=b"{}")
            assert answer.status_code == 403, route


async def test_a_token_does_no_more_than_its_scopes(world: World) -> None:
    reader = await world.person(scopes=("read",), is_admin=True)
    writer = await world.person(scopes=("read", "write"), is_admin=True)
    for route, rule in ruled(world.service, "user", "admin", "member"):
        if rule.scope != "read":
            answer = await reader.client.request(
                route.method, route.path(reader.ledger), content=b"{}"
            )
            assert answer.status_code == 403, route
        if rule.scope == "admin":
            answer = await writer.client.request(
                route.method, route.path(writer.ledger), content=b"{}"
            )
            assert answer.status_code == 403, route


async def test_only_administrators_administer(world: World) -> None:
    ada = await world.person()
    for route, _ in ruled(world.service, "admin"):
        answer = await ada.client.request(route.method, route.path(ada.ledger), content=b"{}")
        assert answer.status_code == 403, route
