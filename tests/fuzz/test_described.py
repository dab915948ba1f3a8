"""Every operation of the API's own description, with what fits it and what does not."""

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fuzz.resident import Resident
from outlay.apidocs.schema import complete
from outlay.main import Service
from outlay.settings import Settings

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SETTINGS = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Never ends by itself; its parameters are tried in test_parameters.py.
LIVE = {"/api/v1/events"}


def described() -> Any:
    app = Service(Settings(), "postgresql://nowhere").litestar
    return schemathesis.openapi.from_dict(complete(app, app.openapi_schema.to_schema()))


OPERATIONS = {
    operation.label: operation
    for operation in (result.ok() for result in described().get_all_operations())
    if operation.path not in LIVE
}


NAMES = {
    "category_id": "categories",
    "parent_id": "categories",
    "account_id": "accounts",
    "to_account_id": "accounts",
    "refund_of": "expenses",
    "default_ledger_id": "ledgers",
}
LISTS = {
    "tag_ids": "tags",
    "add_tags": "tags",
    "remove_tags": "tags",
    "ids": "expenses",
    "ledger_ids": "ledgers",
}


@st.composite
def cases(draw: st.DrawFn, operation: Any, ada: Resident) -> Any:
    """A call of the operation, mostly on something that exists, and mostly allowed to change it."""
    fixed = {"ledger": "default"} if "{ledger}" in operation.path else {}
    some = ada.some(operation.path)
    for name in ("id", "user", "seq"):
        if f"{{{name}}}" in operation.path and some and draw(st.integers(0, 4)):
            fixed[name] = draw(st.sampled_from(some))
    fits = draw(st.integers(0, 2)) > 0
    mode = GenerationMode.POSITIVE if fits else GenerationMode.NEGATIVE
    case = draw(operation.as_strategy(mode, path_parameters=fixed))
    if operation.method in {"put", "patch", "delete"} and draw(st.integers(0, 4)):
        kind = "If-None-Match" if operation.method == "put" else "If-Match"
        case.headers = {**(case.headers or {}), kind: "*"}
    if fits:
        case.body = draw(fitted(case.body, ada))
    return case


@st.composite
def fitted(draw: st.DrawFn, body: Any, ada: Resident) -> Any:
    """The body with ids that mean something, where it has ids at all."""
    match body:
        case dict():
            return {key: draw(_known(key, value, ada)) for key, value in body.items()}
        case list():
            return [draw(fitted(item, ada)) for item in body]
        case _:
            return body


def _known(key: str, value: Any, ada: Resident) -> st.SearchStrategy[Any]:
    if value is None or isinstance(value, bool):
        return st.just(value)
    if key in NAMES:
        return st.sampled_from([None, *ada.known[NAMES[key]]])
    if key in LISTS:
        return st.lists(st.sampled_from(ada.known[LISTS[key]]), max_size=3)
    if key == "into":
        return st.sampled_from([*ada.known["categories"], *ada.known["tags"]])
    return fitted(value, ada)


# The service lives in the same process and draws random numbers of its own meanwhile.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("label", OPERATIONS)
async def test_no_call_of_an_operation_breaks_it(label: str, ada: Resident, url: str) -> None:
    operation = OPERATIONS[label]
    headers = {"Authorization": f"Bearer {ada.person.token}"}

    @given(case=cases(operation, ada))
    @SETTINGS
    def call(case: Any) -> None:
        response = case.call(base_url=url, headers=headers, timeout=20)
        case.validate_response(response, checks=CHECKS)

    await asyncio.to_thread(call)
