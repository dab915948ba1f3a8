"""Turns a model into a structural schema, as a CustomResourceDefinition wants it."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from outlay_operator.model.base import Model

Schema = dict[str, Any]
_DROPPED: Final = frozenset({"title", "$ref", "$defs"})


def structural(model: type[Model], *, defaults: bool = True) -> Schema:
    """Return the schema of a model without references; `defaults` False leaves them out, as for a status."""
    named = {kind.__name__: kind for kind in _all(Model)}
    made = msgspec.json.schema(model)
    return _plain(made, made["$defs"], named, defaults=defaults)


def _all(kind: type[Model]) -> Iterator[type[Model]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all(each)


def _plain(
    part: Schema, definitions: Schema, named: dict[str, type[Model]], *, defaults: bool
) -> Schema:
    reference = part.get("$ref", "").removeprefix("#/$defs/")
    whole = definitions[reference] | part if reference else part
    made = {key: value for key, value in whole.items() if key not in _DROPPED}
    if reference and named[reference].rules:
        made["x-kubernetes-validations"] = [
            msgspec.to_builtins(rule) for rule in named[reference].rules
        ]
    if not defaults:
        made.pop("default", None)
    if "enum" in made:
        made["type"] = "string"
    for key in ("items", "additionalProperties"):
        if isinstance(made.get(key), dict):
            made[key] = _plain(made[key], definitions, named, defaults=defaults)
    if "properties" in made:
        made["properties"] = {
            name: _plain(value, definitions, named, defaults=defaults)
            for name, value in made["properties"].items()
        }
        if "default" in made:
            # Rules look at a default before the defaults of its parts are filled in.
            filled = {
                key: value["default"]
                for key, value in made["properties"].items()
                if "default" in value
            }
            made["default"] = filled | made["default"]
    if made.get("additionalProperties") == {} or "x-kubernetes-preserve-unknown-fields" in made:
        made.pop("additionalProperties", None)
    if not made.get("required"):
        # The API server drops an empty list, and would take the file for another definition.
        made.pop("required", None)
    return dict(sorted(made.items(), key=_order))


_FIRST: Final = ("description", "type", "format", "default", "enum", "pattern")


def _order(item: tuple[str, Any]) -> tuple[int, str]:
    key = item[0]
    return (_FIRST.index(key) if key in _FIRST else len(_FIRST), key)
