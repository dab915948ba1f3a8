"""The service: rate, errors, duration, saturation."""

from typing import Final

from panels import Dashboard, Panel, Row, of_release

LEVELS: Final = ((None, "green"), (0.7, "orange"), (0.9, "red"))

NOW: Final = Row(
    "Now",
    (
        Panel(
            title="Pods ready",
            description="Pods that can serve. With none, nobody can use Outlay.",
            queries=(("sum(outlay_ready{@})", ""),),
            unit="none",
            kind="stat",
            steps=((None, "red"), (1, "green")),
            width=4,
            height=4,
            runbook="OutlayDown",
        ),
        Panel(
            title="Requests",
            description="Requests answered a second.",
            queries=(("sum(rate(outlay_http_requests_total{@}[$__rate_interval]))", ""),),
            unit="reqps",
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            title="Failed, last hour",
            description="Share of requests that the service failed to answer (5xx). The objective allows one in a thousand.",
            queries=(
                (
                    (
                        '(sum(rate(outlay_http_requests_total{@,status=~"5.."}[1h])) or vector(0))'
                        " / sum(rate(outlay_http_requests_total{@}[1h]))"
                    ),
                    "",
                ),
            ),
            unit="percentunit",
            kind="stat",
            steps=((None, "green"), (0.001, "orange"), (0.0144, "red")),
            width=4,
            height=4,
            runbook="OutlayErrorBudgetBurnFast",
        ),
        Panel(
            title="95 of 100 within",
            description="The time within which 95 of 100 requests were answered, live streams apart.",
            queries=(
                (
                    "histogram_quantile(0.95, sum by (le) (rate(outlay_http_request_duration_seconds_bucket{@}[5m])))",
                    "",
                ),
            ),
            unit="s",
            kind="stat",
            steps=((None, "green"), (0.25, "orange"), (0.5, "red")),
            width=4,
            height=4,
            runbook="OutlaySlow",
        ),
        Panel(
            title="Live connections",
            description="Browsers that are told of changes as they happen.",
            queries=(("sum(outlay_sse_clients{@})", ""),),
            unit="none",
            kind="stat",
            width=4,
            height=4,
        ),
        Panel(
            title="Version",
            description="Versions that run. Two of them for long mean an upgrade that is stuck.",
            queries=(("count by (version) (outlay_build_info{@})", "{{version}}"),),
            unit="none",
            kind="stat",
            text="name",
            width=4,
            height=4,
            runbook="OutlayMigrationsStuck",
        ),
    ),
)
TRAFFIC: Final = Row(
    "Rate and errors",
    (
        Panel(
            title="Requests by status",
            description="Requests a second by status. 4xx are refusals, 5xx faults of the service.",
            queries=(
                (
                    "sum by (status) (rate(outlay_http_requests_total{@}[$__rate_interval]))",
                    "{{status}}",
                ),
            ),
            unit="reqps",
            stacked=True,
        ),
        Panel(
            title="Requests by route",
            description="The ten routes asked most.",
            queries=(
                (
                    "topk(10, sum by (method, route) (rate(outlay_http_requests_total{@}[$__rate_interval])))",
                    "{{method}} {{route}}",
                ),
            ),
            unit="reqps",
        ),
        Panel(
            title="Failed by route",
            description="Requests a second that failed (5xx), by route.",
            queries=(
                (
                    'sum by (method, route) (rate(outlay_http_requests_total{@,status=~"5.."}[$__rate_interval])) or vector(0)',
                    "{{method}} {{route}}",
                ),
            ),
            unit="reqps",
            runbook="OutlayErrors",
        ),
    ),
)
DURATION: Final = Row(
    "Duration",
    (
        Panel(
            title="Time to answer",
            description="Within which time 50, 95 and 99 of 100 requests were answered, live streams apart.",
            queries=tuple(
                (
                    f"histogram_quantile({share}, sum by (le) (rate(outlay_http_request_duration_seconds_bucket{{@}}[$__rate_interval])))",
                    f"{share:.0%}",
                )
                for share in (0.5, 0.95, 0.99)
            ),
            unit="s",
            steps=((None, "green"), (0.5, "red")),
            runbook="OutlaySlow",
        ),
        Panel(
            title="Slowest routes",
            description="The ten routes with the longest 95th percentile.",
            queries=(
                (
                    "topk(10, histogram_quantile(0.95, sum by (le, method, route) (rate(outlay_http_request_duration_seconds_bucket{@}[5m]))) > 0)",
                    "{{method}} {{route}}",
                ),
            ),
            unit="s",
            runbook="OutlaySlow",
        ),
        Panel(
            title="Error budget left, 30 days",
            description="What is left of the one in a thousand requests that may fail within 30 days. Below zero the objective is missed.",
            queries=(
                (
                    (
                        '1 - ((sum(increase(outlay_http_requests_total{@,status=~"5.."}[30d])) or vector(0))'
                        " / sum(increase(outlay_http_requests_total{@}[30d]))) / 0.001"
                    ),
                    "left",
                ),
            ),
            unit="percentunit",
            steps=((None, "red"), (0, "orange"), (0.5, "green")),
            least=None,
            most=1,
            runbook="OutlayErrorBudgetBurnSlow",
        ),
    ),
)
SATURATION: Final = Row(
    "Saturation",
    (
        Panel(
            title="Requests in flight",
            description="Requests being answered at the moment of the scrape, live streams included.",
            queries=(("sum by (pod) (outlay_http_requests_in_flight{@})", "{{pod}}"),),
            unit="none",
        ),
        Panel(
            title="Database connections in use",
            description="Share of each pod's database connections that are lent out. At 1, requests wait.",
            queries=(
                ("outlay_db_connections_busy{@} / outlay_db_connections_limit{@}", "{{pod}}"),
            ),
            unit="percentunit",
            steps=((None, "green"), (0.8, "red")),
            most=1,
            runbook="OutlaySaturated",
        ),
        Panel(
            title="Wait for a database connection",
            description="The time within which 95 of 100 requests had a connection.",
            queries=(
                (
                    "histogram_quantile(0.95, sum by (le, pod) (rate(outlay_db_acquire_seconds_bucket{@}[$__rate_interval])))",
                    "{{pod}}",
                ),
            ),
            unit="s",
            runbook="OutlaySaturated",
        ),
        Panel(
            title="Processor",
            description="Processor time that each pod uses; 1 is a whole core, and one process uses little more.",
            queries=(
                (
                    'rate(process_cpu_seconds_total{@,component="service"}[$__rate_interval])',
                    "{{pod}}",
                ),
            ),
            unit="none",
            steps=((None, "green"), (0.8, "red")),
        ),
        Panel(
            title="Memory",
            description="Memory of each pod's process. Imports and passwords take some for a moment.",
            queries=(('process_resident_memory_bytes{@,component="service"}', "{{pod}}"),),
            unit="bytes",
        ),
        Panel(
            title="Open files",
            description="Share of the files and connections that each process may open.",
            queries=(
                (
                    'process_open_fds{@,component="service"} / process_max_fds{@,component="service"}',
                    "{{pod}}",
                ),
            ),
            unit="percentunit",
            steps=LEVELS,
            most=1,
        ),
    ),
)
BESIDE: Final = Row(
    "Live updates, sign-in and housekeeping",
    (
        Panel(
            title="Live connections",
            description="Open live streams by pod.",
            queries=(("sum by (pod) (outlay_sse_clients{@})", "{{pod}}"),),
            unit="none",
        ),
        Panel(
            title="Listening to other pods",
            description="1 while a pod hears what the others change. At 0 its live updates come late, by the slow poll.",
            queries=(("outlay_listener_up{@}", "{{pod}}"),),
            unit="none",
            steps=((None, "red"), (1, "green")),
            most=1,
        ),
        Panel(
            title="Live streams told to load anew",
            description="By reason: too far behind, restored, too slow.",
            queries=(("sum by (reason) (increase(outlay_sse_resets_total{@}[$__rate_interval])) or vector(0)", "{{reason}}"),),
            unit="none",
        ),
        Panel(
            title="Tries to sign in",
            description="By outcome. Many wrong ones at once are somebody guessing.",
            queries=(("sum by (outcome) (increase(outlay_sign_ins_total{@}[$__rate_interval])) or vector(0)", "{{outcome}}"),),
            unit="none",
        ),
        Panel(
            title="Starts",
            description="Times that each pod's process started within half an hour.",
            queries=(('changes(process_start_time_seconds{@,component="service"}[30m])', "{{pod}}"),),
            unit="none",
            steps=((None, "green"), (3, "red")),
            runbook="OutlayRestarting",
        ),
        Panel(
            title="Rows removed as over",
            description="What housekeeping removed within an hour: old trash, ended sessions, used links, keys.",
            queries=(("sum by (kind) (increase(outlay_housekeeping_rows_total{@}[1h])) or vector(0)", "{{kind}}"),),
            unit="none",
        ),
    ),
)  # fmt: skip

DASHBOARD: Final = Dashboard(
    name="service",
    title="Outlay / Service",
    description="Whether Outlay can be used, how fast it answers, and what it runs out of first.",
    variables=of_release("outlay_build_info"),
    rows=(NOW, TRAFFIC, DURATION, SATURATION, BESIDE),
)
