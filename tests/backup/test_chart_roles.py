"""What the chart's roles may do: files/postgresql/roles.sql on a server of its own."""

import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from backup.parts import Owner, backed_up
from backup.test_restore import SERVICE, restored
from outlay.migrations.runner import migrate
from outlay_backup import programs
from outlay_backup.database import Database
from outlay_backup.scratch import scratch
from outlay_backup.store import Store

ROLES: Final = Path(__file__).parents[2] / "helm/outlay/files/postgresql/roles.sql"
PASSWORDS: Final = ("owner", "service", "exporter", "backup", "restore")


@dataclass
class Server:
    database: Database
    psql: str
    secrets: Path

    def dsn(self, role: str, database: str = "outlay") -> str:
        return self.database.named(database).url.replace("//postgres@", f"//{role}@")

    def apply(self, *without: str) -> None:
        """Run roles.sql as the container beside PostgreSQL does."""
        self.secrets.mkdir(exist_ok=True)
        for name in PASSWORDS:
            (self.secrets / f"{name}-password").write_text(f"{name}'s $word")
        for name in without:
            (self.secrets / f"{name}-password").unlink()
        subprocess.run(
            [self.psql, "--no-psqlrc", "--quiet", f"--dbname={self.database.url}",
             "--set=ON_ERROR_STOP=1", "--output=/dev/null", f"--file={ROLES}"],
            env={**os.environ, "SECRETS": str(self.secrets)}, check=True,
        )  # fmt: skip

    async def ask(self, role: str, sql: str, database: str = "outlay") -> Any:
        db = await asyncpg.connect(self.dsn(role, database))
        try:
            return await db.fetchval(sql)
        finally:
            await db.close()


@pytest.fixture
async def server(home: Path, embedded_programs: Path) -> AsyncIterator[Server]:
    found = programs.find(18, (embedded_programs,))
    async with scratch(found, home) as made:
        yield Server(made.database, str(embedded_programs / "psql"), home / "secrets")


async def migrated(server: Server) -> None:
    server.apply()
    db = await asyncpg.connect(server.dsn("outlay_owner"))
    await migrate(db)
    await db.close()


async def test_each_role_does_its_part_of_a_backup_and_its_restore(
    server: Server, store: Store, owner: Owner
) -> None:
    await migrated(server)
    run = (await backed_up(server.dsn("outlay_backup"), store, owner, verify=True)).run
    await server.ask("outlay_owner", "drop table public.expenses cascade")
    working = await asyncpg.connect(server.dsn("outlay_service"))
    done = await restored(server.dsn("outlay_restore"), store, run, owner, service=SERVICE)
    assert done.swapped
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await working.fetchval("select 1")
    working.terminate()
    server.apply()
    assert await server.ask("outlay_service", "select count(*) from public.expenses") == 0
    owners = (
        "select string_agg(distinct tableowner, ',') from pg_tables where schemaname = 'public'"
    )
    assert await server.ask("outlay_owner", owners) == "outlay_owner"
    assert (await backed_up(server.dsn("outlay_backup"), store, owner, verify=True)).verified


async def test_who_restores_is_no_superuser_and_may_neither_make_roles_nor_read_files(
    server: Server,
) -> None:
    server.apply()
    rights = """select rolsuper or rolcreaterole or rolreplication or rolbypassrls
        from pg_roles where rolname = 'outlay_restore'"""
    assert await server.ask("outlay_restore", rights) is False
    for group in ("pg_read_server_files", "pg_write_server_files", "pg_execute_server_program"):
        member = f"select pg_has_role('outlay_restore', '{group}', 'member')"
        assert await server.ask("outlay_restore", member) is False


async def test_without_a_password_for_it_nobody_can_restore(server: Server) -> None:
    server.apply("restore")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await server.ask("outlay_restore", "select 1")
    server.apply()
    assert await server.ask("outlay_restore", "select 1") == 1
    server.apply("restore")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await server.ask("outlay_restore", "select 1")


async def test_passwords_are_those_of_the_secret(server: Server) -> None:
    server.apply()
    kept = """select count(*) from pg_authid
        where rolname like 'outlay\\_%' and rolpassword like 'SCRAM-SHA-256%'"""
    assert await server.ask("postgres", kept, "postgres") == len(PASSWORDS)
