"""Timed GET requests over one kept connection: what one person at one screen waits."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from bench.house import TOKEN

Params = Mapping[str, str | int]


@dataclass(frozen=True)
class Asker:
    """A connection to the service at `url`."""

    connection: http.client.HTTPConnection

    def get(self, ledger: UUID, path: str, params: Params) -> tuple[float, Any]:
        """Milliseconds until the whole answer was there, and the answer."""
        target = f"/api/v1/ledgers/{ledger}/{path}?{urlencode(params)}"
        started = perf_counter()
        self.connection.request("GET", target, headers={"Authorization": f"Bearer {TOKEN}"})
        answer = self.connection.getresponse()
        body = answer.read()
        taken = (perf_counter() - started) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{target} was answered with {answer.status}: {body[:500]!r}")
        return taken, json.loads(body)


@contextmanager
def asking(url: str) -> Iterator[Asker]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        yield Asker(connection)
    finally:
        connection.close()
