"""A small world for tests: people, their ledgers and clients that speak for them."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

from outlay.access import secret_hash
from outlay.main import Service

BASE = "http://localhost:8000"


@dataclass
class Person:
    """Somebody with a token, a client that sends it, and a default ledger."""

    id: UUID
    ledger: UUID
    client: httpx.AsyncClient
    token: str

    async def call(
        self, method: str, path: str, *, status: int | None = None, **more: Any
    ) -> httpx.Response:
        """Call /api/v1 + path; with `status` the answer must have it."""
        answer = await self.client.request(method, "/api/v1" + path, **more)
        if status is not None:
            assert answer.status_code == status, (answer.status_code, answer.text)
        return answer

    async def expense(
        self, amount: str = "12.50", description: str = "", **more: Any
    ) -> dict[str, Any]:
        """Record an expense in the default ledger and return it."""
        body = {"amount": amount, "description": description, **more}
        answer = await self.call(
            "PUT", f"/ledgers/default/expenses/{uuid4()}", json=body,
            headers={"If-None-Match": "*"}, status=201,
        )  # fmt: skip
        return answer.json()  # type: ignore[no-any-return]


@dataclass
class World:
    service: Service
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self.clients:
            await client.aclose()

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A client without credentials, straight into the service."""
        transport = httpx.ASGITransport(self.service.asgi, raise_app_exceptions=False)  # type: ignore[arg-type]
        made = httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)
        self.clients.append(made)
        return made

    async def ledger(self, name: str = "Home", currency: str = "EUR", **more: Any) -> UUID:
        made = uuid4()
        await self.service.pool.execute(
            "insert into public.ledgers (id, name, currency, time_zone, first_day_of_month) "
            "values ($1, $2, $3, $4, $5)",
            made, name, currency, more.get("time_zone", "Europe/Rome"), more.get("first_day_of_month", 1),
        )  # fmt: skip
        return made

    async def person(
        self, name: str = "Ada", *, ledger: UUID | None = None, role: str = "owner",
        scopes: tuple[str, ...] = ("read", "write", "admin"), is_admin: bool = False,
    ) -> Person:  # fmt: skip
        """A new person with a role in `ledger`, by default a new ledger of their own."""
        pool = self.service.pool
        user, home, token = uuid4(), ledger or await self.ledger(), secrets.token_urlsafe(32)
        await pool.execute(
            "insert into public.users (id, email, name, default_ledger_id, is_admin) values ($1, $2, $3, $4, $5)",
            user, f"{name.lower()}-{user.hex[:8]}@example.org", name, home, is_admin,
        )  # fmt: skip
        await pool.execute(
            "insert into public.members (ledger_id, user_id, role) values ($1, $2, $3)",
            home,
            user,
            role,
        )
        await pool.execute(
            "insert into public.api_tokens (id, token_hash, hint, user_id, name, scopes) "
            "values ($1, $2, $3, $4, 'test', $5)",
            uuid4(), secret_hash(token), token[:4], user, list(scopes),
        )  # fmt: skip
        return Person(user, home, self.client(Authorization=f"Bearer {token}"), token)
