"""Uploads as they come: forms, broken connections, and files that mean harm."""

import asyncio
import gzip
import io
import random
import zipfile
from typing import Any
from uuid import uuid4

import httpx
import pytest

from imports.uploading import PATH, bank, commit, rows, upload
from outlay.imports import upload as uploads
from outlay.imports.upload import clean_name
from outlay.main import Service
from outlay.settings import Settings
from world import Person, World

TEA = "2026-03-05,Tea,-3.50"
TABLES = ("imports", "import_files", "import_rows")


async def nothing_is_left(world: World) -> bool:
    counts = [
        await world.service.pool.fetchval(f"select count(*) from {table}") for table in TABLES
    ]
    return not any(counts)


def zip_of(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return made.getvalue()


HOSTILE = {
    "gzip bomb": (gzip.compress(bytes(20 << 20)), "compressed"),
    "zip bomb": (zip_of("a.csv", bytes(20 << 20)), "workbook"),
    "workbook": (zip_of("[Content_Types].xml", b"<Types/>"), "workbook"),
    "binary": (random.Random(1).randbytes(300_000), "binary"),
    "zeros": (bytes(2 << 20), "empty"),
    "empty": (b"", "empty"),
    "web page": (b"<!doctype html>" + b"x" * 3_000_000, "html"),
    "one line": (b"x" * (3 << 20), "line_length"),
    "header alone": (b"Date,What,Amount\n", "no_rows"),
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_is_no_csv_file_is_refused_with_a_sentence(world: World, kind: str) -> None:
    ada = await world.person()
    data, code = HOSTILE[kind]
    problem = await upload(ada, data, status=422)
    assert problem["type"] == "urn:outlay:problem:file-refused"
    assert problem["code"] == code
    assert await nothing_is_left(world)


async def test_a_file_cut_off_costs_its_last_row(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, "2026-03-06,Bread,-2.00")[:-8])
    assert preview["counts"] == {"new": 1, "duplicate": 0, "error": 1, "skipped": 0}
    (cut,) = await rows(ada, preview, verdict="error")
    assert (cut["line"], cut["problem"]["code"]) == (3, "cut_off")


async def test_a_mixed_encoding_costs_its_rows(world: World) -> None:
    ada = await world.person()
    data = bank("2026-03-05,Käse für zwei,-3.50") + b"2026-03-06,Caf\xe9,-2.00\n"
    preview = await upload(ada, data)
    assert "mixed_encoding" in {n["code"] for n in preview["found"]["notices"]}
    (bad,) = await rows(ada, preview, verdict="error")
    assert (bad["line"], bad["problem"]["code"]) == (3, "encoding")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8-sig"])
async def test_other_encodings_are_read(world: World, encoding: str) -> None:
    ada = await world.person()
    data = bank("2026-03-05,Käse für zwei,-3.50", "2026-03-06,Brötchen,-2.00")
    preview = await upload(ada, data.decode().encode(encoding))
    found = [row["expense"]["description"] for row in await rows(ada, preview)]
    assert found == ["Käse für zwei", "Brötchen"]


async def test_a_huge_line_and_open_quotes_cost_their_rows(world: World) -> None:
    ada = await world.person()
    huge = "2026-03-06," + "x" * (2 << 20) + ",-2.00"
    preview = await upload(ada, bank(TEA, huge, '2026-03-07,"open,-1.00', "2026-03-08,Rice,-4.00"))
    assert preview["counts"] == {"new": 2, "duplicate": 0, "error": 2, "skipped": 0}
    assert (await commit(ada, preview))["created"] == 2


async def test_names_and_texts_that_the_database_cannot_keep_are_errors(world: World) -> None:
    ada = await world.person()
    lines = [TEA] * 10 + ["2026-03-06,a\x00b,-2.00", "2026-03-07,c\x07d,-1.00"]
    preview = await upload(ada, bank(*lines))
    (bad,) = await rows(ada, preview, verdict="error")
    assert bad["problem"]["code"] == "binary"
    assert (await commit(ada, preview))["created"] == 11


async def test_a_nul_near_the_start_is_no_more_than_an_error_of_its_row(world: World) -> None:
    ada = await world.person()
    lines = [f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(100)]
    preview = await upload(ada, bank("2026-03-06,a\x00b,-2.00", *lines))
    assert preview["counts"] == {"new": 100, "duplicate": 0, "error": 1, "skipped": 0}
    data = bank(*lines).replace(b"What", b"Wh\x00at", 1)
    assert (await upload(ada, data, status=422))["code"] == "header"


async def test_a_browsers_form_is_read_like_the_file_itself(world: World) -> None:
    ada = await world.person()
    data = bank(TEA, "2026-03-06,Käse,-2.00")
    files = {"note": (None, "hello"), "file": ("Umsätze März.csv", data, "text/csv")}
    preview = (await ada.call("POST", PATH, files=files, status=201)).json()
    assert (preview["name"], preview["bytes"]) == ("Umsätze März.csv", len(data))
    assert preview["counts"]["new"] == 2


async def test_a_form_without_a_file_or_cut_off_is_a_bad_request(world: World) -> None:
    ada = await world.person()
    head = {"Content-Type": "multipart/form-data; boundary=xx"}
    part = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nDate,Wh'
    for headers, body in [
        (head, b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--xx--\r\n'),
        (head, part),
        (head, b"no form at all"),
        ({"Content-Type": "multipart/form-data"}, part),
    ]:
        answer = await ada.call("POST", PATH, content=body, headers=headers)
        assert answer.status_code == 400, answer.text
    assert await nothing_is_left(world)


async def test_a_file_beyond_the_limit_is_refused_before_it_is_read(dsn: str) -> None:
    service = Service(Settings(log_level="warning", max_upload=10_000), dsn)
    async with service.running(), World(service) as world:
        ada = await world.person()
        fits = bank(*[TEA] * 400)
        assert len(fits) < 10_000 < len(fits) * 2
        await upload(ada, fits)

        async def unannounced() -> Any:
            for _ in range(1000):
                yield fits

        for content in (fits * 2, unannounced()):
            answer = await ada.call("POST", PATH, content=content)
            assert answer.status_code == 413
            assert "10000 bytes" in answer.json()["detail"]
        form = {"file": ("a.csv", fits * 2)}
        assert (await ada.call("POST", PATH, files=form)).status_code == 413
        assert await service.pool.fetchval("select count(*) from imports") == 1


class Cable:
    """An upload that the client breaks off after some chunks, as the service sees it."""

    def __init__(self, person: Person, *chunks: bytes, stall: bool = False) -> None:
        self.chunks = list(chunks)
        self.stall = stall
        self.stalled = asyncio.Event()
        self.statuses: list[int] = []
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": f"/api/v1{PATH}", "raw_path": f"/api/v1{PATH}".encode(),
            "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "headers": [
                (b"host", b"localhost:8000"),
                (b"authorization", f"Bearer {person.token}".encode()),
            ],
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        if self.chunks:
            return {"type": "http.request", "body": self.chunks.pop(0), "more_body": True}
        if self.stall:
            self.stalled.set()
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.statuses.append(message["status"])


async def test_a_connection_that_ends_midway_leaves_nothing(world: World) -> None:
    ada = await world.person()
    cable = Cable(ada, bank(*[TEA] * 50_000), b"2026-03-06,Bre")
    await world.service.asgi(cable.scope, cable.receive, cable.send)
    assert cable.statuses == [408]
    assert await nothing_is_left(world)


async def test_a_client_that_stops_sending_is_let_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "STALL_SECONDS", 0.05)
    ada = await world.person()
    cable = Cable(ada, bank(TEA), stall=True)
    await world.service.asgi(cable.scope, cable.receive, cable.send)
    assert cable.statuses == [408]
    assert await nothing_is_left(world)


async def test_an_upload_that_is_cancelled_while_rows_are_copied_leaves_nothing(
    world: World,
) -> None:
    ada = await world.person()
    data = bank(*(f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(60_000)))
    task = asyncio.create_task(ada.call("POST", PATH, content=data))
    pool = world.service.pool
    copying = "select count(*) from pg_stat_progress_copy where relid = 'import_rows'::regclass"
    async with asyncio.timeout(60):
        while not task.done() and not await pool.fetchval(copying):
            pass
    task.cancel()
    with pytest.raises((asyncio.CancelledError, httpx.HTTPError)):
        await task
    assert await nothing_is_left(world)


async def test_only_so_many_uploads_are_read_at_once(world: World) -> None:
    ada = await world.person()
    cables = [Cable(ada, bank(TEA), stall=True) for _ in range(4)]
    tasks = [
        asyncio.create_task(world.service.asgi(each.scope, each.receive, each.send))
        for each in cables
    ]
    async with asyncio.timeout(30):
        for each in cables:
            await each.stalled.wait()
    answer = await ada.call("POST", PATH, content=bank(TEA), status=503)
    assert answer.headers["retry-after"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await upload(ada, bank(TEA))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ada\\Umsätze.csv", "Umsätze.csv"), ("../../etc/passwd", "passwd"),
        ("a%20b%2Fc.csv", "c.csv"), ("a\x00b\n.csv", "ab.csv"), ("x" * 400, "x" * 255), ("", ""),
        ("%FF.csv", "\ufffd.csv"),
    ],
)  # fmt: skip
def test_a_file_name_keeps_its_last_part(given: str, kept: str) -> None:
    assert clean_name(given) == kept


async def test_a_profile_that_is_not_there_is_named(world: World) -> None:
    ada = await world.person()
    for profile in (str(uuid4()), "mine"):
        problem = await upload(ada, bank(TEA), status=422, profile=profile)
        assert problem["errors"][0]["pointer"] == "/profile"
