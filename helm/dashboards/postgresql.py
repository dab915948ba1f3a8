"""PostgreSQL, as postgres_exporter sees it."""

from typing import Final

from panels import Dashboard, Panel, Row, of_release

_RATE: Final = "[$__rate_interval]"

NOW: Final = Row(
    "Now",
    (
        Panel(
            title="Up",
            description="1 while the exporter reaches PostgreSQL.",
            queries=(("max(pg_up{@})", ""),),
            unit="none",
            kind="stat",
            steps=((None, "red"), (1, "green")),
            width=4,
            height=4,
            runbook="OutlayDatabaseDown",
        ),
        Panel(
            title="Connections in use",
            description="Share of max_connections.",
            queries=(("sum(pg_stat_database_numbackends{@}) / max(pg_settings_max_connections{@})", ""),),
            unit="percentunit",
            kind="stat",
            steps=((None, "green"), (0.7, "orange"), (0.8, "red")),
            width=5,
            height=4,
            runbook="OutlayDatabaseConnectionsHigh",
        ),
        Panel(
            title="Found in the cache",
            description="Share of pages that PostgreSQL found in its own cache within an hour. Much below 0.95, more memory helps.",
            queries=(
                ("sum(rate(pg_stat_database_blks_hit{@}[1h])) / (sum(rate(pg_stat_database_blks_hit{@}[1h])) + sum(rate(pg_stat_database_blks_read{@}[1h])))", ""),
            ),
            unit="percentunit",
            kind="stat",
            steps=((None, "red"), (0.9, "orange"), (0.95, "green")),
            width=5,
            height=4,
        ),
        Panel(
            title="Size",
            description="Size of all databases.",
            queries=(("sum(pg_database_size_bytes{@})", ""),),
            unit="bytes",
            kind="stat",
            width=5,
            height=4,
        ),
        Panel(
            title="Running since",
            description="Time since PostgreSQL started.",
            queries=(("time() - max(pg_postmaster_start_time_seconds{@})", ""),),
            unit="s",
            kind="stat",
            width=5,
            height=4,
            runbook="OutlayRestarting",
        ),
    ),
)  # fmt: skip
WORK: Final = Row(
    "Work",
    (
        Panel(
            title="Transactions",
            description="Transactions a second, committed and rolled back.",
            queries=(
                (f"sum(rate(pg_stat_database_xact_commit{{@}}{_RATE}))", "committed"),
                (f"sum(rate(pg_stat_database_xact_rollback{{@}}{_RATE}))", "rolled back"),
            ),
            unit="ops",
        ),
        Panel(
            title="Rows written",
            description="Rows inserted, updated and deleted a second.",
            queries=tuple(
                (f"sum(rate(pg_stat_database_tup_{what}{{@}}{_RATE}))", what)
                for what in ("inserted", "updated", "deleted")
            ),
            unit="ops",
        ),
        Panel(
            title="Rows read",
            description="Rows read by scans, and those among them that queries fetched by an index, a second.",
            queries=(
                (f"sum(rate(pg_stat_database_tup_returned{{@}}{_RATE}))", "read"),
                (f"sum(rate(pg_stat_database_tup_fetched{{@}}{_RATE}))", "fetched"),
            ),
            unit="ops",
        ),
        Panel(
            title="Cache",
            description="Pages a second found in PostgreSQL's cache, and pages that had to be read.",
            queries=(
                (f"sum(rate(pg_stat_database_blks_hit{{@}}{_RATE}))", "found"),
                (f"sum(rate(pg_stat_database_blks_read{{@}}{_RATE}))", "read"),
            ),
            unit="ops",
        ),
        Panel(
            title="Temporary files",
            description="Bytes a second that sorts and joins wrote to disk for want of work_mem.",
            queries=((f"sum(rate(pg_stat_database_temp_bytes{{@}}{_RATE}))", "written"),),
            unit="Bps",
        ),
        Panel(
            title="Size",
            description="Size of each database.",
            queries=(("sum by (datname) (pg_database_size_bytes{@})", "{{datname}}"),),
            unit="bytes",
            stacked=True,
            runbook="OutlayDatabaseDiskFilling",
        ),
    ),
)  # fmt: skip
WAITS: Final = Row(
    "Connections and locks",
    (
        Panel(
            title="Connections",
            description="Connections by state, and how many there may be.",
            queries=(
                ("sum by (state) (pg_stat_activity_count{@}) > 0", "{{state}}"),
                ("max(pg_settings_max_connections{@})", "at most"),
            ),
            unit="none",
            runbook="OutlayDatabaseConnectionsHigh",
        ),
        Panel(
            title="Locks",
            description="Locks held or waited for, by mode. Exclusive ones that stay hold others up.",
            queries=(("sum by (mode) (pg_locks_count{@})", "{{mode}}"),),
            unit="none",
        ),
        Panel(
            title="Deadlocks",
            description="Deadlocks within an hour. The service tries again by itself.",
            queries=(("sum(increase(pg_stat_database_deadlocks{@}[1h]))", "deadlocks"),),
            unit="none",
        ),
        Panel(
            title="Oldest transaction",
            description="How long the oldest transaction has been open. Hours of it keep old rows from being cleaned up.",
            queries=(("max(pg_long_running_transactions_oldest_timestamp_seconds{@}) or vector(0)", "open for"),),
            unit="s",
            steps=((None, "green"), (3600, "red")),
        ),
        Panel(
            title="Standby",
            description="1 where the server is a standby, and how far behind its primary.",
            queries=(
                ("max by (instance) (pg_replication_is_replica{@})", "standby {{instance}}"),
                ("max by (instance) (pg_replication_lag_seconds{@})", "seconds behind {{instance}}"),
            ),
            unit="none",
        ),
        Panel(
            title="Room on the volume",
            description="Share of the volume that is free, as the kubelet sees it; 0 where it does not.",
            queries=(
                (
                    ('min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="$namespace",persistentvolumeclaim=~"data-.*-postgresql-[0-9]+"}'
                    ' / kubelet_volume_stats_capacity_bytes{namespace="$namespace",persistentvolumeclaim=~"data-.*-postgresql-[0-9]+"}) or vector(0)'),
                    "{{persistentvolumeclaim}}",
                ),
            ),
            unit="percentunit",
            steps=((None, "red"), (0.05, "orange"), (0.4, "green")),
            most=1,
            runbook="OutlayDatabaseDiskFilling",
        ),
    ),
)  # fmt: skip
STATEMENTS: Final = Row(
    "Statements",
    (
        Panel(
            title="Statements that take the most time",
            description="Seconds of work a second of the ten statements that take the most, without their values.",
            queries=(
                (
                    "topk(10, sum by (queryid, query) (rate(pg_stat_statements_seconds_total{@}[5m]) * on (queryid) group_left (query) max by (queryid, query) (pg_stat_statements_query_id{@})))",
                    "{{query}}",
                ),
            ),
            unit="percentunit",
            width=12,
            height=10,
        ),
        Panel(
            title="Slowest statements on average",
            description="Mean time of a call since the statistics began, of the ten slowest statements.",
            queries=(
                (
                    "topk(10, sum by (queryid, query) ((pg_stat_statements_seconds_total{@} / pg_stat_statements_calls_total{@}) * on (queryid) group_left (query) max by (queryid, query) (pg_stat_statements_query_id{@})))",
                    "{{query}}",
                ),
            ),
            unit="s",
            kind="table",
            steps=((None, "green"), (0.1, "orange"), (1, "red")),
            width=12,
            height=10,
            runbook="OutlaySlow",
        ),
    ),
)

DASHBOARD: Final = Dashboard(
    name="postgresql",
    title="Outlay / PostgreSQL",
    description="The database: connections, cache, locks, rows, slow statements, size. Needs metrics.exporter.enabled.",
    variables=of_release("pg_up"),
    rows=(NOW, WORK, WAITS, STATEMENTS),
)
