"""Backups as the operator tells of them, and the operator itself, which may be in another namespace."""

from typing import Final

from panels import Dashboard, Panel, Row, of_release, variable

_OPERATOR: Final = 'namespace="$operator",release="$release"'
_PROCESS: Final = f'{_OPERATOR},component="operator"'
_RATE: Final = "[$__rate_interval]"
_DAY: Final = 86400


def _of_schedule(metric: str, how: str = "max") -> str:
    return f"{how} by (schedule) (outlay_backup_{metric}{{@}})"


NOW: Final = Row(
    "Now",
    (
        Panel(
            title="Last verified",
            description="Age of the newest backup that was restored and compared. What was entered since would be lost with the database.",
            queries=((f"time() - {_of_schedule('last_verified_timestamp_seconds')}", "{{schedule}}"),),
            unit="s",
            kind="stat",
            steps=((None, "green"), (1.5 * _DAY, "orange"), (2 * _DAY, "red")),
            width=4,
            height=4,
            runbook="OutlayBackupStale",
            empty="never",
        ),
        Panel(
            title="Next run",
            description="Time until the next backup is due.",
            queries=((f"{_of_schedule('next_run_timestamp_seconds', 'min')} - time()", "{{schedule}}"),),
            unit="s",
            kind="stat",
            width=4,
            height=4,
            least=None,
            empty="none",
        ),
        Panel(
            title="Ready",
            description="1 while the schedule can run; its condition Ready says why it cannot.",
            queries=((_of_schedule("schedule_ready", "min"), "{{schedule}}"),),
            unit="none",
            kind="stat",
            steps=((None, "red"), (1, "green")),
            width=4,
            height=4,
            runbook="OutlayBackupScheduleNotReady",
        ),
        Panel(
            title="Failures in a row",
            description="Backups that failed since the last verified one.",
            queries=((_of_schedule("consecutive_failures"), "{{schedule}}"),),
            unit="none",
            kind="stat",
            steps=((None, "green"), (1, "orange"), (2, "red")),
            width=4,
            height=4,
            runbook="OutlayBackupFailed",
        ),
        Panel(
            title="Outside of the cluster",
            description="1 where backups lie outside of the cluster; those on a volume are lost with it.",
            queries=((_of_schedule("off_cluster", "min"), "{{schedule}}"),),
            unit="none",
            kind="stat",
            steps=((None, "orange"), (1, "green")),
            width=4,
            height=4,
        ),
        Panel(
            title="Last drill",
            description="Time since an owner's own key last restored a backup; twice a year is a good habit.",
            queries=((f"time() - {_of_schedule('last_drill_timestamp_seconds')}", "{{schedule}}"),),
            unit="s",
            kind="stat",
            steps=((None, "green"), (200 * _DAY, "orange")),
            width=4,
            height=4,
            empty="never",
        ),
    ),
)  # fmt: skip
BACKUPS: Final = Row(
    "Backups",
    (
        Panel(
            title="Age of the last verified backup",
            description="It grows until the next one is verified. Above twice the interval somebody is told.",
            queries=(
                (f"time() - {_of_schedule('last_verified_timestamp_seconds')}", "{{schedule}}"),
                (f"2 * {_of_schedule('interval_seconds')}", "twice the interval of {{schedule}}"),
            ),
            unit="s",
            runbook="OutlayBackupStale",
        ),
        Panel(
            title="Size",
            description="Size of the newest backup, compressed and encrypted.",
            queries=((_of_schedule("size_bytes"), "{{schedule}}"),),
            unit="bytes",
        ),
        Panel(
            title="Duration",
            description="How long the newest backup took, by its steps.",
            queries=(
                ('max by (schedule, step) (outlay_backup_duration_seconds{@,step!="total"})', "{{schedule}}: {{step}}"),
            ),
            unit="s",
            stacked=True,
        ),
        Panel(
            title="Kept",
            description="Verified backups in the store, as many as the retention keeps.",
            queries=((_of_schedule("stored"), "{{schedule}}"),),
            unit="none",
            runbook="OutlayBackupRetentionStuck",
        ),
        Panel(
            title="Failed and missed",
            description="Failures in a row, and runs that were due within a day and never began.",
            queries=(
                (_of_schedule("consecutive_failures"), "{{schedule}} failed"),
                (
                    f"{_of_schedule('missed_runs')} - min by (schedule) (min_over_time(outlay_backup_missed_runs{{@}}[1d]))",
                    "{{schedule}} missed",
                ),
            ),
            unit="none",
            runbook="OutlayBackupMissed",
        ),
        Panel(
            title="State",
            description="1 while a backup is under way, while the newest could not be verified, while old ones cannot be deleted, or while the schedule is suspended.",
            queries=tuple(
                (_of_schedule(metric), f"{{{{schedule}}}} {what}")
                for metric, what in (
                    ("running", "under way"),
                    ("verify_failed", "not verified"),
                    ("retention_stuck", "cannot delete"),
                    ("suspended", "suspended"),
                )
            ),
            unit="none",
            most=1,
            runbook="OutlayBackupVerifyFailed",
        ),
    ),
)  # fmt: skip
OPERATOR: Final = Row(
    "Operator",
    (
        Panel(
            title="Objects looked at",
            description="Custom resources that the operator looked at a second, by kind and how it went.",
            queries=(
                (f"sum by (kind, result) (rate(outlay_operator_reconciles_total{{{_OPERATOR}}}{_RATE}))", "{{kind}} {{result}}"),
            ),
            unit="ops",
            runbook="OutlayOperatorErrors",
        ),
        Panel(
            title="Errors",
            description="Looks within an hour that ended with an error. Each is tried again.",
            queries=(
                (
                    f'sum(increase(outlay_operator_reconciles_total{{{_OPERATOR}}}[1h])) - sum(increase(outlay_operator_reconciles_total{{{_OPERATOR},result="ok"}}[1h]))',
                    "errors",
                ),
            ),
            unit="none",
            runbook="OutlayOperatorErrors",
        ),
        Panel(
            title="Time for one",
            description="Of twenty looks one takes this long or longer.",
            queries=(
                (
                    f"histogram_quantile(0.95, sum by (kind, le) (rate(outlay_operator_reconcile_seconds_bucket{{{_OPERATOR}}}{_RATE})))",
                    "{{kind}}",
                ),
            ),
            unit="s",
        ),
        Panel(
            title="Last pass",
            description="Time since the operator last looked at everything, which it does each minute.",
            queries=((f"time() - max(outlay_operator_last_pass_timestamp_seconds{{{_OPERATOR}}})", "ago"),),
            unit="s",
            steps=((None, "green"), (600, "red")),
            runbook="OutlayOperatorErrors",
        ),
        Panel(
            title="Waiting",
            description="Objects that wait to be looked at.",
            queries=((f"max(outlay_operator_queue_length{{{_OPERATOR}}})", "objects"),),
            unit="none",
        ),
        Panel(
            title="Memory",
            description="Memory of the operator's process.",
            queries=((f"sum by (pod) (process_resident_memory_bytes{{{_PROCESS}}})", "{{pod}}"),),
            unit="bytes",
            runbook="OutlayOperatorDown",
        ),
    ),
)  # fmt: skip

DASHBOARD: Final = Dashboard(
    name="backups",
    title="Outlay / Backups",
    description="How old the last verified backup is, what each one took, and what the operator does. Needs a BackupSchedule.",
    variables=(
        *of_release("outlay_backup_schedule_created_timestamp_seconds"),
        variable(
            "operator",
            "Operator in",
            'label_values(outlay_operator_queue_length{release="$release"}, namespace)',
        ),
    ),
    rows=(NOW, BACKUPS, OPERATOR),
)
