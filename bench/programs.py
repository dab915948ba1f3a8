"""The programs under load, started as processes of their own and stopped by their own id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.house import CONNECTIONS

START_SECONDS = 30.0
POLL_SECONDS = 0.005


@dataclass(frozen=True)
class Program:
    """A running program: its address, its process and the seconds until it was ready."""

    url: str
    pid: int
    ready_seconds: float


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(log: Path, settings: Mapping[str, str]) -> Iterator[Program]:
    """`outlay serve` with its log in a file, ready once /readyz says so.

    Its bytecode is kept beside the log, whatever the environment says: as in the image, and as on a
    machine of one's own after the first start.
    """
    port, management = free_port(), free_port()
    env = {name: text for name, text in os.environ.items() if not name.startswith("OUTLAY_")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env |= {
        "PYTHONPYCACHEPREFIX": str(log.parent / "bytecode"),
        "OUTLAY_PORT": str(port),
        "OUTLAY_MANAGEMENT_PORT": str(management),
        "OUTLAY_LOG_FORMAT": "json",
        "OUTLAY_DATABASE_POOL": str(CONNECTIONS),
        **settings,
    }
    command = [sys.executable, "-m", "outlay.cli", "serve"]
    with _running(command, log, env, f"http://127.0.0.1:{management}/readyz") as (process, seconds):
        yield Program(f"http://127.0.0.1:{port}", process.pid, seconds)


@contextmanager
def bare(log: Path, dsn: str) -> Iterator[Program]:
    """The yardstick of bench/bare.py."""
    port = free_port()
    command = [sys.executable, "-m", "bench.bare", dsn, str(port)]
    url = f"http://127.0.0.1:{port}"
    with _running(command, log, dict(os.environ), url + "/") as (process, seconds):
        yield Program(url, process.pid, seconds)


@contextmanager
def _running(
    command: list[str], log: Path, env: Mapping[str, str], ready_url: str
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    with log.open("ab") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=output, env=dict(env))
        try:
            _wait(process, ready_url, log)
            yield process, time.perf_counter() - started
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.perf_counter() + START_SECONDS
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The program ended at once:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return
        except OSError:
            pass
        time.sleep(POLL_SECONDS)
    raise RuntimeError(
        f"The program was not ready in {START_SECONDS} s:\n{log.read_text()[-2000:]}"
    )
