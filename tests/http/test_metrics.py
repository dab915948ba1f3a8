"""What Prometheus sees of requests: templates and statuses, never what people wrote."""

from uuid import uuid4

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
    for hidden in (secret, "98765", made["id"], str(ada.ledger)):
        assert hidden not in text
