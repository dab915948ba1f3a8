"""What is built from Go modules: name, version, programs. A new version is a line changed here."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Part:
    """Programs of one Go module.

    `siblings` is the version of the modules that its go.mod takes from folders beside it, `keeps`
    the folders of its source that are used too, `names` what the linker is told.
    """

    name: str
    module: str
    version: str
    programs: tuple[str, ...]
    siblings: str = ""
    tags: str = ""
    names: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"


_STAMP = "k8s.io/component-base/version"

KUBERNETES: Final = Part(
    "kubernetes",
    "k8s.io/kubernetes",
    "v1.35.4",
    (
        "cmd/kube-apiserver",
        "cmd/kube-controller-manager",
        "cmd/kube-scheduler",
        "cmd/kubelet",
        "cmd/kube-proxy",
        "cmd/kubectl",
    ),
    siblings="v0.35.4",
    names=(
        f"{_STAMP}.gitVersion=v1.35.4",
        f"{_STAMP}.gitMajor=1",
        f"{_STAMP}.gitMinor=35",
        f"{_STAMP}.gitTreeState=clean",
    ),
)
HELM: Final = Part(
    "helm",
    "helm.sh/helm/v3",
    "v3.22.0",
    ("cmd/helm",),
    names=("helm.sh/helm/v3/internal/version.version=v3.22.0",),
)
COREDNS: Final = Part("coredns", "github.com/coredns/coredns", "v1.15.0", ("",))
LOCAL_PATH: Final = Part(
    "local-path-provisioner", "github.com/rancher/local-path-provisioner", "v0.0.30", ("",)
)
METRICS_SERVER: Final = Part(
    "metrics-server", "sigs.k8s.io/metrics-server", "v0.9.0", ("cmd/metrics-server",)
)
PROMETHEUS_OPERATOR: Final = Part(
    "prometheus-operator",
    "github.com/prometheus-operator/prometheus-operator",
    "v0.85.0",
    ("cmd/operator", "cmd/prometheus-config-reloader"),
    siblings="v0.85.0",
    keeps=("example/prometheus-operator-crd", "bundle.yaml"),
)
PROMETHEUS: Final = Part(
    "prometheus",
    "github.com/prometheus/prometheus",
    "v0.311.3",
    ("cmd/prometheus", "cmd/promtool"),
    tags="remove_all_sd,enable_kubernetes_sd",
)

NEEDED: Final = (
    KUBERNETES,
    HELM,
    COREDNS,
    LOCAL_PATH,
    METRICS_SERVER,
    PROMETHEUS_OPERATOR,
    PROMETHEUS,
)

# Built when somebody asks for them: `python -m cluster tool k6`.
TOOLS: Final = (
    Part("kubeconform", "github.com/yannh/kubeconform", "v0.8.0", ("cmd/kubeconform",)),
    Part(
        "helm-4",
        "helm.sh/helm/v4",
        "v4.3.1",
        ("cmd/helm",),
        names=("helm.sh/helm/v4/internal/version.version=v4.3.1",),
    ),
    Part("k6", "go.k6.io/k6", "v1.8.1", ("",)),
    Part("registry", "github.com/google/go-containerregistry", "v0.22.1", ("cmd/registry",)),
    Part("kind", "sigs.k8s.io/kind", "v0.33.0", ("",)),
    Part("kube-score", "github.com/zegl/kube-score", "v1.20.0", ("cmd/kube-score",)),
    Part("helm-docs", "github.com/norwoodj/helm-docs", "v1.14.2", ("cmd/helm-docs",)),
    Part(
        "alertmanager",
        "github.com/prometheus/alertmanager",
        "v0.31.1",
        ("cmd/alertmanager", "cmd/amtool"),
    ),
    Part("actionlint", "github.com/rhysd/actionlint", "v1.7.12", ("cmd/actionlint",)),
)
