"""A definition as YAML."""

from typing import Final

import yaml

from outlay_operator.crds.definitions import Resource, definition

_HEAD: Final = "# Written by `make generated` from operator/outlay_operator/model; a test fails when it is out of date.\n"


def text(resource: Resource) -> str:
    made: str = yaml.safe_dump(definition(resource), sort_keys=False, width=110, allow_unicode=True)
    return _HEAD + made
