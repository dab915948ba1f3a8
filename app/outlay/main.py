"""The application: routes, the gate before them, and what lives as long as it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from litestar import Litestar, Router
from litestar.datastructures import State

from outlay import db, metrics, problems
from outlay.accounts import routes as accounts
from outlay.apidocs import plugins as apidocs
from outlay.archives import routes as archives
from outlay.auth import password_routes as passwords
from outlay.auth import routes as session
from outlay.auth import session_routes as sessions
from outlay.auth.desk import Desk
from outlay.auth.passwords import Passwords
from outlay.backups import routes as backups
from outlay.backups.reading import StateFile
from outlay.categories import merge_routes as categories_merge
from outlay.categories import routes as categories
from outlay.changes import routes as changes
from outlay.changes import undo_routes as changes_undo
from outlay.demo import routes as demo
from outlay.events import routes as events
from outlay.events.hub import EventHub
from outlay.events.life import listening
from outlay.events.tempo import Tempo
from outlay.expenses import bulk_routes as expenses_bulk
from outlay.expenses import list_routes as expenses_list
from outlay.expenses import routes as expenses
from outlay.expenses import summary_routes as expenses_summary
from outlay.exports import routes as exports
from outlay.frame import Frame
from outlay.gate import Gate
from outlay.housekeeping.task import Housekeeping
from outlay.imports import commit_routes as imports_commit
from outlay.imports import profile_routes as import_profiles
from outlay.imports import routes as imports
from outlay.imports import upload_routes as imports_upload
from outlay.ledgers import routes as ledgers
from outlay.members import invitations
from outlay.members import routes as members
from outlay.pages import routes as pages
from outlay.pages.routes import Pages
from outlay.settings import Settings
from outlay.tags import routes as tags
from outlay.tokens import routes as tokens
from outlay.users import me
from outlay.users import routes as users
from outlay.users.first import ensure_admin

FEATURES: Final = (
    expenses,
    expenses_list,
    expenses_bulk,
    expenses_summary,
    categories,
    categories_merge,
    accounts,
    tags,
    changes,
    changes_undo,
    exports,
    archives,
    imports_upload,
    imports,
    imports_commit,
    import_profiles,
    events,
    session,
    sessions,
    passwords,
    tokens,
    me,
    users,
    ledgers,
    demo,
    members,
    invitations,
    backups,
)


class Service:
    """One running Outlay: its pool and its Litestar application."""

    def __init__(
        self, settings: Settings, dsn: str, *, hasher: PasswordHasher | None = None
    ) -> None:
        self.settings = settings
        self.dsn = dsn
        self.hasher = hasher
        self.instance = ""
        self.tempo = Tempo()
        self._pool: db.Pool | None = None
        self.litestar = self._application()
        self.asgi = Frame(self.litestar, settings)

    @property
    def pool(self) -> db.Pool:
        if self._pool is None:
            raise AssertionError("the service has not started")
        return self._pool

    @property
    def cookie(self) -> str:
        """Cookies are shared between ports, so their names carry the instance.

        Over HTTPS the prefix `__Host-` keeps pages of neighbouring names from setting it.
        """
        is_https = (self.settings.public_url or "").startswith("https://")
        return f"{'__Host-' if is_https else ''}outlay_session_{self.instance}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open what the routes need, and close it again."""
        self._pool = await db.create_pool(self.settings, self.dsn)
        metrics.POOL_LIMIT.set(self.settings.database_pool)
        try:
            row = await self._pool.fetchrow("select instance, epoch from public.installation")
            if row is None:
                raise AssertionError("migrations make the installation's row")
            self.instance = row["instance"]
            hub = EventHub(row["epoch"], most=self.settings.max_sse_clients, tempo=self.tempo)
            self.litestar.state.hub = hub
            desk = Desk(self.settings, Passwords(self.hasher), self.cookie)
            self.litestar.state.desk = desk
            housekeeping = Housekeeping(self.settings, self.connect, hub.touch)
            async with listening(hub, self.connect), housekeeping.running():
                try:
                    async with db.acquire(self.pool) as held:
                        await ensure_admin(held, self.settings, desk.passwords)
                    yield
                finally:
                    desk.passwords.close()
        finally:
            await db.close_pool(self._pool)

    @property
    def hub(self) -> EventHub:
        """What routes tell of changes and of rights taken away."""
        return self.litestar.state.hub  # type: ignore[no-any-return]

    async def connect(self) -> db.Direct:
        """One direct connection, apart from the pool."""
        return await db.connect(self.settings, self.dsn)

    def _application(self) -> Litestar:
        gate = Gate(self.settings, lambda: self.pool, lambda: self.cookie, self._on_write)
        api = Router(
            "/api/v1", route_handlers=[h for feature in FEATURES for h in feature.handlers]
        )
        return Litestar(
            route_handlers=[api, *pages.handlers],
            middleware=[gate],
            exception_handlers={Exception: problems.handle},
            openapi_config=apidocs.config(),
            logging_config=None,
            # The gate holds every body to its own limit.
            request_max_body_size=None,
            state=State(
                {
                    "pages": Pages(self.settings),
                    "backups": StateFile(self.settings.backup_state_file),
                }
            ),
        )

    def _on_write(self, ledger: UUID) -> None:
        self.hub.touch(ledger)
