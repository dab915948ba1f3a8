"""What fields promise beyond their JSON type: amounts, currencies, and that nothing else is taken."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from outlay.money.currencies import EXPONENTS

AMOUNT: Final[dict[str, Any]] = {
    "type": "string",
    "title": "Amount",
    "description": "Decimal text with no more decimals than the currency has",
    "pattern": r"^-?[0-9]+(\.[0-9]{1,4})?$",
    "examples": ["12.50", "-3", "0.005"],
}
CURRENCY: Final[dict[str, Any]] = {
    "type": "string",
    "title": "Currency",
    "description": "ISO 4217 code of money in use",
    "enum": sorted(EXPONENTS),
    "x-outlay-decimals": {code: n for code, n in sorted(EXPONENTS.items()) if n != 2},
}
_NAMED: Final = {
    "Amount": frozenset(
        {
            "amount", "to_amount", "opening_balance", "balance", "start", "end", "change", "spent",
            "income", "net", "average", "per_day", "previous_spent", "min", "max",
        }
    ),
    "Currency": frozenset({"currency", "to_currency"}),
}  # fmt: skip


def complete(schemas: dict[str, Any]) -> None:
    """Tell in every schema what its fields' names mean, and which bodies refuse unknown fields."""
    strict = {struct.__name__ for struct in _structs() if _is_strict(struct)}
    for name, schema in schemas.items():
        if name in strict:
            schema["additionalProperties"] = False
        properties = schema.get("properties", {})
        for field, described in properties.items():
            properties[field] = named(field, tidied(described))
    schemas["Amount"] = AMOUNT
    schemas["Currency"] = CURRENCY


def tidied(schema: dict[str, Any]) -> dict[str, Any]:
    """Without choices that are none: Litestar describes the dots of `tuple[int, ...]` and UNSET as such."""
    if "items" in schema:
        schema = {**schema, "items": tidied(schema["items"])}
    if "oneOf" not in schema:
        return schema
    choices = [tidied(choice) for choice in schema["oneOf"] if choice]
    rest = {key: value for key, value in schema.items() if key != "oneOf"}
    return {**choices[0], **rest} if len(choices) == 1 else {**rest, "oneOf": choices}


def named(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field or parameter; a plain text of a telling name becomes what it stands for."""
    for kind, names in _NAMED.items():
        if name in names:
            return _replaced(schema, {"$ref": f"#/components/schemas/{kind}"})
    return schema


def _replaced(schema: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") == "string" and "enum" not in schema:
        return {**{key: value for key, value in schema.items() if key != "type"}, **reference}
    if "oneOf" in schema:
        return {**schema, "oneOf": [_replaced(choice, reference) for choice in schema["oneOf"]]}
    return schema


def _structs(base: type[msgspec.Struct] = msgspec.Struct) -> Iterator[type[msgspec.Struct]]:
    for struct in base.__subclasses__():
        yield struct
        yield from _structs(struct)


def _is_strict(struct: type[msgspec.Struct]) -> bool:
    return (
        struct.__module__.startswith("outlay.") and struct.__struct_config__.forbid_unknown_fields
    )
