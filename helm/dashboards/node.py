"""The machines, as node_exporter sees them."""

from typing import Final

from panels import Dashboard, Panel, Row, variable

_ON: Final = 'instance="$instance"'
_DISKS: Final = f'{_ON},device!~"loop.*|ram.*|dm-.*"'
_CARDS: Final = f'{_ON},device!~"lo|veth.*|cali.*|cni.*|flannel.*|docker.*"'

NOW: Final = Row(
    "Now",
    (
        Panel(
            title="Processors in use",
            description="Share of all processors that is used.",
            queries=((f'1 - avg(rate(node_cpu_seconds_total{{{_ON},mode="idle"}}[5m]))', ""),),
            unit="percentunit",
            kind="stat",
            steps=((None, "green"), (0.7, "orange"), (0.9, "red")),
            width=6,
            height=4,
            runbook="OutlayNodeCpuHigh",
        ),
        Panel(
            title="Memory available",
            description="Share of memory that programs can still have.",
            queries=((f"node_memory_MemAvailable_bytes{{{_ON}}} / node_memory_MemTotal_bytes{{{_ON}}}", ""),),
            unit="percentunit",
            kind="stat",
            steps=((None, "red"), (0.1, "orange"), (0.2, "green")),
            width=6,
            height=4,
            runbook="OutlayNodeMemoryLow",
        ),
        Panel(
            title="Load for each processor",
            description="Programs that run or wait, a processor, over five minutes. Above 1 they wait.",
            queries=((f'node_load5{{{_ON}}} / count(node_cpu_seconds_total{{{_ON},mode="idle"}}) without (cpu, mode)', ""),),
            unit="none",
            kind="stat",
            steps=((None, "green"), (1, "orange"), (2, "red")),
            width=6,
            height=4,
            runbook="OutlayNodeCpuHigh",
        ),
        Panel(
            title="Running since",
            description="Time since the machine started.",
            queries=((f"time() - node_boot_time_seconds{{{_ON}}}", ""),),
            unit="s",
            kind="stat",
            width=6,
            height=4,
        ),
    ),
)  # fmt: skip
USE: Final = Row(
    "Use",
    (
        Panel(
            title="Processors by mode",
            description="What the processors do; `iowait` is waiting for disks, `steal` what the host gives to others.",
            queries=((f'avg by (mode) (rate(node_cpu_seconds_total{{{_ON},mode!="idle"}}[$__rate_interval]))', "{{mode}}"),),
            unit="percentunit",
            steps=((None, "green"), (0.7, "red")),
            most=1,
            width=12,
            stacked=True,
            runbook="OutlayNodeCpuHigh",
        ),
        Panel(
            title="Memory",
            description="What programs use, what the kernel keeps of files, and what can still be had.",
            queries=(
                (f"node_memory_MemTotal_bytes{{{_ON}}} - node_memory_MemAvailable_bytes{{{_ON}}}", "used"),
                (f"node_memory_Cached_bytes{{{_ON}}}", "files"),
                (f"node_memory_MemAvailable_bytes{{{_ON}}}", "available"),
                (f"node_memory_MemTotal_bytes{{{_ON}}}", "all"),
            ),
            unit="bytes",
            width=12,
            runbook="OutlayNodeMemoryLow",
        ),
        Panel(
            title="Disks: bytes",
            description="Bytes a second read from and written to each disk.",
            queries=(
                (f"rate(node_disk_read_bytes_total{{{_DISKS}}}[$__rate_interval])", "read {{device}}"),
                (f"rate(node_disk_written_bytes_total{{{_DISKS}}}[$__rate_interval])", "written {{device}}"),
            ),
            unit="Bps",
        ),
        Panel(
            title="Disks: busy",
            description="Share of the time in which each disk worked.",
            queries=((f"rate(node_disk_io_time_seconds_total{{{_DISKS}}}[$__rate_interval])", "{{device}}"),),
            unit="percentunit",
            steps=((None, "green"), (0.8, "red")),
            most=1,
        ),
        Panel(
            title="Network",
            description="Bytes a second received and sent by each card.",
            queries=(
                (f"rate(node_network_receive_bytes_total{{{_CARDS}}}[$__rate_interval])", "received {{device}}"),
                (f"rate(node_network_transmit_bytes_total{{{_CARDS}}}[$__rate_interval])", "sent {{device}}"),
            ),
            unit="Bps",
        ),
        Panel(
            title="Room on disks",
            description="Share of each file system that is free.",
            queries=(
                (f'node_filesystem_avail_bytes{{{_ON},fstype!~"tmpfs|overlay|squashfs"}} / node_filesystem_size_bytes{{{_ON},fstype!~"tmpfs|overlay|squashfs"}}', "{{mountpoint}}"),
            ),
            unit="percentunit",
            steps=((None, "red"), (0.1, "orange"), (0.2, "green")),
            most=1,
            width=12,
        ),
        Panel(
            title="Waiting",
            description="Share of the time in which some program waited for processor, disk or memory (pressure stall information).",
            queries=tuple(
                (f"rate(node_pressure_{what}_waiting_seconds_total{{{_ON}}}[$__rate_interval]) or vector(0)", name)
                for what, name in (("cpu", "processor"), ("io", "disk"), ("memory", "memory"))
            ),
            unit="percentunit",
            most=1,
            width=12,
            runbook="OutlayNodeCpuHigh",
        ),
    ),
)  # fmt: skip

DASHBOARD: Final = Dashboard(
    name="node",
    title="Outlay / Node",
    description="The machines that Outlay runs on: processors, memory, disks, network. Needs node_exporter.",
    variables=(variable("instance", "Node", "label_values(node_uname_info, instance)"),),
    rows=(NOW, USE),
)
