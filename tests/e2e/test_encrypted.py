"""The chart's own PostgreSQL over TLS: verified by the service, and refused without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster import Failed
from e2e.certificates import certificates
from e2e.conftest import Open
from e2e.place import Place, accepted, secret

SERVER = "outlay-postgresql"


@pytest.fixture(scope="module")
def outlay(opened: Open, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("tls")
    with opened("encrypted") as place:
        place.apply(secret("postgresql-tls", certificates(folder, SERVER)))
        place.install(
            {"postgresql": {"tls": {"enabled": True, "existingSecret": "postgresql-tls"}}}
        )
        place.ready()
        yield place


def test_the_service_and_the_exporter_speak_to_it_encrypted(outlay: Place) -> None:
    with outlay.api() as api:
        accepted(api.get("/ledgers/default/expenses"))
    used = outlay.psql(
        "select distinct a.usename, s.version from pg_stat_ssl s join pg_stat_activity a using (pid)"
        " where a.client_addr is not null and a.usename like 'outlay%' order by 1"
    )
    assert "outlay_service|TLSv1.3" in used.split()
    assert {each.partition("|")[2] for each in used.split()} == {"TLSv1.3"}


def test_a_connection_that_is_not_encrypted_is_refused(outlay: Place) -> None:
    address = f"host={SERVER} user=outlay_service dbname=outlay sslmode=disable"
    with pytest.raises(Failed, match="no encryption"):
        outlay.in_postgresql("psql", "-w", address, "-c", "select 1")
