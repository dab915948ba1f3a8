"""The built pages as they are served, and what is made from the API's description."""

import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from outlay.describe import description
from outlay.main import Service
from outlay.pages.built import DIST, read_all
from outlay.pages.routes import PATHS
from outlay.settings import Settings
from world import World

WEB = Path(__file__).parents[2] / "app/web"
NODE = Path(sys.executable).with_name("node")
ASSET = next(path for path in sorted(read_all("")) if re.fullmatch(r"assets/first-.*\.js", path))


def test_the_pages_view_of_the_api_is_the_api(tmp_path: Path) -> None:
    """`make api` writes these files again."""
    (tmp_path / "openapi.json").write_bytes(description())
    (tmp_path / "src/api").mkdir(parents=True)
    made = tmp_path / "src/api/schema.d.ts"
    tool = WEB / "node_modules/openapi-typescript/bin/cli.js"
    _run(tmp_path, NODE, tool, "openapi.json", "--output", made, "--default-non-nullable", "false")
    _run(tmp_path, NODE, WEB / "vite/currencies.ts")
    for name in ("schema.d.ts", "currencies.ts"):
        assert (tmp_path / "src/api" / name).read_text() == (WEB / "src/api" / name).read_text(), (
            f"{name} is not the API's: run `make api`"
        )


def _run(folder: Path, *command: object) -> None:
    subprocess.run([str(part) for part in command], cwd=folder, check=True, capture_output=True)


def test_the_service_knows_the_same_addresses_as_the_pages() -> None:
    source = (WEB / "src/features/shell/routes.ts").read_text()
    assert set(re.findall(r"^  '(/[^']*)':", source, re.MULTILINE)) == PATHS


def test_packed_files_are_the_files() -> None:
    served = read_all("")
    for path, file in served.items():
        if path.endswith((".js", ".css", ".svg")):
            assert file.bodies.keys() == {"", "br", "gzip"}, path
    assert not DIST.joinpath("openapi.json").is_file()


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None), ("", None), ("*", "br"), ("gzip;q=nonsense", None),
    ],
)  # fmt: skip
async def test_a_file_comes_in_the_best_coding_that_is_accepted(
    world: World, accepted: str, coding: str | None
) -> None:
    answer = await world.client().get(f"/{ASSET}", headers={"Accept-Encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    if coding != "br":
        assert answer.content == read_all("")[ASSET].bodies[""]


async def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_the_page_is_asked_for_again(
    world: World,
) -> None:
    client = world.client()
    asset = await client.get(f"/{ASSET}")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    page = await client.get("/expenses")
    assert page.headers["cache-control"] == "no-cache"
    again = await client.get("/expenses", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_an_unknown_address_is_the_page_with_404_and_a_missing_file_is_a_problem(
    world: World,
) -> None:
    client = world.client()
    page = await client.get("/no/such/page")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    for path in ("/assets/none.js", "/assets/index.html", "/api/v1/none"):
        missing = await client.get(path)
        assert missing.status_code == 404, path
        assert missing.headers["content-type"] == "application/problem+json", path


async def test_the_page_says_what_to_do_without_script(world: World) -> None:
    assert 'href="/api/docs"' in (await world.client().get("/")).text


async def test_under_a_base_path_every_address_of_the_page_has_it(dsn: str) -> None:
    service = Service(Settings(log_level="warning", public_url="https://home.example/money"), dsn)
    async with service.running():
        transport = httpx.ASGITransport(service.asgi)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            text = (await client.get("/")).text
    assert 'data-base="/money"' in text
    for address in re.findall(r'(?:src|href|action)="([^"]+)"', text):
        assert address.startswith("/money/"), address


async def test_a_proxy_may_leave_the_base_path_on_or_take_it_off(dsn: str) -> None:
    service = Service(Settings(log_level="warning", public_url="https://home.example/money"), dsn)
    async with service.running():
        transport = httpx.ASGITransport(service.asgi)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            codes = {
                path: (await client.get(path)).status_code
                for path in ("/", "/money", "/money/", "/money/add", "/money/api/v1/ledgers",
                             "/api/v1/ledgers", "/moneybag", "/money/money")
            }  # fmt: skip
    assert codes == {
        "/": 200, "/money": 200, "/money/": 200, "/money/add": 200, "/money/api/v1/ledgers": 401,
        "/api/v1/ledgers": 401, "/moneybag": 404, "/money/money": 404,
    }  # fmt: skip
