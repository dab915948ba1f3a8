"""What serves the API's description: /api/openapi.json for programs, /api/docs for people."""

from typing import Any

import msgspec
from litestar import Request, Router
from litestar.enums import HttpMethod, MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition

from outlay import __version__
from outlay.access import anyone
from outlay.apidocs.page import render
from outlay.apidocs.schema import complete

AnyRequest = Request[Any, Any, Any]


class _Kept(OpenAPIRenderPlugin):
    """Renders once; the routes never change while the program runs."""

    kept: bytes | None = None

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        if self.kept is None:
            self.kept = self.made(complete(request.app, openapi_schema))
        return self.kept

    def made(self, described: dict[str, Any]) -> bytes:
        return msgspec.json.encode(described)


class _Docs(_Kept):
    def made(self, described: dict[str, Any]) -> bytes:
        return render(described)


def operation_id(
    handler: HTTPRouteHandler,
    _method: HttpMethod | Method,
    _path: list[str | PathParameterDefinition],
) -> str:
    """The function's name in camel case: clients that are made from the description call it by that."""
    first, *rest = handler.fn.__name__.split("_")
    return first + "".join(word.capitalize() for word in rest)


def config() -> OpenAPIConfig:
    """Litestar's own description, served by these two and nothing else."""
    return OpenAPIConfig(
        title="Outlay",
        version=__version__,
        description="A household's expenses: every change seen, undone and restored.",
        openapi_router=Router(
            "/api", route_handlers=[], include_in_schema=False, opt=anyone(db="none")
        ),
        operation_id_creator=operation_id,
        render_plugins=[
            _Kept(path="/openapi.json", media_type=MediaType.JSON),
            _Docs(path="/docs", media_type=MediaType.HTML),
        ],
    )
