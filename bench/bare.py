"""The yardstick: the same statements from the barest ASGI program, under the same server.

No framework, no log, no metrics, no validation beyond decoding, no header but the content's.
Run as `python -m bench.bare DSN PORT`.
"""

import asyncio
import sys
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from bench import house, statements
from bench.house import CONNECTIONS
from outlay.access import secret_hash
from outlay.expenses.model import ExpenseInput
from outlay.gate import _BY_TOKEN
from outlay.server.http import SPARE_CONNECTIONS, HttpServer
from outlay.server.listen import listen
from outlay.server.loop import new_event_loop

_JSON = [(b"content-type", b"application/json")]


class Bare:
    """PUT .../expenses/{id}, GET .../expenses and GET .../expenses/summary."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.decoder = msgspec.json.Decoder(ExpenseInput)
        self.encoder = msgspec.json.Encoder()
        self.summaries: dict[UUID, statements.Statement] = {}
        self.lists: dict[UUID, list[statements.Statement]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        parts = scope["path"].split("/")
        ledger = UUID(parts[4])
        token = next(v for k, v in scope["headers"] if k == b"authorization")[7:]
        async with self.pool.acquire() as connection:
            caller = await connection.fetchrow(_BY_TOKEN, secret_hash(token.decode()), ledger)
            if caller is None or caller["role"] is None:
                raise PermissionError
            if scope["method"] == "PUT":
                status, body = 201, await self._create(connection, ledger, parts[-1], receive)
            elif parts[-1] == "summary":
                status, body = 200, await self._summary(connection, ledger)
            else:
                status, body = 200, await self._list(connection, ledger)
        headers = [*_JSON, (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _create(self, connection: Any, ledger: UUID, id: str, receive: Any) -> bytes:
        given = self.decoder.decode((await receive())["body"])
        whole, _, cents = given.amount.partition(".")
        row = await connection.fetchrow(
            statements.store.INSERT, ledger, statements.CONTEXT, UUID(id), given.kind, given.date,
            int(whole + cents), "EUR", given.description, given.note, given.category_id,
            given.tag_ids, given.account_id, None, None, None, None, None, given.reference, "api",
            house.USER,
        )  # fmt: skip
        return self.encoder.encode(_shown(row))

    async def _list(self, connection: Any, ledger: UUID) -> bytes:
        if ledger not in self.lists:
            self.lists[ledger] = await statements.record(
                connection, lambda to: statements.list_page(to, ledger)
            )
        page, days = self.lists[ledger]
        rows = (await connection.fetch(page.sql, *page.values))[:50]
        dates = sorted({row["date"] for row in rows})
        totals = await connection.fetch(days.sql, *days.values[:-1], dates)
        return self.encoder.encode(
            {"items": [_shown(row) for row in rows], "days": [dict(row) for row in totals]}
        )

    async def _summary(self, connection: Any, ledger: UUID) -> bytes:
        if ledger not in self.summaries:
            month = statements.this_month()
            self.summaries[ledger] = (
                await statements.record(
                    connection, lambda to: statements.summarized(to, ledger, month)
                )
            )[0]
        statement = self.summaries[ledger]
        rows = await connection.fetch(statement.sql, *statement.values)
        return self.encoder.encode([dict(row) for row in rows])


def _shown(row: Any) -> dict[str, Any]:
    shown = dict(row)
    shown["amount"] = f"{row['amount'] // 100}.{row['amount'] % 100:02}"
    return shown


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing to reset."""


async def main(dsn: str, port: int) -> None:
    pool = await asyncpg.create_pool(
        dsn, min_size=0, max_size=CONNECTIONS, reset=_keep, server_settings={"jit": "off"}
    )
    server = HttpServer(
        Bare(pool), listen("127.0.0.1", port, "BENCH"), head_seconds=30.0,
        connections=SPARE_CONNECTIONS,
    )  # fmt: skip
    server.open()
    await server.failed()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2])))
