"""What is recorded: numbers of entries only. Amounts, names and categories never leave the database as metrics."""

from typing import Final

from panels import Dashboard, Panel, Row, of_release

_WRITES: Final = 'method!~"GET|HEAD|OPTIONS",status=~"2..",route=~"/api/v1/ledgers/.*"'

ENTRIES: Final = Row(
    "Entries",
    (
        Panel(
            title="Recorded, last 24 hours",
            description="Entries recorded within a day, imports included.",
            queries=(("sum(increase(outlay_expenses_created_total{@}[24h])) or vector(0)", ""),),
            unit="short",
            kind="stat",
            width=6,
            height=4,
        ),
        Panel(
            title="Recorded, last 30 days",
            description="Entries recorded within 30 days, as far as Prometheus remembers.",
            queries=(("sum(increase(outlay_expenses_created_total{@}[30d])) or vector(0)", ""),),
            unit="short",
            kind="stat",
            width=6,
            height=4,
        ),
        Panel(
            title="Imported files' rows, last 30 days",
            description="Rows of files that were looked at for an import.",
            queries=(("sum(increase(outlay_import_rows_total{@}[30d])) or vector(0)", ""),),
            unit="short",
            kind="stat",
            width=6,
            height=4,
        ),
        Panel(
            title="Taken back, last 24 hours",
            description="Change sets undone and imports reverted within a day.",
            queries=(
                (
                    'sum(increase(outlay_http_requests_total{@,route=~".*/(undo|revert)",status=~"2.."}[24h])) or vector(0)',
                    "",
                ),
            ),
            unit="short",
            kind="stat",
            width=6,
            height=4,
        ),
        Panel(
            title="Entries over time",
            description="Entries recorded an hour.",
            queries=(("sum(increase(outlay_expenses_created_total{@}[1h])) or vector(0)", "entries"),),
            unit="short",
            width=12,
        ),
        Panel(
            title="Entries by source",
            description="Entries recorded an hour by where they came from: pages, API, command line, import, demo.",
            queries=(
                ("sum by (source) (increase(outlay_expenses_created_total{@}[1h])) or vector(0)", "{{source}}"),
            ),
            unit="short",
            width=12,
            stacked=True,
        ),
    ),
)  # fmt: skip
WORK: Final = Row(
    "Work on the ledgers",
    (
        Panel(
            title="Reads and writes",
            description="Requests a second that read ledgers, and those that changed them.",
            queries=(
                (
                    'sum(rate(outlay_http_requests_total{@,method="GET",status=~"2..",route=~"/api/v1/ledgers/.*"}[$__rate_interval])) or vector(0)',
                    "reads",
                ),
                (f"sum(rate(outlay_http_requests_total{{@,{_WRITES}}}[$__rate_interval])) or vector(0)", "writes"),
            ),
            unit="reqps",
        ),
        Panel(
            title="Changes by kind",
            description="Successful changes an hour by what they change.",
            queries=(
                (f"topk(10, sum by (method, route) (increase(outlay_http_requests_total{{@,{_WRITES}}}[1h])))", "{{method}} {{route}}"),
            ),
            unit="short",
        ),
        Panel(
            title="Clashes",
            description="Changes an hour that were refused because the row had changed (412) or the id was taken (409).",
            queries=(
                ('sum by (status) (increase(outlay_http_requests_total{@,status=~"409|412"}[1h])) or vector(0)', "{{status}}"),
            ),
            unit="short",
        ),
        Panel(
            title="Rows of imported files",
            description="Rows an hour by verdict: new, double, wrong.",
            queries=(
                ("sum by (verdict) (increase(outlay_import_rows_total{@}[1h])) or vector(0)", "{{verdict}}"),
            ),
            unit="short",
            stacked=True,
        ),
        Panel(
            title="Searches and sums",
            description="Lists and summaries asked for a second.",
            queries=(
                ('sum(rate(outlay_http_requests_total{@,method="GET",route="/api/v1/ledgers/{ledger}/expenses"}[$__rate_interval])) or vector(0)', "lists"),
                ('sum(rate(outlay_http_requests_total{@,method="GET",route=~".*/summary"}[$__rate_interval])) or vector(0)', "summaries"),
            ),
            unit="reqps",
        ),
        Panel(
            title="Time to record an entry",
            description="The time within which 95 of 100 entries were recorded.",
            queries=(
                ('histogram_quantile(0.95, sum by (le) (rate(outlay_http_request_duration_seconds_bucket{@,method=~"PUT|POST",route=~".*/expenses(/{id})?"}[1h])))', "95%"),
            ),
            unit="s",
            steps=((None, "green"), (0.25, "orange"), (0.5, "red")),
            runbook="OutlaySlow",
        ),
    ),
)  # fmt: skip

DASHBOARD: Final = Dashboard(
    name="expenses",
    title="Outlay / Expenses",
    description="How much is recorded, from where, and what becomes of it. Only numbers of entries: what was spent, on what and by whom is nobody's business but the ledger's.",
    variables=of_release("outlay_build_info"),
    rows=(ENTRIES, WORK),
)
