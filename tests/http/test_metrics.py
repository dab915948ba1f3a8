"""What Prometheus sees of requests: templates and statuses, never what people wrote."""

from uuid import uuid4

import httpx
from prometheus_client.parser import text_string_to_metric_families

from imports.uploading import bank, upload
from outlay.db import acquire
from outlay.main import Service
from outlay.management import Readiness, application
from outlay.metrics import exposition
from world import World


async def test_requests_are_counted_by_template_and_status(world: World) -> None:
    ada = await world.person()
    secret = f"secret{uuid4().hex}"
    made = await ada.expense("98765.43", secret)
    await ada.call("GET", f"/ledgers/default/expenses/{made['id']}", status=200)
    await ada.call("GET", f"/ledgers/default/expenses/{uuid4()}", status=404)
    await ada.call("GET", f"/no-such-page/{secret}", status=404)
    text = exposition().decode()
    one = 'method="GET",route="/api/v1/ledgers/{ledger}/expenses/{id}",status='
    for status in ("200", "404"):
        assert f'outlay_http_requests_total{{{one}"{status}"}}' in text
        assert f'outlay_http_request_duration_seconds_count{{{one}"{status}"}}' in text
    assert 'outlay_http_requests_total{method="GET",route="(none)",status="404"}' in text
    assert (
        'outlay_http_requests_in_flight{method="GET",route="/api/v1/ledgers/{ledger}/expenses/{id}"} 0.0'
        in text
    )
    assert 'outlay_expenses_created_total{source="api"}' in text
    samples = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    names = "\n".join(name for name, _, _ in samples)
    for hidden in (secret, "98765", made["id"], str(ada.ledger)):
        assert hidden not in names
    assert not {98765.43, 9876543.0} & {float(value) for _, _, value in samples}


async def scraped(service: Service) -> dict[str, float]:
    """The samples of /metrics; those with a verdict by `name verdict`."""
    transport = httpx.ASGITransport(application(Readiness(service.settings)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        text = (await client.get("/metrics")).text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {f"{one.name} {one.labels.get('verdict', '')}".rstrip(): one.value for one in samples}


async def test_lent_connections_and_waits_for_them_are_told(world: World, service: Service) -> None:
    ada = await world.person()
    before = await scraped(service)
    await ada.expense("4.20", "Coffee")
    async with acquire(service.pool):
        during = await scraped(service)
    after = await scraped(service)
    busy, waits = "outlay_db_connections_busy", "outlay_db_acquire_seconds_count"
    assert during[busy] == before[busy] + 1
    assert after[busy] == before[busy]
    assert after["outlay_db_connections_limit"] == service.settings.database_pool
    assert after[waits] >= before[waits] + 2
    assert after["outlay_db_acquire_seconds_sum"] > before["outlay_db_acquire_seconds_sum"]


async def test_rows_of_imported_files_are_counted_by_verdict(
    world: World, service: Service
) -> None:
    ada = await world.person()
    before = await scraped(service)
    await upload(
        ada,
        bank("2026-11-02,Coffee,-1.00", "2026-11-03,Bus,-2.00", "2026-11-04,Tea,nothing"),
    )
    after = await scraped(service)
    came = {
        verdict: after[f"outlay_import_rows_total {verdict}"]
        - before.get(f"outlay_import_rows_total {verdict}", 0)
        for verdict in ("new", "duplicate", "error", "skipped")
    }
    assert came == {"new": 2, "duplicate": 0, "error": 1, "skipped": 0}
