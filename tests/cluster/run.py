"""Runs a program to its end; what went wrong is said with the program's own words."""

import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

NICE: Final = ("nice", "-n", "19")


class Failed(Exception):
    """A sentence that says what failed and what to do."""


def run(
    *command: str,
    at: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
) -> str:
    """What the program printed; raises Failed with its last lines."""
    done = subprocess.run(
        command, cwd=at, env=environment, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-20:])
        raise Failed(f"{' '.join(command[:6])} ended with {done.returncode}:\n{said}")
    return done.stdout


def until(holds: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Look again and again until it holds; raises Failed with what did not come to be."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.05)
