"""The sockets that both ports listen on, bound before anything is served."""

import contextlib
import errno
import resource
import socket
from typing import Final

from outlay.server.errors import ListenError

BACKLOG: Final = 1024


def listen(host: str, port: int, variable: str) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    SO_REUSEPORT stays off: with it a second Outlay would share the port in silence.
    `variable` is the setting that a ListenError tells to change.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        made = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ListenError(_sentence(host, port, variable, error)) from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise ListenError(_sentence(host, port, variable, error)) from error
    made.setblocking(False)  # noqa: FBT003
    return made


def url_of(listening: socket.socket) -> str:
    """Return the address a browser on this machine can open."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def raise_file_limit() -> None:
    """Every connection is a descriptor: take as many as the system allows us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        # macOS announces no limit and refuses more than its own; the soft one then stays.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _sentence(host: str, port: int, variable: str, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            reason = f"another program listens there; stop it or set {variable}_PORT to another"
        case errno.EACCES:
            reason = f"ports below 1024 need special rights; set {variable}_PORT to a higher one"
        case errno.EADDRNOTAVAIL:
            reason = f"this machine has no such address; change {variable}_HOST"
        case _:
            reason = f"{error.strerror or error}; check {variable}_HOST and {variable}_PORT"
    return f"Cannot listen on {host}, port {port}: {reason}"
