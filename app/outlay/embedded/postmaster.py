"""One run of the `postgres` program: its start, its readiness, its output, its end."""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from outlay.embedded.logfile import ServerLog
from outlay.embedded.programs import Programs

# Written once after recovery (postmaster.c); lc_messages=C keeps it in English.
_READY = "database system is ready to accept connections"

# Ends the server when this process is gone, however it went: the pipe on its standard input then
# reads end-of-file. A shell does it on every Unix, in under 1 MiB.
_WATCH = 'read -r _; kill -INT "$1"'


PORT = 5432


def server_arguments(
    cluster: Path, sockets: Path, options: Mapping[str, str], port: int = PORT
) -> list[str]:
    """Return the command line of a server that listens on a Unix socket only.

    What makes it private and readable for us wins over `options`, these over postgresql.conf.
    """
    settings = dict(options) | {
        "listen_addresses": "",
        "port": str(port),
        "unix_socket_directories": '"' + str(sockets).replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "logging_collector": "off",
        "log_destination": "stderr",
        "lc_messages": "C",
    }
    return ["-D", str(cluster), *(f"--{name}={value}" for name, value in settings.items())]


class Postmaster:
    """A running server in a session of its own, so that a terminal's Ctrl-C never reaches it."""

    def __init__(
        self, programs: Programs, arguments: Sequence[str], lock: int, log: ServerLog
    ) -> None:
        self._log = log
        self._settled = threading.Event()
        self.was_ready = False
        command = [str(programs.folder / "postgres"), *arguments]
        self._server = programs.start(command, merged=True, keep_open=(lock,))
        watch = ["/bin/sh", "-c", _WATCH, "outlay-watch", str(self._server.pid)]
        try:
            self._watch = programs.start(watch)
        except BaseException:
            with self._server as started:
                started.kill()
            raise

    @property
    def pid(self) -> int:
        return self._server.pid

    def follow(self, on_ready: Callable[[], None]) -> int:
        """Copy the output to the log until every process of the server has ended.

        Calls `on_ready` when it takes connections. Returns the exit status, negative for a signal. End-of-file comes with the last backend,
        so after it nothing of this run is left to stand in the way of the next.
        """
        with self._server as server:
            for line in server.stdout or ():
                self._log.line(line.rstrip("\n"))
                if _READY in line:
                    self.was_ready = True
                    self._settled.set()
                    on_ready()
        with self._watch as watch:
            watch.kill()
        self._settled.set()
        return server.returncode

    def ready(self, seconds: float) -> bool:
        """Wait until the server takes connections (True) or has ended or is too slow (False)."""
        self._settled.wait(seconds)
        return self.was_ready and self._server.poll() is None

    def ask_to_end(self, how: signal.Signals) -> None:
        """Ask for an end: SIGINT is a fast shutdown, SIGQUIT an immediate one."""
        self._server.send_signal(how)
