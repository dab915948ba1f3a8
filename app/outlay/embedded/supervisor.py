"""Keeps one server running: follows its output, starts it again when it dies, ends it."""

import logging
import signal
import threading
from collections.abc import Callable

from outlay.embedded.errors import ProgramError, StartError
from outlay.embedded.postmaster import Postmaster

_logger = logging.getLogger("outlay.embedded")

_FAST_SECONDS = 60.0
_IMMEDIATE_SECONDS = 20.0


class Supervisor:
    """Runs what `launch` starts in a thread of its own, again after a death at most `restarts` times.

    A server that never took connections is not started again: its log says what is wrong.
    """

    def __init__(self, launch: Callable[[], Postmaster], *, restarts: int) -> None:
        self._launch = launch
        self._restarts = restarts
        self._deaths = 0
        self._deciding = threading.Lock()
        self._stopping = False
        self._running = launch()
        self._thread = threading.Thread(target=self._follow, name="outlay-postgres", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._running.pid

    def ready(self, seconds: float) -> bool:
        """Wait for the first connection to be possible; False when the server ended or is late."""
        return self._running.ready(seconds)

    def stop(self) -> None:
        """Shut the server down: open transactions are rolled back, the data is flushed."""
        with self._deciding:
            self._stopping = True
        for how, seconds in ((signal.SIGINT, _FAST_SECONDS), (signal.SIGQUIT, _IMMEDIATE_SECONDS)):
            self._running.ask_to_end(how)
            self._thread.join(seconds)
            if not self._thread.is_alive():
                return
        raise StartError(f"PostgreSQL (process {self.pid}) does not end; end it by hand.")

    def _follow(self) -> None:
        while True:
            status = self._running.follow(self._tell)
            with self._deciding:
                if self._stopping or not self._again(status):
                    return

    def _tell(self) -> None:
        if self._deaths:
            _logger.info("PostgreSQL takes connections again")

    def _again(self, status: int) -> bool:
        if not self._running.was_ready:
            return False
        self._deaths += 1
        if self._deaths > self._restarts:
            _logger.error("PostgreSQL ended by itself (status %d) and stays down", status)
            return False
        _logger.error("PostgreSQL ended by itself (status %d); starting it again", status)
        try:
            self._running = self._launch()
        except ProgramError:
            _logger.exception("PostgreSQL could not be started again")
            return False
        return True
