"""How long a Job stays that has ended and was heard: with its pod its scratch volume goes, too."""

from typing import Final

from outlay_operator import kinds
from outlay_operator.api import ApiException
from outlay_operator.reconcile.context import Context

# Time to read a log; the result is in the status.
GOOD_SECONDS: Final = 600
# Until the next day: somebody may want to know more of a failure than its status says.
FAILED_SECONDS: Final = 86400


async def leave(context: Context, namespace: str, job: str, *, good: bool) -> None:
    """Let Kubernetes delete a Job in time; not before its end was heard, however long that takes."""
    seconds = GOOD_SECONDS if good else FAILED_SECONDS
    change = {"spec": {"ttlSecondsAfterFinished": seconds}}
    try:
        await context.api.merge(kinds.JOBS, namespace, job, change)
    except ApiException as error:
        if error.status != 404:
            raise
