"""Imports as a client makes them."""

import json
from typing import Any

from world import Person

PATH = "/ledgers/default/imports"


async def upload(person: Person, data: bytes, *, status: int = 201, **params: Any) -> Any:
    """Upload a file and return the preview, or the problem."""
    if isinstance(params.get("layout"), dict):
        params["layout"] = json.dumps(params["layout"])
    answer = await person.call("POST", PATH, content=data, params=params, status=status)
    return answer.json()


async def commit(person: Person, preview: dict[str, Any], **body: Any) -> Any:
    path = f"{PATH}/{preview['id']}/commit"
    return (await person.call("POST", path, json=body, status=200)).json()


async def imported(person: Person, data: bytes, **params: Any) -> Any:
    """Upload and commit at once; returns what the commit did."""
    return await commit(person, await upload(person, data, **params))


async def revert(person: Person, import_id: str, **body: Any) -> Any:
    path = f"{PATH}/{import_id}/revert"
    return (await person.call("POST", path, json=body, status=200)).json()


async def rows(person: Person, preview: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    """All rows of a preview, page by page."""
    found: list[dict[str, Any]] = []
    after = 0
    while after is not None:
        answer = await person.call(
            "GET", f"{PATH}/{preview['id']}/rows", params={**params, "after": after}, status=200
        )
        found += answer.json()["items"]
        after = answer.json()["next"]
    return found


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    """The newest 500 expenses."""
    answer = await person.call(
        "GET", "/ledgers/default/expenses", params={"limit": 500, **params}, status=200
    )
    return answer.json()["items"]  # type: ignore[no-any-return]


def bank(*lines: str) -> bytes:
    """A file with the columns Date, What and Amount."""
    return "".join(f"{line}\n" for line in ("Date,What,Amount", *lines)).encode()


async def account(person: Person, name: str, currency: str = "EUR") -> str:
    body = {"name": name, "currency": currency}
    answer = await person.call("POST", "/ledgers/default/accounts", json=body, status=201)
    return answer.json()["id"]  # type: ignore[no-any-return]


async def category(person: Person, name: str, **more: Any) -> str:
    body = {"name": name, **more}
    answer = await person.call("POST", "/ledgers/default/categories", json=body, status=201)
    return answer.json()["id"]  # type: ignore[no-any-return]
