"""One line a part, with its seconds. Standard output is left to what a command answers."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

READY: Final = "ready"  # the node's last line, once all is well


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print what was done and how long it took once it is done; to a person also that it began."""
    began = time.monotonic()
    if sys.stderr.isatty():
        print(f"  {name} ...", end="\r", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        say(f"  {name:<44} failed after {time.monotonic() - began:.1f} s")
        raise
    say(f"  {name:<44} {time.monotonic() - began:7.1f} s")
