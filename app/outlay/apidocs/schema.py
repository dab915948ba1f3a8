"""The OpenAPI 3.1 description: Litestar's, with what only this project knows added to it."""

from typing import Any, Final

from litestar import Litestar

from outlay.access import Access
from outlay.apidocs import fields
from outlay.queries import described as described_query

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong and what to do (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Stable name, such as urn:outlay:problem:not-found",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer into the body, or /name of a parameter",
                    },
                    "detail": {"type": "string"},
                },
            },
        },
        "current": {"description": "With 409 and 412: the row as it is now"},
    },
}
_HEADERS: Final = {
    "If-Match": "ETag of the row you change; 428 without it, 412 when it is stale",
    "If-None-Match": "`*` to create only; an ETag to be answered 304 when nothing changed",
    "Idempotency-Key": "1 to 200 characters; the same request again gets the first answer for 30 days",
    "Last-Event-ID": "Where a stream broke off",
}
_SECURITY: Final = {
    "token": {"type": "http", "scheme": "bearer", "description": "An API token"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "outlay_session",
        "description": "The browser's session; the name carries the instance",
    },
}


def complete(app: Litestar, described: dict[str, Any]) -> dict[str, Any]:
    """Add to Litestar's description what only this project knows.

    Problems, security, conditional requests and their answers, who may call, bodies and answers
    that are files, and what the fields' names promise.
    """
    components = described.setdefault("components", {})
    fields.complete(components.setdefault("schemas", {}))
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = _SECURITY
    rules = _rules(app)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            _complete(method, operation, rules[path, method.upper()])
    return described


def _rules(app: Litestar) -> dict[tuple[str, str], Access]:
    found: dict[tuple[str, str], Access] = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            rule = handler.opt.get("access")
            if isinstance(rule, Access):
                for method in handler.http_methods:
                    found[route.path_format, method] = rule
    return found


def _complete(method: str, operation: dict[str, Any], rule: Access) -> None:
    operation["responses"] = _responses(method, operation.get("responses", {}), rule)
    parameters = operation.setdefault("parameters", [])
    for kind in rule.query:
        parameters += described_query(kind)
    for parameter in parameters:
        parameter["schema"] = fields.named(parameter["name"], parameter["schema"])
    for name in rule.headers:
        parameters.append(
            {
                "in": "header",
                "name": name,
                "description": _HEADERS[name],
                "schema": {"type": "string"},
            }
        )
    if rule.body == "stream" and method != "get":
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    operation["security"] = [] if rule.who == "anyone" else [{"token": []}, {"session": []}]
    operation["x-outlay-access"] = _words(rule)


def _responses(method: str, responses: dict[str, Any], rule: Access) -> dict[str, Any]:
    responses.pop("400", None)
    if "204" in responses:
        responses["204"].pop("content", None)
    if rule.media:
        responses["200"]["content"] = {kind.partition(";")[0]: {} for kind in rule.media}
    if "If-None-Match" in rule.headers:
        if method == "get":
            responses["304"] = {"description": "Nothing changed since the ETag that was sent"}
        else:
            responses["201"] = {**responses["200"], "description": "Created"}
    responses["default"] = {
        "description": "A problem",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    return responses


def _words(rule: Access) -> str:
    match rule.who:
        case "anyone":
            return "Anyone."
        case "user":
            return f"Signed-in people; tokens with scope {rule.scope}."
        case "admin":
            return "Administrators of the installation; tokens with scope admin."
        case "member":
            return (
                f"Members of the ledger, {rule.role.name} or above; tokens with scope {rule.scope}."
            )
