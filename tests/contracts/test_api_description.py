import re

from world import World


async def test_the_description_names_every_route_and_its_rule(world: World) -> None:
    answer = await world.client().get("/api/openapi.json")
    described = answer.json()
    assert described["openapi"].startswith("3.1")
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


async def test_the_first_page_says_where_to_go(world: World) -> None:
    client = world.client()
    page = await client.get("/")
    assert "/api/docs" in page.text
    for path in re.findall(r'(?:src|href)="(/pages/[^"]+)"', page.text):
        assert (await client.get(path)).status_code == 200
