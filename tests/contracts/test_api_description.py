import re

from contracts.routes import routes
from outlay.main import Service
from world import World

# Pages and the description's own: for browsers and tools, not for programs.
UNDESCRIBED = {
    "/", "/{path}", "/pages/style.css", "/api", "/api/{path}", "/api/docs", "/api/openapi.json",
}  # fmt: skip


async def test_the_description_names_every_route_and_its_rule(
    world: World, service: Service
) -> None:
    answer = await world.client().get("/api/openapi.json")
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    named = {(m.upper(), path) for path, item in described["paths"].items() for m in item}
    served = {(each.method, each.template) for each in routes(service)}
    assert named == {each for each in served if each[1] not in UNDESCRIBED}
    assert {path for _, path in served} >= UNDESCRIBED
    for path, item in described["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["x-outlay-access"], path
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    names = {
        p["name"]
        for p in described["paths"]["/api/v1/ledgers/{ledger}/expenses"]["get"]["parameters"]
    }
    assert {"from", "to", "q", "cursor", "limit", "sort"} <= names


async def test_every_operation_has_a_name_that_programs_can_call_it_by(world: World) -> None:
    described = (await world.client().get("/api/openapi.json")).json()
    named = {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, item in described["paths"].items()
        for method, operation in item.items()
    }
    assert len(named) == sum(len(item) for item in described["paths"].values())
    assert named["listExpenses"] == "GET /api/v1/ledgers/{ledger}/expenses"
    assert named["listImportRows"] == "GET /api/v1/ledgers/{ledger}/imports/{id}/rows"
    # A verb and what it is done to, which says enough without the address.
    assert [name for name in named if not re.fullmatch(r"[a-z]+([A-Z][a-z]+){1,3}", name)] == []
    schemas = described["components"]["schemas"]
    assert [name for name in schemas if not re.fullmatch(r"([A-Z][a-z]+)+", name)] == []


async def test_the_docs_page_loads_nothing_from_elsewhere(world: World) -> None:
    answer = await world.client().get("/api/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    links = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert links
    assert all(link.startswith(("/", "#")) for link in links)
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    anchors = set(re.findall(r'id="([^"]+)"', answer.text))
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
