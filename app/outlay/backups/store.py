"""Who may see how backups are."""

from typing import Final
from uuid import UUID

from outlay.db import Connection

_OWNS: Final = (
    "select exists (select from public.members where user_id = $1 and role = 'owner') as owns"
)


async def owns_a_ledger(db: Connection, user: UUID) -> bool:
    return bool(await db.fetchval(_OWNS, user))
