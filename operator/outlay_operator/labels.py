"""The labels and annotations by which the operator knows what it made."""

from typing import Final

MANAGED: Final = {"app.kubernetes.io/managed-by": "outlay-operator"}
COMPONENT: Final = "app.kubernetes.io/component"
SCHEDULE: Final = "outlay.dev/schedule"
BACKUP: Final = "outlay.dev/backup"
RESTORE: Final = "outlay.dev/restore"
# What a Job does: backup, inventory, restore or release.
TASK: Final = "outlay.dev/task"
DESTINATION: Final = "outlay.dev/destination"
# Its value is the Backup's own UID: one that was applied again, with its labels, has another.
FINISHED: Final = "outlay.dev/finished"
CHECKS: Final = "outlay.dev/checks"
JOB_UID: Final = "batch.kubernetes.io/controller-uid"
JOB_NAME: Final = "batch.kubernetes.io/job-name"
DUE: Final = "batch.kubernetes.io/cronjob-scheduled-timestamp"
FIELD_MANAGER: Final = "outlay-operator"
SELECTOR: Final = "app.kubernetes.io/managed-by=outlay-operator"
# Backups that there is still something to do with.
UNFINISHED: Final = f"!{FINISHED}"
