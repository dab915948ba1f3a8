"""Process 1 of the cluster's node: everything of the cluster lives in its namespaces.

So it is the kernel that cleans up: when this process ends, however it ends, the namespaces take
every process, mount, interface, address, iptables rule and network setting with them.
"""

import os
import ssl
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path
from typing import Final

from cluster import cgroups, manifests, network
from cluster.components import GROUPS, LAST, Component
from cluster.containers import import_once
from cluster.images import archives
from cluster.places import KUBELET, LOGS, PID, SETTINGS
from cluster.progress import READY, say, step
from cluster.run import Failed, run, until

# What the kubelet insists on, and would set for the whole machine: it gets to read these instead.
KERNEL: Final = {
    "kernel/keys/root_maxbytes": "25000000",
    "kernel/keys/root_maxkeys": "1000000",
    "kernel/panic": "10",
    "kernel/panic_on_oops": "1",
    "vm/overcommit_memory": "1",
    "vm/panic_on_oom": "0",
}


def main() -> None:
    """Tells `native` over stderr how far it is until all is well; then stays to bury the dead."""
    try:
        processes = _start_all()
    except Failed as failed:
        sys.exit(str(failed))
    say(READY)
    os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
    _stay({pid: name for name, pid in processes.items()})


def _start_all() -> dict[str, int]:
    with step("namespaces"):
        # This is still the machine's /proc, so the number is the machine's, too.
        PID.write_text(str(Path("/proc/self").readlink()))
        sys.stdin.read()  # ends when the wire is laid
        _mounts()
        network.join()
        cgroups.make()
    processes: dict[str, int] = {}
    for group in GROUPS:
        processes |= {each.name: _start(each) for each in group}
        _healthy(group, processes)
    for archive in archives().values():
        import_once(archive)
    with step("manifests"):
        manifests.apply()
    processes |= {each.name: _start(each) for each in LAST}
    _healthy(LAST, processes)
    with step("node, metrics and Prometheus ready"):
        manifests.wait()
    return processes


def _mounts() -> None:
    for kind, target in (("tmpfs", "/run"), ("proc", "/proc")):
        run("mount", "-t", kind, kind, target)
    cgroups = Path("/run/cgroup")
    cgroups.mkdir()
    run("mount", "--rbind", "/sys/fs/cgroup", str(cgroups))
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    run("mount", "--rbind", str(cgroups), "/sys/fs/cgroup")
    run("umount", "--lazy", str(cgroups))
    Path("/run/kubelet").mkdir()
    run("mount", "--bind", str(KUBELET), "/run/kubelet")  # a short path, for the sockets in it
    for name, value in KERNEL.items():
        stand_in = SETTINGS / name.replace("/", ".")
        stand_in.write_text(f"{value}\n")
        run("mount", "--bind", str(stand_in), f"/proc/sys/{name}")
    run("mount", "--make-rshared", "/")  # the kubelet's mounts must reach into running pods


def _start(component: Component) -> int:
    with (LOGS / f"{component.name}.log").open("ab") as log:
        return subprocess.Popen(
            component.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/"
        ).pid


def _healthy(group: tuple[Component, ...], processes: dict[str, int]) -> None:
    for each in group:
        with step(each.name):
            until(partial(_is_well, each, processes[each.name]), f"{each.name} is not well")


def _is_well(component: Component, pid: int) -> bool:
    if os.waitpid(pid, os.WNOHANG) != (0, 0):
        log = LOGS / f"{component.name}.log"
        last = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-20:])
        raise Failed(f"{component.name} ended at its start; the last lines of {log}:\n{last}")
    if component.healthy.startswith("/"):
        return Path(component.healthy).exists()
    return not component.healthy or _answers(component.healthy)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2, context=UNCHECKED) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


# Only whether a process of this node answers: it is asked over the loopback.
UNCHECKED: Final = ssl._create_unverified_context()


def _stay(names: dict[int, str]) -> None:
    """Process 1 buries every orphan; a component's end is written down."""
    while True:
        pid, status = os.wait()
        if name := names.get(pid):
            code = os.waitstatus_to_exitcode(status)
            say(f"{name} ended with {code}; its log says why")


if __name__ == "__main__":
    main()
