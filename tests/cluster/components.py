"""The node's processes: how each is started and how it says that it is well.

Each writes to <logs>/<name>.log. All stop at once, with the namespaces that they live in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cluster.addresses import API, DOMAIN, NODE, NODE_NAME, PODS, SERVICES
from cluster.certificates import AUTHORITY, certificate, key
from cluster.images import BASE, RELOADER
from cluster.parts import (
    COREDNS,
    KUBERNETES,
    LOCAL_PATH,
    METRICS_SERVER,
    PROMETHEUS_OPERATOR,
    Part,
)
from cluster.places import ETCD, KUBECONFIG, MANIFESTS, PROGRAMS, SETTINGS
from cluster.settings import CONTAINERD_SOCKET


@dataclass(frozen=True)
class Component:
    """`healthy` is an address that answers 200, a socket that exists, or empty: it runs, so it is well."""

    name: str
    command: tuple[str, ...]
    healthy: str = ""


def _of(part: Part, name: str) -> str:
    return str(PROGRAMS / part.folder / name)


def _options(**options: object) -> Iterator[str]:
    for name, value in options.items():
        yield f"--{name.replace('_', '-')}={value}"


CONTAINERD: Final = Component(
    "containerd",
    ("containerd", "--config", str(SETTINGS / "containerd.toml")),
    CONTAINERD_SOCKET,
)

# What is lost with the machine is lost with the test: no fsync.
ETCD_SERVER: Final = Component(
    "etcd",
    (
        "etcd",
        "--unsafe-no-fsync",
        *_options(
            data_dir=ETCD,
            listen_client_urls="http://127.0.0.1:2379",
            advertise_client_urls="http://127.0.0.1:2379",
            listen_peer_urls="http://127.0.0.1:2380",
        ),
    ),
    "http://127.0.0.1:2379/health",
)

# The front proxy's authority is the clients' too, so its name must be the allowed one.
API_SERVER: Final = Component(
    "kube-apiserver",
    (
        _of(KUBERNETES, "kube-apiserver"),
        *_options(
            etcd_servers="http://127.0.0.1:2379",
            advertise_address=NODE,
            service_cluster_ip_range=SERVICES,
            authorization_mode="Node,RBAC",
            enable_admission_plugins="NodeRestriction",
            allow_privileged="true",
            client_ca_file=AUTHORITY,
            tls_cert_file=certificate("apiserver"),
            tls_private_key_file=key("apiserver"),
            service_account_key_file=key("service-accounts"),
            service_account_signing_key_file=key("service-accounts"),
            service_account_issuer=f"https://kubernetes.default.svc.{DOMAIN}",
            kubelet_client_certificate=certificate("admin"),
            kubelet_client_key=key("admin"),
            kubelet_certificate_authority=AUTHORITY,
            kubelet_preferred_address_types="InternalIP",
            proxy_client_cert_file=certificate("front-proxy"),
            proxy_client_key_file=key("front-proxy"),
            requestheader_client_ca_file=AUTHORITY,
            requestheader_allowed_names="front-proxy",
            requestheader_extra_headers_prefix="X-Remote-Extra-",
            requestheader_group_headers="X-Remote-Group",
            requestheader_username_headers="X-Remote-User",
        ),
    ),
    "https://127.0.0.1:6443/readyz",
)

CONTROLLER_MANAGER: Final = Component(
    "kube-controller-manager",
    (
        _of(KUBERNETES, "kube-controller-manager"),
        *_options(
            kubeconfig=SETTINGS / "controller-manager.kubeconfig",
            leader_elect="false",
            use_service_account_credentials="true",
            root_ca_file=AUTHORITY,
            service_account_private_key_file=key("service-accounts"),
            cluster_signing_cert_file=AUTHORITY,
            cluster_signing_key_file=key("authority"),
            cluster_cidr=PODS,
            service_cluster_ip_range=SERVICES,
        ),
    ),
    "https://127.0.0.1:10257/healthz",
)

SCHEDULER: Final = Component(
    "kube-scheduler",
    (
        _of(KUBERNETES, "kube-scheduler"),
        *_options(kubeconfig=SETTINGS / "scheduler.kubeconfig", leader_elect="false"),
    ),
    "https://127.0.0.1:10259/healthz",
)

KUBELET: Final = Component(
    "kubelet",
    (
        _of(KUBERNETES, "kubelet"),
        *_options(
            config=SETTINGS / "kubelet.yaml",
            kubeconfig=SETTINGS / "kubelet.kubeconfig",
            root_dir="/run/kubelet",
            hostname_override=NODE_NAME,
            node_ip=NODE,
        ),
    ),
    "http://127.0.0.1:10248/healthz",
)

PROXY: Final = Component(
    "kube-proxy",
    (
        _of(KUBERNETES, "kube-proxy"),
        *_options(config=SETTINGS / "proxy.yaml", hostname_override=NODE_NAME),
    ),
    "http://127.0.0.1:10256/healthz",
)

DNS: Final = Component(
    "coredns",
    (_of(COREDNS, "coredns"), "-conf", str(SETTINGS / "Corefile")),
    "http://127.0.0.1:8181/ready",
)

STORAGE: Final = Component(
    "local-path-provisioner",
    (
        _of(LOCAL_PATH, "local-path-provisioner"),
        "start",
        *_options(
            kubeconfig=KUBECONFIG,
            config=SETTINGS / "local-path.json",
            helper_image=BASE,
            helper_pod_file=MANIFESTS / "volume-helper.yaml",
            configmap_name="local-path-config",
            provisioner_name="rancher.io/local-path",
            service_account_name="default",
            namespace="kube-system",
        ),
    ),
)

METRICS: Final = Component(
    "metrics-server",
    (
        _of(METRICS_SERVER, "metrics-server"),
        *_options(
            kubeconfig=KUBECONFIG,
            authentication_kubeconfig=KUBECONFIG,
            authorization_kubeconfig=KUBECONFIG,
            secure_port=4443,
            tls_cert_file=certificate("metrics-server"),
            tls_private_key_file=key("metrics-server"),
            kubelet_certificate_authority=AUTHORITY,
            kubelet_preferred_address_types="InternalIP",
            metric_resolution="15s",
        ),
    ),
    "https://127.0.0.1:4443/livez",
)

MONITORING: Final = Component(
    "prometheus-operator",
    (
        _of(PROMETHEUS_OPERATOR, "operator"),
        *_options(
            apiserver=API,
            ca_file=AUTHORITY,
            cert_file=certificate("admin"),
            key_file=key("admin"),
            **{"web.listen_address": "127.0.0.1:8082"},
            prometheus_config_reloader=RELOADER,
        ),
    ),
    "http://127.0.0.1:8082/healthz",
)

NODE_EXPORTER: Final = Component(
    "node-exporter",
    ("prometheus-node-exporter", *_options(**{"web.listen_address": f"{NODE}:9100"})),
    f"http://{NODE}:9100/",
)

# In the order of their start: a group starts together, once the one before is well.
GROUPS: Final = (
    (CONTAINERD, ETCD_SERVER),
    (API_SERVER,),
    (CONTROLLER_MANAGER, SCHEDULER, KUBELET, PROXY, DNS, NODE_EXPORTER),
)
# These need what the manifests bring.
LAST: Final = (STORAGE, METRICS, MONITORING)
