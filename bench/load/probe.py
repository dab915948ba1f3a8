"""Runs on the node: kills the service so many times, and prints the seconds from each new process to ready.

Standard library only. The start of a process is the kernel's own figure, exact to 10 ms.
"""

import http.client
import json
import os
import signal
import sys
import time
from pathlib import Path

PORT = 9000
WAIT_SECONDS = 180


def processes() -> set[int]:
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if folder.name.isdigit() and command[1:3] == [b"/opt/outlay/bin/outlay", b"serve"]:
            found.add(int(folder.name))
    return found


def is_ready(address: str) -> bool:
    connection = http.client.HTTPConnection(address, PORT, timeout=0.5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def until(address: str, *, ready: bool) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while is_ready(address) is not ready:
        if time.monotonic() > end:
            sys.exit(f"not {'ready' if ready else 'gone'} within {WAIT_SECONDS} s")
        time.sleep(0.002)


def age(process: int) -> float:
    """Seconds since a process began."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began


def main(address: str, rounds: int) -> None:
    taken = []
    for _ in range(rounds):
        before = processes()
        for process in before:
            os.kill(process, signal.SIGKILL)
        until(address, ready=False)
        until(address, ready=True)
        (process,) = processes() - before
        taken.append(round(age(process), 3))
        time.sleep(1)
    sys.stdout.write(json.dumps(taken))


main(sys.argv[1], int(sys.argv[2]))
