"""`python -m outlay.describe`: the API's description on standard output, for what is generated from it."""

import sys

import msgspec

from outlay.apidocs.schema import complete
from outlay.main import Service
from outlay.settings import Settings


def description() -> bytes:
    """OpenAPI as `/api/openapi.json` serves it, indented; needs no database."""
    app = Service(Settings(), "").litestar
    return msgspec.json.format(msgspec.json.encode(complete(app, app.openapi_schema.to_schema())))


if __name__ == "__main__":
    sys.stdout.buffer.write(description() + b"\n")
