"""SIGINT and SIGTERM: the first asks for an orderly end, the second for a quick one."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """How an end was asked for, if it was."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.hurry = asyncio.Event()

    def ask(self) -> None:
        """Ask for an end, and after that for one without delay."""
        if self.asked.is_set():
            self.hurry.set()
        self.asked.set()


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Take both signals in the running loop until the end of the block."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.ask)
    try:
        yield stop
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
