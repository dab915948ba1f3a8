"""Calls the routes that return an Answer, without what Litestar prepares for other kinds.

Litestar's way to a function (guards, caches, cookies, forms, dependencies, a model of its signature
and a second decoding of the body) took an eighth of a create's time (bench/RESULTS.md). Routing,
documentation and every other route stay Litestar's.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from outlay.answers import Answer
from outlay.errors import BadRequest, InvalidInput
from outlay.problems import from_msgspec

BODY: Final = "data"


class Direct(msgspec.Struct, frozen=True):
    """A function that takes the request, parameters of the path and a body, as far as it names them."""

    function: Callable[..., Awaitable[Answer[Any]]]
    path: tuple[str, ...]
    decoder: msgspec.json.Decoder[Any] | None
    status: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = {name: scope["path_params"][name] for name in self.path}
        if self.decoder is not None:
            given[BODY] = decoded(self.decoder, scope["state"].get("body", b""))
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        answer = await self.function(request=request, **given)
        await answer.to_asgi_response(status_code=self.status)(scope, receive, send)


def decoded(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """The body as the route wants it; raises BadRequest or InvalidInput."""
    if not body:
        raise InvalidInput.field("", "Send a JSON body")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise from_msgspec(error, strip="") from error
    except msgspec.DecodeError as error:
        raise BadRequest(str(error)) from error
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not text in UTF-8") from error
    except RecursionError as error:
        raise BadRequest("The body is nested too deeply") from error


def direct_of(handler: object, path: frozenset[str]) -> Direct | None:
    """How to call it directly; None where the route needs more than that."""
    if not isinstance(handler, HTTPRouteHandler):
        return None
    signature = handler.parsed_fn_signature
    names = signature.parameters.keys()
    if not signature.return_type.is_subclass_of(Answer) or names - path - {"request", BODY}:
        return None
    body = signature.parameters.get(BODY)
    return Direct(
        function=handler.fn,
        path=tuple(names & path),
        decoder=None if body is None else msgspec.json.Decoder(body.annotation),
        status=handler.status_code,
    )
