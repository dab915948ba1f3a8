"""A backup against the tools it is made of: pg_dump into zstd, and pg_restore of the same file."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench import data, house
from bench.figures import Figure, at_most, told
from bench.house import console
from outlay_backup import programs
from outlay_backup.database import Database
from outlay_backup.packing import LEVEL
from outlay_backup.scratch import scratch

PART = "backup"
LEDGER = 900
MOST_TIMES, MOST_MB = 1.6, 256
_PACK = f"""
import sys, zstandard
zstandard.ZstdCompressor(level={LEVEL}).copy_stream(sys.stdin.buffer, sys.stdout.buffer)
"""
_UNPACK = """
import sys, zstandard
zstandard.ZstdDecompressor().copy_stream(sys.stdin.buffer, sys.stdout.buffer)
"""


async def run(dsn: str, home: Path, rows: int, rounds: int) -> list[Figure]:
    """One ledger of `rows` rows; each measurement is the median of `rounds`."""
    async with house.connected(dsn) as db:
        ledger = await house.open_ledger(db, LEDGER)
        await data.fill(db, ledger, rows)
    folder = home / "backup"
    folder.mkdir(exist_ok=True)
    tools = await asyncio.to_thread(programs.find, 18)
    plain, ours, restores = [], [], []
    for number in range(rounds):
        plain.append(await asyncio.to_thread(plain_dump, tools, dsn, folder / "plain"))
        ours.append(await asyncio.to_thread(backup, dsn, folder, f"run-{number}"))
        console.print(f"  dump {plain[-1]:.1f} s, backup {ours[-1]['seconds']['dump']:.1f} s")
        restores.append(await plain_restore(tools, folder))
    return figures(plain, ours, restores, (folder / "plain").stat().st_size)


def figures(
    plain: list[float], ours: list[dict[str, Any]], restores: list[float], size: int
) -> list[Figure]:
    dump = median(each["seconds"]["dump"] for each in ours)
    verify = median(verify_seconds(each) for each in ours)
    ratio, again = dump / median(plain), verify / median(restores)
    return [
        at_most(PART, "backup with counts and checksums, of pg_dump into zstd", ratio, MOST_TIMES, "x",
                f" ({dump:.1f} s of {median(plain):.1f} s, {size / 1e6:.0f} MB)"),
        at_most(PART, "verify with comparison, of fetching and pg_restore -j2", again, MOST_TIMES, "x",
                f" ({verify:.1f} s of {median(restores):.1f} s)"),
        told(PART, "steps of verify", ", ".join(
            f"{name} {seconds:.1f} s" for name, seconds in ours[-1]["seconds"].items())),
        at_most(PART, "memory of the program at most", max(each["peak"] for each in ours), MOST_MB, " MB"),
    ]  # fmt: skip


def verify_seconds(result: dict[str, Any]) -> float:
    """From the manifest to verified.json: the throw-away server's start is a part of it."""
    return float(result["until_verified"])


def plain_dump(tools: programs.Programs, dsn: str, target: Path) -> float:
    """pg_dump -Fc with the same compression, piped to the same disk."""
    command = [tools.path("pg_dump"), "-Fc", "--compress=none", f"--dbname={dsn}"]
    started = time.perf_counter()
    with (
        target.open("wb") as file,
        subprocess.Popen(command, stdout=subprocess.PIPE) as dump,
        subprocess.Popen(packer(), stdin=dump.stdout, stdout=file) as packing,
    ):
        assert packing.wait() == 0
    assert dump.returncode == 0
    descriptor = os.open(target, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return time.perf_counter() - started


def packer() -> list[str]:
    if shutil.which("zstd"):
        return ["zstd", f"-{LEVEL}", "-T1", "--quiet"]
    return [sys.executable, "-c", _PACK]


def backup(dsn: str, folder: Path, name: str) -> dict[str, Any]:
    """A whole run as a Job does it; its result, with the program's largest memory in MB."""
    store = folder / name
    key = folder / "key"
    command = [sys.executable, "-m", "outlay_backup"]
    if not key.exists():
        subprocess.run([*command, "key", str(key)], check=True, capture_output=True)
    shown = subprocess.run([*command, "key", str(key)], check=True, capture_output=True, text=True)
    arguments = ["create", "--store", str(store), "--recipient", shown.stdout.strip(), "--json"]
    env = {**os.environ, "OUTLAY_DATABASE_URL": dsn, "OUTLAY_BACKUP_SCRATCH": str(folder)}
    out = folder / "result.json"
    with out.open("wb") as output:
        process = psutil.Popen(
            [*command, *arguments], env=env, stdout=output, stderr=subprocess.DEVNULL
        )
        peak = highest(process)
    assert process.returncode == 0
    result = json.loads(out.read_bytes())
    run = store / result["run"]
    verified = (run / "verified.json").stat().st_mtime - (run / "manifest.json").stat().st_mtime
    shutil.rmtree(store)
    return {**result, "peak": peak, "until_verified": verified}


def highest(process: psutil.Popen) -> float:
    """The program's own memory at most, in MB; pg_dump and PostgreSQL are others."""
    most = 0
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    process.wait()
    return most / 2**20


async def plain_restore(tools: programs.Programs, folder: Path) -> float:
    """Fetch the same file, unpack it and pg_restore -j2, on a server that runs already."""
    async with scratch(tools, folder) as server:
        database: Database = server.database.named("plain")
        async with server.database.connected() as db:
            await db.execute("create database plain template template0")
        started = time.perf_counter()
        await asyncio.to_thread(unpack, folder / "plain", server.folder / "dump")
        command = [tools.path("pg_restore"), "-j2", "--no-owner", "--no-privileges"]
        command += [f"--dbname={database.url}", str(server.folder / "dump")]
        await asyncio.to_thread(subprocess.run, command, check=True)
        return time.perf_counter() - started


def unpack(source: Path, target: Path) -> None:
    unpacking = (
        ["zstd", "-d", "--quiet"] if shutil.which("zstd") else [sys.executable, "-c", _UNPACK]
    )
    with source.open("rb") as file, target.open("wb") as plain:
        subprocess.run(unpacking, stdin=file, stdout=plain, check=True)
