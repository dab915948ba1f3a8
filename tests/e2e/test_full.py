"""A full disk: said, seen by Prometheus as alerts, and over when there is room again; nothing is lost."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from cluster import Failed
from e2e import activity
from e2e.conftest import Open
from e2e.disk import empty, fill, small_disk
from e2e.place import Place, accepted, eventually

MEBIBYTES = 160
ALERTS = {"OutlayDatabaseDown", "OutlayDown", "OutlayErrors"}


@pytest.fixture(scope="module")
def place(opened: Open) -> Iterator[Place]:
    with opened("full") as place:
        yield place


@pytest.fixture(scope="module")
def disk(place: Place) -> Iterator[str]:
    with small_disk(place, MEBIBYTES) as folder:
        persistence = {"storageClass": place.namespace, "size": f"{MEBIBYTES}Mi"}
        try:
            place.install({"drainSeconds": 0, "postgresql": {"persistence": persistence}})
            place.ready()
            yield folder
        finally:
            place.helm("uninstall", "outlay", "--wait")
            place.kubectl("delete", "pvc", "--all")


def test_a_full_disk_is_said_and_alarms_and_is_over_when_there_is_room(
    place: Place, disk: str
) -> None:
    with place.api() as api:
        activity.record(api, f"/ledgers/default/expenses/{uuid4()}", "before")
        fill(place, disk)
        refused = write_until_refused(api)
        assert refused.status_code == 503
        assert "The database has no room left" in refused.text
        use_up_the_log(place)
        said = place.until_told("postgresql", "The volume is full")
        assert "make it larger, or delete what else is on it" in said
        eventually(lambda: alarmed(place, api), f"all of {ALERTS} fire", 420)
    empty(place, disk)
    place.ready(400)
    with place.api() as api:
        kept = accepted(api.get("/ledgers/default/expenses"))["items"]
        assert "before" in {each["description"] for each in kept}
        activity.record(api, f"/ledgers/default/expenses/{uuid4()}", "after")
    over = {"OutlayDown", "OutlayDatabaseDown"}
    eventually(lambda: not firing(place) & over, "the alerts end", 120)


def write_until_refused(api: httpx.Client) -> httpx.Response:
    """Write until there is no room left for it; the first answer that says so."""
    for _ in range(2000):
        body = {"amount": "1.00", "description": "x" * 200, "note": "y" * 2000}
        place = f"/ledgers/default/expenses/{uuid4()}"
        answer = api.put(place, json=body, headers={"If-None-Match": "*"})
        if answer.status_code != 201:
            return answer
    raise AssertionError("the disk was never full")


def use_up_the_log(place: Place) -> None:
    """Make PostgreSQL begin files of its log until it has no room for one, and ends."""
    sql = "select pg_logical_emit_message(false, 'e2e', 'x'); select pg_switch_wal()"

    def is_over() -> bool:
        try:
            place.psql(sql)
        except Failed:
            return True
        return False

    eventually(is_over, "PostgreSQL ends")


def alarmed(place: Place, api: httpx.Client) -> bool:
    """Whether the alerts fire by now. Meanwhile somebody tries again, as people do."""
    assert api.get("/ledgers/default/expenses").status_code == 503
    return firing(place) >= ALERTS


def firing(place: Place) -> set[str]:
    """The alerts that fire for this installation, as Prometheus says."""
    found = place.cluster.query(f'ALERTS{{alertstate="firing",namespace="{place.namespace}"}}')
    return {each["metric"]["alertname"] for each in found}
