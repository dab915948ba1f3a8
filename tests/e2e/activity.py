"""A little of everything that somebody does with Outlay, so that every dashboard has something to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from uuid import uuid4

import httpx

from e2e.place import ADMIN, accepted

ROWS = "Date,Description,Amount\n2026-11-02,Bread,-3.20\n2026-11-03,Coffee,-2.10\n"


def use(api: httpx.Client) -> None:
    """Record, read, change, clash, import, take back, mistype the password."""
    ledger = "/ledgers/default"
    places = [f"{ledger}/expenses/{uuid4()}" for _ in range(5)]
    made = [record(api, place) for place in places]
    for _ in range(5):
        accepted(api.get(f"{ledger}/expenses"))
        accepted(
            api.get(f"{ledger}/expenses/summary", params={"from": "2026-01-01", "to": "2026-12-31"})
        )
    change = {"description": "Tea"}
    accepted(api.patch(places[0], json=change, headers={"If-Match": made[0]["etag"]}))
    clash = api.patch(places[0], json=change, headers={"If-Match": made[0]["etag"]})
    assert clash.status_code == 412, clash.text
    imported = accepted(api.post(f"{ledger}/imports", content=ROWS))
    one = f"{ledger}/imports/{imported['id']}"
    accepted(api.post(f"{one}/commit", json={}))
    accepted(api.post(f"{one}/revert", json={}))
    wrong = api.post("/session", json={"email": ADMIN, "password": "not this one, surely"})
    assert wrong.status_code in {401, 429}, wrong.text


def record(api: httpx.Client, place: str, description: str = "Coffee") -> dict[str, str]:
    body = {"amount": "4.20", "description": description}
    made: dict[str, str] = accepted(api.put(place, json=body, headers={"If-None-Match": "*"}))
    return made


@contextmanager
def following(api: httpx.Client) -> Iterator[None]:
    """Hold a live stream open during the block, which begins at a place that nobody knows."""
    with api.stream(
        "GET", "/events", headers={"Last-Event-ID": "elsewhere.1"}, timeout=None
    ) as live:
        reading = Thread(target=lambda: [None for _ in quiet(live)], daemon=True)
        reading.start()
        yield
    reading.join(10)


def quiet(live: httpx.Response) -> Iterator[bytes]:
    """Its bytes until it is closed from this side."""
    try:
        yield from live.iter_bytes()
    except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
        return
