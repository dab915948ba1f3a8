"""Bodies that are JSON only in name: too deep, too big, twice the same, packed, or something else."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from fuzz.bodies import WITH_BODY, Operation, schema_of, smallest
from fuzz.resident import Resident
from fuzz.test_parameters import right

EXPENSES = "/api/v1/ledgers/default/expenses"
each = pytest.mark.parametrize("operation", WITH_BODY, ids=lambda o: f"{o.method} {o.path}")


async def sent(
    operation: Operation, bob: Resident, content: bytes, **headers: str
) -> httpx.Response:
    answer = await bob.person.client.request(
        operation.method, "/api/v1" + operation.place(bob), content=content,
        headers={"Content-Type": "application/json", **operation.headers, **headers},
    )  # fmt: skip
    right(answer)
    return answer


@each
async def test_nesting_without_end_is_refused(operation: Operation, bob: Resident) -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    name = next(iter(schema_of(operation)["properties"])).encode()
    objects = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    for content in (
        deep,
        b'{"%s": %s}' % (name, deep),
        b'{"%s": %s}' % (name, objects),
        b"[" * 100_000,
    ):
        answer = await sent(operation, bob, content)
        assert answer.status_code in {400, 403, 404, 422}, answer.text


@each
async def test_no_number_is_too_much_to_refuse(operation: Operation, bob: Resident) -> None:
    schema = schema_of(operation)
    body = smallest(schema, bob)
    for name in schema["properties"]:
        for number in (
            b"1e400",
            b"-1e400",
            b"9" * 400,
            b"1" * 5000,
            b"9223372036854775808",
            b"1.5",
            b"-0",
            b"1e-400",
        ):
            whole = {**body, name: "@"}
            content = json.dumps(whole).encode().replace(b'"@"', number)
            await sent(operation, bob, content)


@each
async def test_what_is_no_object_is_refused(operation: Operation, bob: Resident) -> None:
    for content in (
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"NaN",
        b"Infinity",
        b"{'a': 1}",
        b"{a: 1}",
        b"// x\n{}",
        b"{}{}",
    ):
        answer = await sent(operation, bob, content)
        assert answer.status_code >= 400 or not schema_of(operation).get("required"), content


async def test_of_a_name_given_twice_the_last_counts_and_nothing_breaks(bob: Resident) -> None:
    content = b'{"amount": "1", "amount": "2", "amount": "3"}'
    answer = await bob.person.client.post(EXPENSES, content=content)
    assert (answer.status_code, answer.json()["amount"]) == (201, "3.00")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
        "x",
    ],
)
async def test_another_kind_of_content_is_never_a_failure(kind: str, bob: Resident) -> None:
    for content in (b"amount=1", b"--x\r\n", b"<a/>", b"\x00\xff"):
        answer = await bob.person.client.post(
            EXPENSES, content=content, headers={"Content-Type": kind}
        )
        right(answer)
        assert answer.status_code >= 400


async def test_a_packed_body_is_not_unpacked(bob: Resident) -> None:
    bomb = gzip.compress(b"\x00" * (64 << 20))
    whole = b'{"amount": "1"}'
    for content, coding in (
        (bomb, "gzip"), (gzip.compress(whole), "gzip"), (zlib.compress(whole), "deflate"), (whole, "br"),
    ):  # fmt: skip
        answer = await bob.person.client.post(
            EXPENSES, content=content, headers={"Content-Encoding": coding}
        )
        right(answer)
        assert answer.status_code == 415, (coding, answer.text)


async def test_a_body_of_unknown_length_is_cut_at_the_limit(bob: Resident) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 1 << 30:
            given += 1 << 16
            yield b" " * (1 << 16)

    answer = await bob.person.client.post(EXPENSES, content=endless())
    assert answer.status_code == 413


async def test_an_empty_list_of_rows_changes_nothing(bob: Resident) -> None:
    for body in ({"create": []}, {"trash": True, "ids": []}, {"change": {"note": "x"}, "ids": []}):
        answer = await bob.person.client.post(f"{EXPENSES}/bulk", json=body)
        assert (answer.status_code, answer.json()) == (200, {"results": [], "counts": {}})
