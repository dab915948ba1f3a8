"""How many recorded Backups stay as objects; the store is the retention's."""

from outlay_operator import kinds
from outlay_operator.model.schedule import HistoryLimit
from outlay_operator.reconcile import backup_status as states
from outlay_operator.reconcile.context import Context
from outlay_operator.reconcile.schedule_status import Past


def outlived(limit: HistoryLimit, backups: list[Past]) -> list[str]:
    """Return the recorded Backups to delete: what the store no longer has, and the oldest over the limits.

    What somebody applied is theirs, and the newest verified one always stays.
    """
    removed = {run for each in backups for run in each.status.removed}
    newest = sorted(backups, key=lambda each: each.at, reverse=True)
    verified = [each for each in newest if each.status.state == states.VERIFIED]
    failed = [
        each
        for each in newest
        if each.status.state in states.DONE and each.status.state != states.VERIFIED
    ]
    gone = [each for each in newest if each.status.run and each.status.run in removed]
    over = [*verified[limit.verified :], *failed[limit.failed :], *gone]
    kept = verified[:1]
    return sorted({each.name for each in over if each.recorded and each not in kept})


async def clear_history(
    context: Context, namespace: str, limit: HistoryLimit, backups: list[Past]
) -> int:
    """Delete them, some at a time, and take them out of the list; return how many went."""
    names = outlived(limit, backups)[:50]
    for name in names:
        await context.api.delete(kinds.BACKUPS, namespace, name)
    backups[:] = [each for each in backups if each.name not in names]
    return len(names)
