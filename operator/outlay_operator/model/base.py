"""How a model becomes part of a CustomResourceDefinition: names in camelCase, rules in CEL."""

from typing import Annotated, Any, ClassVar, Final

import msgspec
from msgspec import Meta

GROUP: Final = "outlay.dev"
VERSION: Final = "v1alpha1"
API_VERSION: Final = f"{GROUP}/{VERSION}"


class Rule(msgspec.Struct, frozen=True):
    """A validation that the API server makes itself: a CEL expression and the sentence it answers."""

    rule: str
    message: str


class Model(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """A part of a resource. Unknown fields are the API server's to prune, so none is an error here."""

    rules: ClassVar[tuple[Rule, ...]] = ()


def rules(*pairs: tuple[str, str]) -> dict[str, Any]:
    """Return CEL rules for one field, as Meta's extra_json_schema."""
    made = [{"rule": rule, "message": message} for rule, message in pairs]
    return {"x-kubernetes-validations": made}


# Names of objects are DNS subdomains (RFC 1123).
Name = Annotated[
    str, Meta(min_length=1, max_length=253, pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
]
Text = Annotated[str, Meta(max_length=1024)]
Word = Annotated[str, Meta(min_length=1, max_length=253)]
Moment = Annotated[str, Meta(max_length=64, extra_json_schema={"format": "date-time"})]
Quantity = Annotated[
    int | str,
    Meta(
        extra_json_schema={
            "x-kubernetes-int-or-string": True,
            "pattern": r"^([0-9]+)(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$",
            "maxLength": 32,
        }
    ),
]
Count = Annotated[int, Meta(ge=0, extra_json_schema={"format": "int64"})]


class Condition(Model, frozen=True, kw_only=True):
    """As in every Kubernetes object (KEP-1623)."""

    type: Annotated[str, Meta(max_length=64)]
    status: Annotated[str, Meta(extra_json_schema={"enum": ["True", "False", "Unknown"]})]
    reason: Annotated[str, Meta(max_length=128)]
    message: Annotated[str, Meta(max_length=4096)] = ""
    last_transition_time: Moment = ""
    observed_generation: Count = 0


Conditions = Annotated[
    tuple[Condition, ...],
    Meta(
        description="How it stands.",
        max_length=16,
        extra_json_schema={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
    ),
]
