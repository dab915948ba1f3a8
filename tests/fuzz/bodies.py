"""The smallest body that fits each operation's schema, and where its texts are."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

from fuzz.resident import Resident
from outlay.apidocs.schema import complete
from outlay.main import Service
from outlay.settings import Settings


class Operation(NamedTuple):
    method: str
    path: str
    described: dict[str, Any]

    def place(self, ada: Resident) -> str:
        """The path with the default ledger and known ids in it."""
        known = ada.some(self.path)
        steps = []
        for step in self.path.removeprefix("/api/v1").split("/"):
            if step == "{ledger}":
                steps.append("default")
            elif step.startswith("{"):
                steps.append(known[0] if known else str(uuid4()))
            else:
                steps.append(step)
        return "/".join(steps)

    @property
    def headers(self) -> dict[str, str]:
        """What lets a change through without knowing the version."""
        return {"PUT": {"If-None-Match": "*"}, "PATCH": {"If-Match": "*"}}.get(self.method, {})


def description() -> dict[str, Any]:
    app = Service(Settings(), "postgresql://nowhere").litestar
    return complete(app, app.openapi_schema.to_schema())


DESCRIBED = description()
OPERATIONS = [
    Operation(method.upper(), path, described)
    for path, item in DESCRIBED["paths"].items()
    for method, described in item.items()
]
WITH_BODY = [
    operation
    for operation in OPERATIONS
    if "application/json" in operation.described.get("requestBody", {}).get("content", {})
]


def schema_of(operation: Operation) -> dict[str, Any]:
    return _resolved(operation.described["requestBody"]["content"]["application/json"]["schema"])


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Without references, and of several choices the first that is not null."""
    if "$ref" in schema:
        return _resolved(DESCRIBED["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for choices in (schema.get("oneOf"), schema.get("anyOf")):
        if choices:
            return _resolved(next(choice for choice in choices if choice.get("type") != "null"))
    return schema


def smallest(schema: dict[str, Any], ada: Resident) -> Any:
    """A value that fits: only what is required, and the plainest of it."""
    schema = _resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        wanted = {name: schema["properties"][name] for name in schema.get("required", ())}
        return {name: smallest(described, ada) for name, described in wanted.items()}
    if "pattern" in schema:
        return "12"
    kind = schema.get("format", schema.get("type"))
    return {**PLAINEST, "uuid": ada.known["categories"][0]}.get(kind, "text")


PLAINEST = {
    "array": [],
    "integer": 1,
    "number": 1,
    "boolean": False,
    "date": "2026-01-31",
    "date-time": "2030-01-31T00:00:00Z",
}


def texts(schema: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Where the body's texts are: paths of names; a list's items by their first."""
    schema = _resolved(schema)
    for name, described in schema.get("properties", {}).items():
        inner = _resolved(described)
        if inner.get("type") == "string" and not inner.keys() & {"enum", "format", "pattern"}:
            yield (name,)
        for path in texts(inner):
            yield (name, *path)


def with_text(
    body: Any, path: tuple[str, ...], schema: dict[str, Any], ada: Resident, text: str
) -> Any:
    """The body with `text` at the path, and the smallest of everything on the way there."""
    name, *rest = path
    inner = _resolved(_resolved(schema)["properties"][name])
    if not rest:
        return {**body, name: text}
    below = body.get(name) or smallest(inner, ada)
    return {**body, name: with_text(below, tuple(rest), inner, ada, text)}
