"""A way back in for whoever can reach the database itself."""

from typing import Final
from uuid import UUID

from outlay.auth.desk import link_at
from outlay.auth.links import create_sign_in_link
from outlay.embedded.folder import Folder, default_dir
from outlay.embedded.sockets import running_dsn
from outlay.server.database import connection
from outlay.server.errors import DatabaseError
from outlay.settings import Settings

_FIND: Final = """
select id from public.users
where disabled_at is null and not is_placeholder
  and case when $1::text is null then is_admin else lower(email) = lower($1) end
order by created_at, id limit 1
"""


class NobodyError(Exception):
    """There is no such person."""


async def sign_in_url(settings: Settings, base: str, email: str | None) -> str:
    """Return a link that signs in the person with this address, or the first administrator.

    Raises NobodyError where there is none, DatabaseError where the database cannot be reached or
    the service of this machine does not run.
    """
    dsn = settings.database_url or running_dsn(Folder(settings.data_dir or default_dir()))
    if dsn is None:
        raise DatabaseError(
            "No service of this machine runs: start it with `outlay serve`, which prints a link at a"
            " terminal, or set OUTLAY_DATABASE_URL"
        )
    async with connection(settings, dsn) as db:
        person: UUID | None = await db.fetchval(_FIND, email)
        if person is None:
            whom = "administrator" if email is None else f"person with the address {email}"
            raise NobodyError(f"There is no {whom} who may sign in")
        return link_at(base, "sign-in", await create_sign_in_link(db, person))
