"""Which pods spoke with whom, as the node's connection tracking saw it, held against the policies."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import IO, Any, Final

from cluster import Cluster

Object = dict[str, Any]

# The first half is what was asked for, the second where the answer comes from: behind a Service's
# address that is the pod.
EVENT: Final = re.compile(
    r"(tcp|udp) .*?src=(\S+) dst=(\S+) .*?dport=\d+.*? src=(\S+) dst=\S+ sport=(\d+)"
)
COMPONENT: Final = "app.kubernetes.io/component"


@dataclass(frozen=True)
class End:
    """One side: a pod with its labels, or an address that is no pod's."""

    address: str
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def component(self) -> str:
        return dict(self.labels).get(COMPONENT, "")

    def __str__(self) -> str:
        return f"{self.namespace}/{self.component}" if self.namespace else self.address


@dataclass(frozen=True)
class Flow:
    source: End
    target: End
    port: int
    protocol: str


@dataclass
class Flows:
    """What was seen so far."""

    servers: dict[str, End]
    events: list[tuple[str, str, str, int]] = field(default_factory=list)
    pods: dict[str, End] = field(default_factory=dict)

    def of(self, namespace: str) -> set[Flow]:
        """Those that begin or end at a pod of the namespace."""
        found = {
            Flow(self._end(source), self._target(target, port), port, protocol.upper())
            for protocol, source, target, port in list(self.events)
        }
        return {
            each for each in found if namespace in {each.source.namespace, each.target.namespace}
        }

    def _end(self, address: str) -> End:
        return self.pods.get(address, End(address))

    def _target(self, address: str, port: int) -> End:
        server = self.servers.get(address) if port == 53 else None
        return server or self._end(address)

    def hear(self, lines: IO[str]) -> None:
        for line in lines:
            if found := EVENT.search(line):
                protocol, source, _, target, port = found.groups()
                self.events.append((protocol, source, target, int(port)))

    def meet(self, lines: IO[str]) -> None:
        """Learn the pods' addresses; a node has more of them than a run has pods."""
        for line in lines:
            address, namespace, labels = (*line.split(), "")[:3]
            if not address.startswith("<"):
                pairs = tuple(tuple(pair.split("=", 1)) for pair in labels.split(",") if pair)
                self.pods[address] = End(address, namespace, pairs)  # type: ignore[arg-type]


def name_servers(cluster: Cluster) -> Iterator[tuple[str, End]]:
    """Where names are resolved, which need not be pods."""
    which = (
        "endpointslices",
        "--namespace=kube-system",
        "--selector=kubernetes.io/service-name=kube-dns",
    )
    for each in cluster.get(*which)["items"]:
        for endpoint in each["endpoints"]:
            for address in endpoint["addresses"]:
                yield address, End(address, "kube-system", (("k8s-app", "kube-dns"),))


@contextmanager
def watched(cluster: Cluster) -> Iterator[Flows]:
    """Watch connections and pods until the end of the block."""
    seen = Flows(dict(name_servers(cluster)))
    entered = cluster.way.entered()
    if entered[:2] == ("docker", "exec"):
        entered = (*entered[:2], "--interactive", *entered[2:])
    tracked = (*entered, "sh", "-c", TRACK)
    listed = (
        str(cluster.tool("kubectl")), "get", "pods", "--all-namespaces", "--watch", "--no-headers",
        "--output", "go-template", "--template", TEMPLATE,
    )  # fmt: skip
    options: dict[str, Any] = {
        "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True,
    }  # fmt: skip
    with (
        subprocess.Popen(tracked, stdin=subprocess.PIPE, **options) as tracking,
        subprocess.Popen(listed, env=cluster.environment, **options) as listing,
    ):
        readers = [
            threading.Thread(target=seen.hear, args=(tracking.stdout,), daemon=True),
            threading.Thread(target=seen.meet, args=(listing.stdout,), daemon=True),
        ]
        for reader in readers:
            reader.start()
        try:
            yield seen
        finally:
            assert tracking.stdin is not None
            tracking.stdin.close()
            listing.terminate()
            for reader in readers:
                reader.join(10)


# Until its standard input ends: a signal would not go through to the node.
TRACK: Final = "conntrack --event --event-mask NEW & read -r _; kill $!"
TEMPLATE: Final = (
    "{{with .status.podIP}}{{.}}{{else}}<none>{{end}} {{.metadata.namespace}} "
    '{{range $key, $value := .metadata.labels}}{{$key}}={{$value}},{{end}}{{"\\n"}}'
)


def forbidden(flow: Flow, policies: list[Object]) -> bool:
    """Whether a policy that selects one side denies it. The node itself may always reach its pods."""
    denied_out = _denied(flow, "Egress", "egress", "to", flow.source, flow.target, policies)
    denied_in = _denied(flow, "Ingress", "ingress", "from", flow.target, flow.source, policies)
    return denied_out or (denied_in and bool(flow.source.namespace))


def _denied(
    flow: Flow, kind: str, rules: str, peers: str, own: End, other: End, policies: list[Object]
) -> bool:
    mine = [
        each["spec"]
        for each in policies
        if each["metadata"]["namespace"] == own.namespace
        and kind in each["spec"]["policyTypes"]
        and _selects(each["spec"]["podSelector"], own)
    ]
    return bool(mine) and not any(
        _ports_fit(rule.get("ports"), flow) and _peers_fit(rule.get(peers), other, own.namespace)
        for spec in mine
        for rule in spec.get(rules, [])
    )


def _selects(selector: Object, end: End) -> bool:
    assert "matchExpressions" not in selector, "only labels are compared here"
    labels = dict(end.labels)
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def _ports_fit(ports: list[Object] | None, flow: Flow) -> bool:
    return ports is None or any(
        each.get("protocol", "TCP") == flow.protocol
        and NAMED.get(each["port"], each["port"]) == flow.port
        for each in ports
    )


# What the chart calls its containers' ports.
NAMED: Final = {"http": 8000, "management": 9000, "postgresql": 5432, "metrics": 9187}


def _peers_fit(peers: list[Object] | None, other: End, namespace: str) -> bool:
    return peers is None or any(_peer_fits(each, other, namespace) for each in peers)


def _peer_fits(peer: Object, other: End, namespace: str) -> bool:
    if "ipBlock" in peer:
        return ip_address(other.address) in ip_network(peer["ipBlock"]["cidr"])
    at_home = other.namespace == namespace
    anywhere = "namespaceSelector" in peer and not peer["namespaceSelector"]
    return (
        bool(other.namespace)
        and (at_home or anywhere)
        and _selects(peer.get("podSelector", {}), other)
    )
