"""Holds dumps in their middle, so that what happens meanwhile needs no luck."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from cluster import Failed
from e2e.place import Place, eventually

# The lock by which backups, restores and migrations exclude each other.
LOCK: Final = "select pg_advisory_lock(x'6f75746c6179'::bigint), pg_sleep(600)"
# The service seldom uses it, so whoever holds it holds up a dump and nobody else.
_HELD: Final = "public.import_profiles"
_HOLD: Final = f"begin; lock table {_HELD} in access exclusive mode; select pg_sleep(600)"
_HOLDERS: Final = "from pg_stat_activity where application_name = 'e2e-hold'"
_WAITERS: Final = f"from pg_locks where relation = '{_HELD}'::regclass"


class Hold:
    """Dumps wait for a table while it lasts, a minute at most; `let_go` ends it."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def until_dumping(self, seconds: float = 60) -> None:
        """Wait until a dump is under way, and waits."""
        asked = f"select count(*) {_WAITERS} and not granted"
        eventually(lambda: self._place.psql(asked) != "0", "a dump is under way", seconds)

    def let_go(self) -> None:
        self._place.psql(f"select count(pg_terminate_backend(pid)) {_HOLDERS}")


@contextmanager
def held_dumps(place: Place) -> Iterator[Hold]:
    """Hold every dump in its middle, for a `with` block at most."""
    granted = f"select count(*) {_WAITERS} and granted and mode = 'AccessExclusiveLock'"
    with session(place, _HOLD):
        hold = Hold(place)
        eventually(lambda: place.psql(granted) != "0", "the table is held", 30)
        yield hold


@contextmanager
def held_runs(place: Place) -> Iterator[Hold]:
    """Hold every backup before it begins to read, for a `with` block at most."""
    granted = "select count(*) from pg_locks where locktype = 'advisory' and granted"
    with session(place, LOCK):
        eventually(lambda: place.psql(granted) != "0", "the lock is held", 30)
        yield Hold(place)


@contextmanager
def held_loads(place: Place) -> Iterator[Hold]:
    """Hold every restore before it loads: restores of one server exclude each other there."""
    granted = "select count(*) from pg_locks where locktype = 'advisory' and granted"
    with session(place, LOCK, "postgres"):
        eventually(lambda: place.psql(granted) != "0", "the lock is held", 30)
        yield Hold(place)


@contextmanager
def session(
    place: Place, sql: str, database: str = "outlay", after: str = "true"
) -> Iterator[None]:
    """A superuser's session that does this, as soon as `after` is true, for a `with` block."""
    psql = "psql -XAtqU postgres"
    until = f"""until [ "$({psql} -c "select {after}")" = t ]; do sleep 0.1; done"""
    run = f"""exec {psql} -c "{sql}" "dbname={database} application_name=e2e-hold" """
    pod = ("--namespace", place.namespace, "exec", "outlay-postgresql-0", "--container=postgresql")
    kubectl = (str(place.cluster.tool("kubectl")), *pod, "--", "sh", "-c", f"{until}; {run}")
    with subprocess.Popen(
        kubectl, env=place.cluster.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as holder:
        try:
            yield
        finally:
            with suppress(Failed):
                Hold(place).let_go()
            holder.terminate()
