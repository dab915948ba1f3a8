"""The second half of a restore: who may enter, settings and grants, then the swap."""

from dataclasses import dataclass

from outlay_backup import service, stages
from outlay_backup.database import Connection, Database, close
from outlay_backup.progress import Progress
from outlay_backup.refill import quoted
from outlay_backup.settings_copy import copy_settings
from outlay_backup.swap import RenameRefusedError, place_new, swap
from outlay_backup.times import now, stamp


@dataclass(frozen=True, slots=True)
class Place:
    """Which database takes whose place; both of `owner`, renamed from `maintenance`."""

    admin: Database
    maintenance: Database
    owner: str
    target: str
    new: str
    done: stages.Stage
    keep_tokens: bool


async def put_in_place(
    place: Place, connection: Connection, holding: Connection | None, progress: Progress
) -> tuple[str, str]:
    """Swap; return the old database's new name, and a sentence where renaming is refused.

    `holding` is a session in the old database, None where there is none.
    """
    if holding is None:
        await _renew(place, service.NOBODY_KNOWS)
        try:
            await place_new(connection, target=place.target, new=place.new, done=place.done)
        except RenameRefusedError as error:
            return "", _refused(place, error)
        return "", ""
    for said in await copy_settings(connection, place.target, place.new):
        progress.note(said)
    kept = stages.kept_name(place.target, stamp(now()))
    async with place.maintenance.connected() as ending:
        # Nobody is let in or shut out in the old database from here to its end.
        standing = holding.transaction()
        await standing.start()
        await holding.execute(f"set local role {quoted(place.owner)}")
        entry = await service.hold_entry(holding)
        await _renew(place, entry)
        try:
            await swap(
                connection,
                ending,
                target=place.target,
                new=place.new,
                kept=kept,
                done=place.done,
                ours=[holding.get_server_pid()],
                leave=lambda: close(holding),
            )
        except RenameRefusedError as error:
            return "", _refused(place, error)
    return kept, ""


async def _renew(place: Place, entry: service.Entry) -> None:
    async with place.admin.named(place.new).connected() as filled, filled.transaction():
        await filled.execute(f"set local role {quoted(place.owner)}")
        if await service.is_service(filled):
            await service.renew(filled, entry, keep_tokens=place.keep_tokens)


def _refused(place: Place, error: RenameRefusedError) -> str:
    return (
        f"The server lets nobody rename databases ({error}). The backup is in {place.new}, ready:"
        f" stop the service, point OUTLAY_DATABASE_URL (in Kubernetes, the Secret that holds it) at"
        f" {place.new}, and start it. {place.target} is unchanged."
    )
