"""Every parameter of every route, in the query, the path and the headers, with junk in it."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from fuzz.bodies import OPERATIONS, Operation, schema_of, smallest
from fuzz.resident import Resident

JUNK = [
    "", " ", "%00", "a%00b", "%ff", "%ed%a0%80", "%c0%80", "%F0%9F%8D%95", "%E2%80%AE", "NaN", "Infinity", "-1", "0",
    "1e400", "9" * 400, "-" + "9" * 20, "2147483648", "9223372036854775808", "1.5", "0x10", "%D9%A1%D9%A2", "+1", "null",
    "none", "true", "[]", "%7B%7D", "%27", "%22", "%5C", "%25", "%26", "*", "..%2f..%2fetc", "2026-02-30", "0000-00-00",
    "9999-12-31", "2200-12-31", "1900-01-01", "2026-W01", "2026-01-01T00:00:00", str(uuid4()), "0" * 32, "x" * 5000,
    "EUR", "eur", "day", "amount",
]  # fmt: skip
ETAGS = [
    "", '""', "*,*", 'W/""', "1", '"1"', '"abc"', '"000000000000.1"', '"{epoch}.99999999999"', '"{epoch}.0"',
    '"{epoch}.-1"', '"{epoch}.1", "{epoch}.2"', "{epoch}.1", '"{epoch}.\u0661"', '"{epoch}.1', '"{epoch}.1"x',
    'w/"{epoch}.1"', "\u00ff", "null", '"' + "9" * 9000 + '"',
]  # fmt: skip
KEYS = ["", " ", "k" * 201, "\x01", "k\tk", "caf\u00e9", "\u00ff"]
# Streams that never end by themselves: refused or opened, and then let go.
LIVE = "/api/v1/events"


def parameters(operation: Operation, place: str) -> list[str]:
    return [p["name"] for p in operation.described["parameters"] if p["in"] == place]


def right(answer: httpx.Response) -> None:
    assert answer.status_code < 500, (answer.request.url, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


async def called(bob: Resident, operation: Operation, path: str, **more: Any) -> httpx.Response:
    content = operation.described.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        more["json"] = smallest(schema_of(operation), bob)
    url = "http://localhost:8000/api/v1" + path
    return await bob.person.client.request(operation.method, url, **more)


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if parameters(o, "query") and o.path != LIVE],
    ids=lambda o: f"{o.method} {o.path}",
)
async def test_no_query_breaks_a_route(operation: Operation, bob: Resident) -> None:
    place = operation.place(bob)
    for name in parameters(operation, "query"):
        for junk in JUNK:
            right(await called(bob, operation, f"{place}?{name}={junk}"))
        right(await called(bob, operation, f"{place}?{name}=1&{name}=2&{name}="))
    answer = await called(bob, operation, f"{place}?%00=%00&{quote('ключ')}=1")
    right(answer)


@pytest.mark.parametrize("name", ["min", "max"])
async def test_an_amount_filter_takes_no_junk_with_a_currency_either(
    name: str, bob: Resident
) -> None:
    for operation in OPERATIONS:
        if name in parameters(operation, "query"):
            for junk in JUNK:
                path = f"{operation.place(bob)}?currency=EUR&{name}={junk}"
                right(await called(bob, operation, path))


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if "{" in o.path], ids=lambda o: f"{o.method} {o.path}"
)
async def test_no_path_breaks_a_route(operation: Operation, bob: Resident) -> None:
    steps = operation.path.removeprefix("/api/v1").split("/")
    for place, step in enumerate(steps):
        if not step.startswith("{"):
            continue
        for junk in JUNK:
            filled = [
                junk if n == place else "default" if s == "{ledger}" else str(uuid4()) if "{" in s else s
                for n, s in enumerate(steps)
            ]  # fmt: skip
            right(await called(bob, operation, "/".join(filled), headers=operation.headers))


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if "If-Match" in parameters(o, "header")],
    ids=lambda o: f"{o.method} {o.path}",
)
async def test_a_wrong_tag_changes_nothing(operation: Operation, bob: Resident) -> None:
    me = await bob.person.call("GET", "/me", status=200)
    epoch = me.headers["etag"][1:13]
    for form in ETAGS:
        header = {"If-Match": form.replace("{epoch}", epoch).encode("utf-8")}
        answer = await called(bob, operation, operation.place(bob), headers=header)
        right(answer)
        assert answer.status_code >= 400, form


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if "Idempotency-Key" in parameters(o, "header")],
    ids=lambda o: f"{o.method} {o.path}",
)
async def test_a_strange_key_is_refused(operation: Operation, bob: Resident) -> None:
    for key in KEYS:
        header = {"Idempotency-Key": key.encode("latin-1")}
        right(await called(bob, operation, operation.place(bob), headers=header))


async def test_a_stream_of_events_is_refused_where_it_cannot_be(bob: Resident) -> None:
    for query in ("ledger=%00", "ledger=x", f"ledger={uuid4()}", "&".join(["ledger=default"] * 51)):
        answer = await bob.person.client.get(f"/api/v1/events?{query}")
        right(answer)
        assert answer.status_code >= 400
