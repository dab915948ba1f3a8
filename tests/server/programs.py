"""The program itself, as a process of its own with real ports."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, field
from typing import Any

import httpx

START_SECONDS = 60


@dataclass
class Program:
    """One `outlay` process and what it wrote so far."""

    process: Process
    lines: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.facts["url"]

    @property
    def management_url(self) -> str:
        return self.facts["management_url"]

    @property
    def errors(self) -> str:
        return "\n".join(self.lines)

    async def wait_for(self, message: str) -> None:
        """Read the log until a line has the message."""
        async with asyncio.timeout(START_SECONDS):
            while line := (await self.process.stderr.readline()).decode():
                self.lines.append(line.rstrip())
                if message in line:
                    return
        raise AssertionError(f"the program ended without {message!r}:\n{self.errors}")

    async def up(self) -> "Program":
        await self.wait_for('"message":"serving"')
        self.facts = json.loads(self.lines[-1])
        return self

    async def ready(self) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(f"{self.management_url}/readyz", timeout=10)

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    async def ended(self) -> int:
        """Wait for the end and return the exit code."""
        async with asyncio.timeout(START_SECONDS):
            out, err = await self.process.communicate()
        self.lines += err.decode().splitlines()
        self.facts["out"] = out.decode()
        return self.process.returncode


async def launch(*args: str, **settings: str) -> Program:
    """Start `outlay ARGS` with these settings, lower case and without their prefix, and no others."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("OUTLAY_", "PG"))}
    env |= {"OUTLAY_PORT": "0", "OUTLAY_MANAGEMENT_PORT": "0", "OUTLAY_LOG_FORMAT": "json"}
    env |= {f"OUTLAY_{name.upper()}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "outlay.cli", *args, env=env, stdout=PIPE, stderr=PIPE, limit=1 << 20
    )
    return Program(process)
