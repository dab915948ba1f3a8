"""Ways into the service as a browser takes them, with a record of whose live streams ended."""

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from argon2 import PasswordHasher

from outlay.auth.links import create_sign_in_link
from world import BASE, World

PASSWORD = "correct horse battery"
OWN_PAGE = {"Origin": BASE}


@dataclass
class Ended:
    """What the hub was told: whose rights ended, in order, and which ledgers changed."""

    told: list[tuple[str, ...]] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)

    def touch(self, ledger_id: UUID) -> None:
        self.touched.add(ledger_id)

    def __getattr__(self, name: str) -> Any:
        def tell(*ids: UUID) -> None:
            self.told.append((name, *map(str, ids)))

        return tell


@dataclass
class Doors(World):
    """A world whose people come in by passwords, cookies and links."""

    ended: Ended = field(default_factory=Ended)

    async def __aenter__(self) -> Self:
        self.service.litestar.state.hub = self.ended
        return self

    def browser(self, address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
        """A client at an address with a cookie jar that says where its page is from."""
        transport = httpx.ASGITransport(
            self.service.asgi,  # type: ignore[arg-type]
            raise_app_exceptions=False,
            client=(address, 40_000),
        )
        made = httpx.AsyncClient(
            transport=transport, base_url=BASE + "/api/v1", headers={**OWN_PAGE, **headers}
        )
        self.clients.append(made)
        return made

    async def account(
        self, name: str = "Bea", *, password: str | None = PASSWORD, is_admin: bool = False
    ) -> UUID:
        """Somebody with an address, a ledger of their own and perhaps a password."""
        user, home = uuid4(), await self.ledger(f"{name}'s")
        hasher: PasswordHasher = self.service.hasher  # type: ignore[assignment]
        pool = self.service.pool
        await pool.execute(
            "insert into public.users (id, email, name, default_ledger_id, is_admin, password_hash) "
            "values ($1, $2, $3, $4, $5, $6)",
            user, email_of(name), name, home, is_admin, password and hasher.hash(password),
        )  # fmt: skip
        await pool.execute(
            "insert into public.members (ledger_id, user_id, role) values ($1, $2, 'owner')",
            home,
            user,
        )
        return user

    async def signed_in(
        self, name: str = "Bea", *, address: str = "192.0.2.1"
    ) -> httpx.AsyncClient:
        """A browser in which the account is signed in by a link."""
        user = await self.service.pool.fetchval(
            "select id from public.users where email = $1", email_of(name)
        )
        browser = self.browser(address)
        async with self.service.pool.acquire() as db:
            secret = await create_sign_in_link(db, user)
        answer = await browser.post("/session/link", json={"token": secret})
        assert answer.status_code == 201, answer.text
        return browser


def email_of(name: str) -> str:
    return f"{name.lower()}@example.org"


def credentials(name: str = "Bea", password: str = PASSWORD) -> dict[str, str]:
    return {"email": email_of(name), "password": password}
