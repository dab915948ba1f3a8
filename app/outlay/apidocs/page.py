"""The API's documentation as one plain page: no script, nothing from elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import msgspec

Described = dict[str, Any]


def render(described: Described) -> bytes:
    """The page for an OpenAPI description."""
    groups = _grouped(described["paths"])
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Outlay API</title>'
        '<link rel="stylesheet" href="/pages/style.css"></head><body><header><h1>Outlay API</h1>'
        f'<p class="quiet">Version {escape(described["info"]["version"])}, OpenAPI '
        f'{escape(described["openapi"])}, <a href="/api/openapi.json">openapi.json</a></p>'
    )
    parts = [
        head,
        _INTRODUCTION,
        "</header><nav aria-label='Contents'><ul>",
        *(f'<li><a href="#{_anchor(name)}">{escape(name)}</a></li>' for name in groups),
        '<li><a href="#schemas">Schemas</a></li></ul></nav><main>',
    ]
    for name, operations in groups.items():
        parts.append(f'<h2 id="{_anchor(name)}">{escape(name.capitalize())}</h2>')
        parts += [_operation(*operation) for operation in operations]
    parts.append('<h2 id="schemas">Schemas</h2>')
    parts += _schemas(described["components"]["schemas"])
    parts.append("</main></body></html>")
    return "".join(parts).encode()


_INTRODUCTION = (
    "<p>Amounts are decimal text (<code>&quot;12.50&quot;</code>) with an ISO 4217 code; dates are the ledger's own. "
    "<code>{ledger}</code> is an id or <code>default</code>. A change names the version it changes "
    "(<code>If-Match</code>); a create can be sent again safely (<code>If-None-Match: *</code> with your own "
    "id, or <code>Idempotency-Key</code>). Errors are <code>application/problem+json</code> and say which "
    "field is meant.</p>"
)


def _grouped(paths: Described) -> dict[str, list[tuple[str, str, Described]]]:
    groups: dict[str, list[tuple[str, str, Described]]] = defaultdict(list)
    for path, item in sorted(paths.items()):
        for method, operation in item.items():
            groups[_group(path)].append((method.upper(), path, operation))
    return dict(sorted(groups.items()))


def _group(path: str) -> str:
    steps = [step for step in path.removeprefix("/api/v1").split("/") if step and "{" not in step]
    if steps[:1] == ["ledgers"] and len(steps) > 1:
        return steps[1]
    return steps[0] if steps else "other"


def _anchor(name: str) -> str:
    return "part-" + "".join(c if c.isalnum() else "-" for c in name)


def _operation(method: str, path: str, operation: Described) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    rows = [_parameter(p) for p in operation.get("parameters", [])]
    rows += [
        f"<tr><td><code>body</code></td><td>{escape(kind)}</td><td>{_type(content.get('schema', {}))}</td></tr>"
        for kind, content in body.items()
    ]
    answers = ", ".join(
        _answer(status, said)
        for status, said in operation["responses"].items()
        if status != "default"
    )
    table = "<div class='scroll' tabindex='0'><table><thead><tr><th>Name</th><th>In</th><th>Meaning</th></tr></thead>"
    table = f"{table}<tbody>{''.join(rows)}</tbody></table></div>" if rows else ""
    return (
        f'<section class="operation"><h3><span class="method">{method}</span> <code>{escape(path)}</code></h3>'
        f"<p>{_prose(operation.get('summary'))}. {_prose(operation.get('description'))}</p>"
        f'<p class="quiet">{escape(operation["x-outlay-access"])}</p>{table}<p>Answers: {answers}</p></section>'
    )


def _prose(text: str | None) -> str:
    """Text with `code` in backticks."""
    parts = escape(text or "").split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))


def _parameter(parameter: Described) -> str:
    needed = ", needed" if parameter.get("required") else ""
    meaning = _prose(parameter.get("description"))
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}{needed}</td>"
        f"<td>{meaning} {_type(parameter.get('schema', {}))}</td></tr>"
    )


def _answer(status: str, said: Described) -> str:
    kinds = ", ".join(
        f"{escape(kind)} {_type(content.get('schema', {}))}"
        for kind, content in said.get("content", {}).items()
    )
    return f"{escape(status)} {kinds}".strip()


def _type(schema: Described) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
    return f'<span class="quiet">{escape(" | ".join(_names(schema)))}</span>'


def _names(schema: Described) -> Iterator[str]:
    choices: Iterable[Described] = schema.get("oneOf") or schema.get("anyOf") or ()
    for choice in choices:
        yield from _names(choice)
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1]
    kind = schema.get("type", ())
    for name in [kind] if isinstance(kind, str) else kind:
        yield (
            f"{name} of {' | '.join(_names(schema.get('items', {})))}" if name == "array" else name
        )
    if "enum" in schema:
        yield ", ".join(str(value) for value in schema["enum"])


def _schemas(schemas: Described) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        text = msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
        yield (
            f'<details id="schema-{escape(name)}"><summary>{escape(schema.get("title") or name)}</summary>'
            f"<pre tabindex='0'>{escape(text)}</pre></details>"
        )
