"""The service's API as the commands call it."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import click
import httpx
import msgspec

from outlay import __version__
from outlay.cli.errors import UnreachableError
from outlay.cli.problems import refusal
from outlay.cli.run import Run
from outlay.cli.target import Target

TRIES: Final = 4
_LONGEST_WAIT: Final = 5.0
PATIENCE: Final = 60.0
# The service reads, commits and takes back a million rows in less.
LONG_PATIENCE: Final = 900.0
CREATE: Final = {"If-None-Match": "*"}

Params = Mapping[str, Any]


class Api:
    """Calls under /api/v1; what may be sent twice is sent again when the service is away.

    That is every GET, a PUT that creates (`If-None-Match: *`), and what carries an
    `Idempotency-Key`.
    """

    def __init__(self, target: Target, run: Run, *, as_json: bool = False) -> None:
        self.run = run
        self.as_json = as_json
        self.url = target.url
        self.client = httpx.Client(
            base_url=f"{target.url}/api/v1",
            headers={
                "Authorization": f"Bearer {target.token}",
                "User-Agent": f"outlay-cli/{__version__}",
            },
            timeout=_timeout(PATIENCE),
        )

    def close(self) -> None:
        self.client.close()

    def get(self, path: str, params: Params | None = None) -> Any:
        return self.call("GET", path, params=params)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> Any:
        """Return the decoded answer, None for an empty one; raises a CommandError for a refusal.

        `patience` is how many seconds the service may take to answer.
        """
        answer = self.answer(
            method, path, body=body, params=params, headers=headers, patience=patience
        )
        return msgspec.json.decode(answer.content) if answer.content else None

    def answer(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> httpx.Response:
        """Return the raw answer; raises a CommandError for a refusal."""
        sent = {**(headers or {}), "X-Request-Id": self.run.request_id()}
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            sent["Content-Type"] = "application/json"
        request = self.client.build_request(
            method,
            path.lstrip("/"),
            content=content,
            params=_given(params),
            headers=sent,
            timeout=_timeout(patience),
        )
        answer = self._send(request, may_repeat=_may_repeat(method, sent))
        if answer.status_code >= 300:
            self._refuse(answer)
        return answer

    @contextlib.contextmanager
    def stream(self, path: str, params: Params | None = None) -> Iterator[httpx.Response]:
        """Give an answer whose body is read bit by bit."""
        headers = {"X-Request-Id": self.run.request_id()}
        try:
            with self.client.stream(
                "GET", path.lstrip("/"), params=_given(params), headers=headers
            ) as answer:
                if answer.status_code >= 300:
                    answer.read()
                    self._refuse(answer)
                yield answer
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def upload(
        self, path: str, file: Iterator[bytes], *, params: Params, headers: Mapping[str, str]
    ) -> Any:
        """Send a file bit by bit, once, and return the decoded answer."""
        request = self.client.build_request(
            "POST",
            path.lstrip("/"),
            content=file,
            params=_given(params),
            headers={**headers, "X-Request-Id": self.run.request_id()},
            timeout=_timeout(LONG_PATIENCE),
        )
        answer = self._send(request, may_repeat=False)
        if answer.status_code >= 300:
            self._refuse(answer)
        return msgspec.json.decode(answer.content)

    def _refuse(self, answer: httpx.Response) -> None:
        if place := answer.headers.get("location"):
            # The token goes nowhere but where the person said.
            raise UnreachableError(f"{_place(self.url)} points to {place}; set OUTLAY_URL to that")
        if self.as_json and answer.content:
            click.echo(answer.text)
        raise refusal(answer.status_code, answer.content)

    def _send(self, request: httpx.Request, *, may_repeat: bool) -> httpx.Response:
        for tries_left in range(TRIES - 1 if may_repeat else 0, -1, -1):
            wait = 0.25 * 2 ** (TRIES - 1 - tries_left)
            try:
                answer = self.client.send(request)
            except httpx.TransportError as error:
                if not tries_left:
                    raise self._unreachable(error) from error
            else:
                if answer.status_code != 503 or not tries_left:
                    return answer
                wait = _asked_wait(answer, wait)
            time.sleep(wait)
        raise AssertionError

    def _unreachable(self, error: httpx.TransportError) -> UnreachableError:
        reason = str(error) or type(error).__name__
        return UnreachableError(f"{_place(self.url)} cannot be reached: {reason}")


def _may_repeat(method: str, headers: Mapping[str, str]) -> bool:
    return method == "GET" or "Idempotency-Key" in headers or headers.get("If-None-Match") == "*"


def _asked_wait(answer: httpx.Response, otherwise: float) -> float:
    asked = answer.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else otherwise


def _timeout(patience: float) -> httpx.Timeout:
    return httpx.Timeout(patience, connect=5.0)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"The service at {parts.hostname}" + (f", port {parts.port}" if parts.port else "")


def _given(params: Params | None) -> dict[str, Any] | None:
    return {name: value for name, value in params.items() if value is not None} if params else None
