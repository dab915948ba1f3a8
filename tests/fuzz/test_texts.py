"""Every text field of every body, with what must not get in and what must get in unharmed."""

import json
from typing import Any

import httpx
import pytest

from fuzz.bodies import WITH_BODY, Operation, schema_of, smallest, texts, with_text
from fuzz.resident import Resident

FIELDS = [
    pytest.param(operation, path, id=f"{operation.method} {operation.path} {'/'.join(path)}")
    for operation in WITH_BODY
    for path in texts(schema_of(operation))
]
# Written as JSON escapes where they are no characters at all.
REFUSED = {
    "NUL": "a\x00b",
    "escape": "\x1b[31mred",
    "bell": "\x07",
    "C1": "a\x85b",
    "high surrogate": "\ud800",
    "low surrogate": "a\udc00b",
    "surrogates the wrong way round": "\udc00\ud800",
    "hundred thousand letters": "x" * 100_000,
}
HARMLESS = [
    "\u202egnp.exe", "\u200f\u05e9\u05dc\u05d5\u05dd", "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "e\u0301", "\ufeffbom", "\uffff", "\U0010ffff", "' or 1=1 --", "%s %(x)s {0} ${x}", "\\u0000", "<script>alert(1)",
    "../../etc/passwd", "a" * 99,
]  # fmt: skip


def sent(operation: Operation, path: tuple[str, ...], bob: Resident, text: str) -> bytes:
    schema = schema_of(operation)
    body = with_text(smallest(schema, bob), path, schema, bob, text)
    return json.dumps(body).encode()


async def answered(operation: Operation, bob: Resident, content: bytes) -> httpx.Response:
    answer = await bob.person.client.request(
        operation.method, "/api/v1" + operation.place(bob), content=content, headers=operation.headers
    )  # fmt: skip
    assert answer.status_code < 500, (operation.path, content[:200], answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    return answer


@pytest.mark.parametrize(("operation", "path"), FIELDS)
async def test_what_cannot_be_kept_is_refused(
    operation: Operation, path: tuple[str, ...], bob: Resident
) -> None:
    for name, text in REFUSED.items():
        answer = await answered(operation, bob, sent(operation, path, bob, text))
        assert answer.status_code >= 400, name


@pytest.mark.parametrize(("operation", "path"), FIELDS)
async def test_what_is_only_strange_comes_back_as_it_was(
    operation: Operation, path: tuple[str, ...], bob: Resident
) -> None:
    for text in HARMLESS:
        answer = await answered(operation, bob, sent(operation, path, bob, text))
        if answer.is_success and answer.content:
            echoed = found(answer.json(), path[-1])
            assert echoed in {None, text.strip()}, text


def found(told: Any, name: str) -> Any:
    """The field of that name in the answer, if it has one."""
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else None


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda o: f"{o.method} {o.path}")
async def test_bytes_that_are_no_text_are_refused(operation: Operation, bob: Resident) -> None:
    whole = json.dumps(smallest(schema_of(operation), bob)).encode()
    for raw in (
        b"\xff\xfe", b'{"name": "\xff"}', b'{"name": "\xed\xa0\x80"}', b'{"name": "\xc0\x80"}', b"\x00",
        whole.decode().encode("utf-16"), b"\xef\xbb\xbf" + whole, whole[:-1], whole + whole, whole[:-1] + b"\x00}",
    ):  # fmt: skip
        assert (await answered(operation, bob, raw)).status_code >= 400, raw


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda o: f"{o.method} {o.path}")
async def test_ten_megabytes_are_too_much(operation: Operation, bob: Resident) -> None:
    most = 16 << 20 if operation.path.endswith("/bulk") else 1 << 20
    content = b'{"name": "' + b"x" * max(10 << 20, most) + b'"}'
    assert (await answered(operation, bob, content)).status_code == 413
