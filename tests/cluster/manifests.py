"""What the cluster holds from its start: DNS, storage, metrics, monitoring."""

from base64 import b64encode
from pathlib import Path
from string import Template
from typing import Final

from cluster import go
from cluster.addresses import DNS_SERVICE, NODE, NODE_NAME
from cluster.certificates import AUTHORITY
from cluster.images import PROMETHEUS
from cluster.parts import PROMETHEUS_OPERATOR
from cluster.places import KUBECONFIG, MANIFESTS
from cluster.run import run

# The newest that this operator knows; the options it gives suit the newer one, too.
PUBLISHED: Final = "quay.io/prometheus/prometheus:v3.5.0"
NODE_EXPORTER: Final = "quay.io/prometheus/node-exporter:v1.9.1"
METRICS_SERVER: Final = "registry.k8s.io/metrics-server/metrics-server:v0.8.0"


def apply() -> None:
    """On the native node, whose own processes serve DNS, metrics and the operator."""
    definitions = go.built(PROMETHEUS_OPERATOR) / "prometheus-operator-crd"
    _apply(KUBECONFIG, definitions)
    _wait(KUBECONFIG, "Established", "crd", "--all")
    authority = b64encode(AUTHORITY.read_bytes()).decode()
    names = {"DNS_SERVICE": DNS_SERVICE, "NODE": NODE, "NODE_NAME": NODE_NAME}
    node = _rendered("node.yaml", AUTHORITY=authority, **names)
    watched = _rendered("watched.yaml", NODE=NODE, NODE_NAME=NODE_NAME)
    monitoring = _rendered("monitoring.yaml", PROMETHEUS=PROMETHEUS)
    given = f"{node}\n---\n{watched}\n---\n{monitoring}"
    _kubectl(KUBECONFIG, "apply", "--server-side", "-f", "-", given=given)


def wait() -> None:
    """Until a pod can be made, and is seen by metrics-server and Prometheus."""
    _wait(KUBECONFIG, "Ready", f"node/{NODE_NAME}")
    _wait(KUBECONFIG, "Available", "apiservice/v1beta1.metrics.k8s.io")
    _wait(KUBECONFIG, "Available", "--namespace=monitoring", "prometheus/cluster")


def apply_published(kubeconfig: Path, node: str, address: str) -> None:
    """On a cluster of one node that pulls images: what the native one has, from published ones."""
    _apply(kubeconfig, go.built(PROMETHEUS_OPERATOR) / "bundle.yaml")
    _wait(kubeconfig, "Established", "crd", "--all")
    own = _rendered("kind.yaml", METRICS_SERVER=METRICS_SERVER, NODE_EXPORTER=NODE_EXPORTER)
    watched = _rendered("watched.yaml", NODE=address, NODE_NAME=node)
    monitoring = _rendered("monitoring.yaml", PROMETHEUS=PUBLISHED)
    given = f"{own}\n---\n{watched}\n---\n{monitoring}"
    _kubectl(kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", "-", given=given)
    other = '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"false"}}}'
    _kubectl(kubeconfig, "patch", "storageclass", "standard", "--patch", other)
    _wait(kubeconfig, "Available", "apiservice/v1beta1.metrics.k8s.io")
    _wait(kubeconfig, "Available", "--namespace=monitoring", "prometheus/cluster")


def _rendered(name: str, **names: str) -> str:
    return Template((MANIFESTS / name).read_text()).substitute(names)


def _apply(kubeconfig: Path, path: Path) -> None:
    _kubectl(kubeconfig, "apply", "--server-side", "-f", str(path))


def _wait(kubeconfig: Path, condition: str, *what: str) -> None:
    _kubectl(kubeconfig, "wait", f"--for=condition={condition}", *what, "--timeout=180s")


def _kubectl(kubeconfig: Path, *arguments: str, given: str | None = None) -> None:
    program = str(go.program("kubectl"))
    run(program, "--kubeconfig", str(kubeconfig), *arguments, given=given)
