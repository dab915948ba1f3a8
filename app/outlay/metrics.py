"""What Prometheus sees: no label without a bound, never an amount or a name."""

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Info, generate_latest

from outlay import __version__

BUILD = Info("outlay_build", "Version of this program")
BUILD.info({"version": __version__})

REQUESTS = Counter("outlay_http_requests_total", "Requests answered", ["method", "route", "status"])
DURATION = Histogram(
    "outlay_http_request_duration_seconds",
    "Time from a request's first byte to its answer's last, by route template",
    ["method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_FLIGHT = Gauge(
    "outlay_http_requests_in_flight",
    "Requests being answered, by route template",
    ["method", "route"],
)
READY = Gauge("outlay_ready", "1 while requests can be served, 0 while they cannot")
POOL_BUSY = Gauge("outlay_db_connections_busy", "Database connections lent out")
POOL_LIMIT = Gauge("outlay_db_connections_limit", "Database connections at most")
POOL_WAIT = Histogram(
    "outlay_db_acquire_seconds",
    "Time a request waited for a database connection",
    buckets=(0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
)
EXPENSES_CREATED = Counter("outlay_expenses_created_total", "Expenses recorded", ["source"])
IMPORT_ROWS = Counter("outlay_import_rows_total", "Rows of imported files by verdict", ["verdict"])
SSE_CLIENTS = Gauge("outlay_sse_clients", "Live connections held")
SSE_DROPPED = Counter("outlay_sse_resets_total", "Live connections told to load anew", ["reason"])
LISTENER_UP = Gauge("outlay_listener_up", "1 while other processes' changes are listened for")
HOUSEKEPT = Counter("outlay_housekeeping_rows_total", "Rows removed as over, by kind", ["kind"])
HOUSEKEEPING_DONE = Gauge(
    "outlay_housekeeping_last_success_timestamp_seconds", "When housekeeping last ended here"
)
SIGN_INS = Counter("outlay_sign_ins_total", "Tries to sign in", ["outcome"])


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
