"""What the ledger's tests make again and again, through the API."""

from typing import Any
from uuid import uuid4

from world import Person

CREATE = {"If-None-Match": "*"}
HOME = "/ledgers/default"


async def make(person: Person, what: str, /, **body: Any) -> dict[str, Any]:
    """Create a category, account or tag (`what` is the path's plural) and return it."""
    answer = await person.call(
        "PUT", f"{HOME}/{what}/{uuid4()}", json=body, headers=CREATE, status=201
    )
    return answer.json()  # type: ignore[no-any-return]


async def change(person: Person, what: str, row: dict[str, Any], /, **body: Any) -> dict[str, Any]:
    """Patch a row as it was last seen and return it."""
    answer = await person.call(
        "PATCH", f"{HOME}/{what}/{row['id']}", json=body, headers=match(row), status=200
    )
    return answer.json()  # type: ignore[no-any-return]


async def remove(person: Person, what: str, row: dict[str, Any]) -> dict[str, Any]:
    answer = await person.call(
        "DELETE", f"{HOME}/{what}/{row['id']}", headers=match(row), status=200
    )
    return answer.json()  # type: ignore[no-any-return]


async def read(person: Person, what: str, row: dict[str, Any] | str) -> dict[str, Any]:
    id = row if isinstance(row, str) else row["id"]
    answer = await person.call("GET", f"{HOME}/{what}/{id}", status=200)
    return answer.json()  # type: ignore[no-any-return]


async def items(person: Person, what: str, **params: Any) -> list[dict[str, Any]]:
    answer = await person.call("GET", f"{HOME}/{what}", params=params, status=200)
    return answer.json()["items"]  # type: ignore[no-any-return]


async def undo(person: Person, seq: int, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = await person.call(
        "POST", f"{HOME}/changes/{seq}/undo", json=body or None, status=status
    )
    return answer.json()  # type: ignore[no-any-return]


async def last_seq(person: Person) -> int:
    answer = await person.call("GET", f"{HOME}/changes", params={"limit": 1}, status=200)
    return answer.json()["items"][0]["seq"]  # type: ignore[no-any-return]


def match(row: dict[str, Any]) -> dict[str, str]:
    return {"If-Match": row["etag"]}


def without_version(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k not in {"version", "etag", "updated_at"}}
