"""The wire between this machine and the node: a pair of interfaces that ends with either side."""

from contextlib import suppress
from pathlib import Path

from cluster.addresses import HOST, INTERFACE, NODE, WIRE
from cluster.run import Failed, run, until


def wire(pid: int) -> None:
    """Lay it to the namespace of a process, and give this machine's end its address."""
    peer = ("peer", "name", "eth0", "netns", str(pid))
    run("ip", "link", "add", INTERFACE, "type", "veth", *peer)
    run("ip", "address", "add", f"{HOST}/{WIRE}", "dev", INTERFACE)
    run("ip", "link", "set", INTERFACE, "up")


def unwire() -> None:
    """The kernel takes it away with the node, but in its own time."""
    interface = Path(f"/sys/class/net/{INTERFACE}")
    if interface.exists():
        with suppress(Failed):  # the kernel was faster
            run("ip", "link", "delete", INTERFACE)
    until(lambda: not interface.exists(), f"{INTERFACE} is gone", 30)


def join() -> None:
    """The node's side, in its namespace."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{NODE}/{WIRE}", "dev", "eth0")
    run("ip", "link", "set", "eth0", "up")
    run("ip", "route", "add", "default", "via", HOST)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
