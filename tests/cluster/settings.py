"""The components' configuration files. Kubernetes reads JSON as the YAML that it is."""

import json
from pathlib import Path
from typing import Final

from cluster import cgroups
from cluster.addresses import DNS_SERVICE, DOMAIN, NODE, PODS
from cluster.certificates import AUTHORITY, CLIENTS, certificate, key, kubeconfig
from cluster.images import PAUSE
from cluster.places import CONTAINERD, KUBECONFIG, SETTINGS, VOLUMES

CONTAINERD_SOCKET: Final = "/run/containerd/containerd.sock"

# restrict_oom_score_adj: without CAP_SYS_RESOURCE every pod would fail on its first write to
# oom_score_adj. disable_apparmor: a loaded profile would outlive the cluster.
CONTAINERD_CONFIG: Final = f"""\
version = 2
root = "{CONTAINERD}"
state = "/run/containerd"
[grpc]
address = "{CONTAINERD_SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
restrict_oom_score_adj = true
disable_apparmor = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{SETTINGS}/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
"""

NETWORK: Final = {
    "cniVersion": "0.4.0",
    "name": "pods",
    "plugins": [
        {
            "type": "bridge",
            "bridge": "pods0",
            "isGateway": True,
            "ipMasq": True,
            "hairpinMode": True,
            "ipam": {
                "type": "host-local",
                "ranges": [[{"subnet": PODS}]],
                "routes": [{"dst": "0.0.0.0/0"}],
                "dataDir": "/run/cni",
            },
        },
        {"type": "portmap", "capabilities": {"portMappings": True}},
    ],
}

# Names outside the cluster do not exist: it has no way out, and no test may need one.
COREFILE: Final = f"""\
{DOMAIN} in-addr.arpa ip6.arpa {{
    bind {NODE}
    errors
    health 127.0.0.1:8080
    ready 127.0.0.1:8181
    kubernetes {{
        kubeconfig {KUBECONFIG}
        pods insecure
    }}
}}
. {{
    bind {NODE}
    errors
    template ANY ANY {{
        rcode NXDOMAIN
    }}
}}
"""


def _kubelet() -> object:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(AUTHORITY)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(certificate("kubelet")),
        "tlsPrivateKeyFile": str(key("kubelet")),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{cgroups.NAME}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "protectKernelDefaults": True,
        "clusterDNS": [DNS_SERVICE],
        "clusterDomain": DOMAIN,
        "resolvConf": str(SETTINGS / "resolv.conf"),
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%"},
        "imageGCHighThresholdPercent": 100,
        "serializeImagePulls": False,
    }


def _proxy() -> object:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clientConnection": {"kubeconfig": str(SETTINGS / "proxy.kubeconfig")},
        "clusterCIDR": PODS,
        "mode": "iptables",
        "conntrack": {"maxPerCore": 0},
    }


def _local_path() -> object:
    return {"nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": [str(VOLUMES)]}]}


def write_settings() -> None:
    _write("cni/pods.conflist", json.dumps(NETWORK))
    _write("containerd.toml", CONTAINERD_CONFIG)
    _write("Corefile", COREFILE)
    _write("kubelet.yaml", json.dumps(_kubelet()))
    _write("proxy.yaml", json.dumps(_proxy()))
    _write("local-path.json", json.dumps(_local_path()))
    _write("resolv.conf", "")
    kubeconfig(KUBECONFIG, "admin")
    for name in (*CLIENTS, "kubelet"):
        kubeconfig(SETTINGS / f"{name}.kubeconfig", name)


def _write(name: str, text: str) -> Path:
    path = SETTINGS / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
