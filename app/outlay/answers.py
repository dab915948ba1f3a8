"""The answer most routes give: JSON, a status, a few headers, and nothing else."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Response
from litestar.types import Receive, Scope, Send

T = TypeVar("T")
_ENCODE = msgspec.json.Encoder().encode
_JSON = (b"content-type", b"application/json")


class Answer(Response[T]):
    """A Response without cookies, background tasks and encoders, which go unused here.

    Litestar's own took twice the time of the rest of its handling (bench/RESULTS.md).
    """

    def __init__(  # the base class's is what costs
        self,
        content: T,
        *,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.content = content
        self.status_code = status_code
        self.headers = dict(headers) if headers else {}

    def to_asgi_response(self, *_: Any, status_code: int | None = None, **__: Any) -> Any:
        """What Litestar awaits with scope, receive and send."""
        status = self.status_code or status_code or 200
        body = b"" if status in {204, 304} else _ENCODE(self.content)
        headers = [(name.lower().encode(), text.encode()) for name, text in self.headers.items()]
        if body:
            headers += [_JSON, (b"content-length", b"%d" % len(body))]
        return _Sent(status, headers, body)


class _Sent:
    __slots__ = ("_body", "_headers", "_status")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self._status = status
        self._headers = headers
        self._body = body

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": self._status, "headers": self._headers}
        )
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
