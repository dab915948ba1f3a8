"""What the tests of backups share: keys, stores, a run."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pyrage

from outlay_backup import keys
from outlay_backup.create import Order
from outlay_backup.database import Database
from outlay_backup.errors import BackupError
from outlay_backup.job import Job, run_job
from outlay_backup.model import Result
from outlay_backup.progress import Quiet
from outlay_backup.prune import Retention
from outlay_backup.rules import Policy
from outlay_backup.store import Store
from outlay_backup.verify import Trial

PROGRAM = [sys.executable, "-m", "outlay_backup"]
KEEPS_ALL = Retention(Policy(), ZoneInfo("UTC"), timedelta(hours=1))


@dataclass
class Owner:
    """Somebody who holds a key."""

    identity: Any = field(default_factory=pyrage.x25519.Identity.generate)

    @property
    def recipients(self) -> dict[str, Any]:
        return keys.recipients([str(self.identity.to_public())])

    def key_file(self, folder: Path) -> Path:
        path = folder / "key.txt"
        path.write_text(f"{self.identity}\n")
        return path


async def backed_up(
    dsn: str, store: Store, owner: Owner, *, verify: bool = False, **more: Any
) -> Result:
    """One run that must succeed."""
    result, failure = await tried(dsn, store, owner, verify=verify, **more)
    if failure is not None:
        raise failure
    return result


async def tried(
    dsn: str,
    store: Store,
    owner: Owner | None,
    *,
    verify: bool = False,
    csv: bool = False,
    **more: Any,
) -> tuple[Result, BackupError | None]:
    recipients = owner.recipients if owner else {}
    order = Order(
        Database(dsn),
        recipients,
        owner=more.pop("whose", "the tests"),
        lock_wait=more.pop("lock_wait", 5),
        programs=tuple(more.pop("programs", ())),
    )
    trial = Trial(recipients=tuple(recipients.values()) if csv else (), **more.pop("trial", {}))
    job = Job(order, store, trial if verify else None, **more)
    return await run_job(job, Quiet())


def program(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a Job does."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("OUTLAY_")}
    return subprocess.run(
        [*PROGRAM, *arguments], env=kept | env, capture_output=True, text=True, check=False
    )


async def filled(dsn: str, rows: int = 200) -> None:
    """A table of this database's own beside the service's: any type, any text."""
    db = await asyncpg.connect(dsn)
    await db.execute(
        """
        create table if not exists things (id bigint generated always as identity primary key,
          name text, at timestamptz default '2026-10-25 02:30+02', raw bytea, ratio float8,
          twice bigint generated always as (length(name) * 2) stored);
        """
    )
    await db.execute(
        """
        insert into things (name, raw, ratio) select 'thing "' || n || E'\\n ünï', decode(md5(n::text), 'hex'),
          n / 7.0 from generate_series(1, $1::int) n
        """,
        rows,
    )
    await db.close()
