"""The client: wrk where it is installed, cheap in CPU; else a plain asyncio one."""

import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import plain_client
from bench.house import CONNECTIONS, TOKEN

_LUA = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Load:
    """Requests a second, and milliseconds at the median and at the 95th percentile."""

    rate: float
    p50: float
    p95: float


def client_name() -> str:
    return (
        "wrk, one thread" if shutil.which("wrk") else "bench/plain_client.py (wrk is not installed)"
    )


def run(url: str, kind: str, seconds: float, *, first: int, ledgers: int) -> Load:
    """Load `url` over sixteen connections; every answer but the wished one is an error."""
    seed = random.randrange(1 << 30)
    if not shutil.which("wrk"):
        return Load(*plain_client.run(url, kind, seconds, first, ledgers, seed))
    told = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "-s", _LUA, url, "--", kind,
         TOKEN, str(ledgers), str(first), str(seed)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    line = next(line for line in told.stdout.splitlines() if line.startswith("RESULT"))
    requests, duration, wrong, broken, p50, p95 = (int(part) for part in line.split()[1:])
    if wrong or broken:
        raise RuntimeError(f"{kind}: {wrong} of {requests} answers were errors, {broken} broke off")
    return Load(requests / (duration / 1e6), p50 / 1000, p95 / 1000)
