"""Restore, and be killed on the way: die.py before|after MODULE:FUNCTION NUMBER ARGUMENTS..."""

import asyncio
import functools
import importlib
import os
import signal
import sys

from outlay_backup.cli.main import run_command


def main() -> None:
    moment, place, number, *arguments = sys.argv[1:]
    module, _, name = place.partition(":")
    holder = importlib.import_module(module)
    function = getattr(holder, name)
    calls = 0

    def at(now: str) -> None:
        if now == moment and calls == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(function)
    async def wrapped(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        at("before")
        result = await function(*args, **more)
        at("after")
        return result

    assert asyncio.iscoroutinefunction(function), place
    setattr(holder, name, wrapped)
    sys.exit(run_command(arguments))


if __name__ == "__main__":
    main()
