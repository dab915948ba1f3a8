"""How the backups of this installation are, for the people whose data is in them."""

from typing import Any

from litestar import Request, get

from outlay.access import call_of, user
from outlay.backups import store
from outlay.backups.model import BackupState
from outlay.backups.reading import StateFile
from outlay.errors import Forbidden


@get("/backups", opt=user("admin"), summary="Read the state of backups")
async def get_backups(request: Request[Any, Any, Any]) -> BackupState:
    """As the backup operator published it last: schedules, newest backups and restores.

    For owners of a ledger and for administrators; 403 for everybody else. `published` is false where
    no operator tells anything, as for backups that the command line makes.
    """
    call = call_of(request)
    caller = call.caller
    if not caller.is_admin and not await store.owns_a_ledger(call.db, caller.user_id):
        raise Forbidden("Only owners of a ledger, and administrators, see how backups are")
    file: StateFile = request.app.state.backups
    return await file.read()


handlers = [get_backups]
