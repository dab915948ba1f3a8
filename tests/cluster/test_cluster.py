"""The local cluster does what a cluster does. It is started anew: `make cluster` first builds it."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cluster import Cluster, Failed
from cluster.addresses import API_SERVICE, NODE
from cluster.cgroups import NAME, ROOT
from cluster.images import BASE, POSTGRES
from cluster.kind import Given
from cluster.native import Native
from cluster.places import PID
from cluster.run import run, until

pytestmark = pytest.mark.cluster

NAMESPACE = "trial"
SETTINGS = (
    r"^(vm\.(over|panic)|kernel\.(panic|keys)|net\.ipv[46]\.(ip_forward|conf\.(all|default)))"
)
RESTRICTED: dict[str, Any] = {
    "runAsNonRoot": True,
    "runAsUser": 999,
    "runAsGroup": 999,
    "fsGroup": 999,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    way = Native()
    way.down()
    with Cluster(way) as made:
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        metadata = {"name": NAMESPACE, "labels": labels}
        apply(made, {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        yield made


def apply(cluster: Cluster, *objects: dict[str, Any]) -> None:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    cluster.kubectl("apply", "--filename", "-", given=text)


def pod(name: str, command: list[str], image: str = BASE, **more: Any) -> dict[str, Any]:
    container = {
        "name": "main",
        "image": image,
        "imagePullPolicy": "Never",
        "args": command,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
    } | more.pop("container", {})
    spec = {
        "containers": [container],
        "securityContext": RESTRICTED,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 1,
    } | more
    metadata = {"name": name, "namespace": NAMESPACE, "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def service(name: str, port: int, **more: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": NAMESPACE, "labels": {"app": name}}
    spec = {"selector": {"app": name}, "ports": [{"name": "web", "port": port}]} | more
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def wait(cluster: Cluster, what: str, condition: str) -> None:
    cluster.kubectl("wait", "-n", NAMESPACE, what, f"--for={condition}", "--timeout=120s")


def said_by(cluster: Cluster, name: str, *command: str, **more: Any) -> str:
    """What a pod printed that ran the command to its end."""
    apply(cluster, pod(name, list(command), **more))
    wait(cluster, f"pod/{name}", "jsonpath={.status.phase}=Succeeded")
    return cluster.kubectl("logs", "-n", NAMESPACE, name)


@pytest.fixture(scope="module")
def web(cluster: Cluster) -> str:
    """The name of a pod and a Service that serve files, one of them metrics."""
    files = {"metrics": "# TYPE trial_answer gauge\ntrial_answer 42\n"}
    serving = {"name": "files", "configMap": {"name": "web"}}
    container = {
        "volumeMounts": [{"name": "files", "mountPath": "/srv"}],
        "readinessProbe": {"httpGet": {"path": "/metrics", "port": 8000}, "periodSeconds": 1},
    }
    command = ["python3", "-m", "http.server", "--directory", "/srv", "8000"]
    metadata = {"name": "web", "namespace": NAMESPACE}
    apply(
        cluster,
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": files},
        pod("web", command, container=container, volumes=[serving]),
        service("web", 8000, type="NodePort"),
    )
    wait(cluster, "pod/web", "condition=Ready")
    return "web"


def test_a_second_start_finds_it_running(cluster: Cluster) -> None:
    pid = PID.read_text()
    assert cluster.way.up() is False
    assert PID.read_text() == pid


def test_a_pod_runs_and_its_log_is_read(cluster: Cluster) -> None:
    assert said_by(cluster, "hello", "echo", "hello") == "hello\n"


def test_a_command_runs_in_a_pod(cluster: Cluster, web: str) -> None:
    assert cluster.kubectl("exec", "-n", NAMESPACE, web, "--", "id", "-u") == "999\n"


def test_services_have_names(cluster: Cluster) -> None:
    said = said_by(cluster, "names", "getent", "ahostsv4", "kubernetes.default")
    assert said.split()[0] == API_SERVICE


def test_names_outside_the_cluster_do_not_exist(cluster: Cluster) -> None:
    assert (
        said_by(cluster, "outside", "sh", "-c", "getent hosts example.org || echo none") == "none\n"
    )


def test_pods_reach_pods_through_a_service(cluster: Cluster, web: str) -> None:
    asked = "import urllib.request as r; print(r.urlopen('http://web:8000/metrics').read())"
    assert "trial_answer 42" in said_by(cluster, "visitor", "python3", "-c", asked)


def test_a_pod_reaches_itself_through_its_service(cluster: Cluster, web: str) -> None:
    asked = "import urllib.request as r; print(r.urlopen('http://web:8000/metrics').read())"
    inside = ("exec", "-n", NAMESPACE, web, "--", "python3", "-c", asked)
    assert "trial_answer 42" in cluster.kubectl(*inside)


def test_this_machine_reaches_a_node_port(cluster: Cluster, web: str) -> None:
    port = cluster.get("service", "-n", NAMESPACE, web)["spec"]["ports"][0]["nodePort"]
    assert "trial_answer" in httpx.get(f"http://{NODE}:{port}/metrics", trust_env=False).text


def test_a_port_is_forwarded(cluster: Cluster, web: str) -> None:
    with cluster.port_forward(f"svc/{web}", 8000, NAMESPACE) as address:
        assert "trial_answer" in httpx.get(f"http://{address}/metrics", trust_env=False).text


def test_the_namespace_refuses_what_is_not_restricted(cluster: Cluster) -> None:
    with pytest.raises(Failed, match="violates PodSecurity"):
        apply(cluster, pod("root", ["id"], securityContext={"runAsUser": 0}))


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    """PostgreSQL as the chart will run it: restricted, on a claim, its password in a file."""
    metadata = {"name": "database", "namespace": NAMESPACE}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    container = {
        "env": [
            {"name": "POSTGRES_USER", "value": "ada"},
            {"name": "POSTGRES_DB", "value": "ledger"},
            {"name": "POSTGRES_PASSWORD_FILE", "value": "/secret/password"},
        ],
        "args": ["-c", "shared_buffers=32MB"],
        "volumeMounts": [
            {"name": "data", "mountPath": "/var/lib/postgresql"},
            {"name": "secret", "mountPath": "/secret"},
        ],
        "readinessProbe": {"exec": {"command": ["pg_isready", "-h", "127.0.0.1"]}},
    }
    volumes = [
        {"name": "data", "persistentVolumeClaim": {"claimName": "database"}},
        {"name": "secret", "secret": {"secretName": "database"}},
    ]
    apply(
        cluster,
        {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
        | {"stringData": {"password": "correct horse"}},
        {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": claim},
        pod("database", [], POSTGRES, container=container, volumes=volumes),
        service("database", 5432),
    )
    wait(cluster, "pod/database", "condition=Ready")
    return "database"


def test_a_claim_binds(cluster: Cluster, database: str) -> None:
    assert cluster.get("pvc", "-n", NAMESPACE, database)["status"]["phase"] == "Bound"


def test_the_postgres_image_makes_what_it_is_told(cluster: Cluster, database: str) -> None:
    asked = "select current_user, current_database(), current_setting('server_version_num')"
    address = "host=database user=ada dbname=ledger"
    command = ["psql", address, "-At", "-c", asked]
    env = [{"name": "PGPASSWORD", "value": "correct horse"}]
    container = {"env": env, "command": command}
    said = said_by(cluster, "client", image=POSTGRES, container=container)
    assert said.startswith("ada|ledger|18")


def test_the_size_of_a_volume_is_measured(cluster: Cluster, database: str) -> None:
    asked = f'kubelet_volume_stats_capacity_bytes{{persistentvolumeclaim="{database}"}}'
    until(lambda: bool(cluster.query(asked)), "the volume's metrics are there")


def test_a_service_monitor_is_scraped(cluster: Cluster, web: str) -> None:
    metadata = {"name": web, "namespace": NAMESPACE}
    spec = {"selector": {"matchLabels": {"app": web}}, "endpoints": [{"port": "web"}]}
    spec["fallbackScrapeProtocol"] = (
        "PrometheusText0.0.4"  # this web server does not say what it is
    )
    monitor = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor"}
    apply(cluster, monitor | {"metadata": metadata, "spec": spec})
    until(lambda: bool(cluster.query("trial_answer == 42")), "the Service is scraped")


def test_the_node_is_measured(cluster: Cluster) -> None:
    asked = 'up{job="node-exporter"} == 1 and on () up{job="kubelet"} == 1'
    until(lambda: bool(cluster.query(asked)), "node exporter and kubelet are scraped")


def test_pods_are_measured(cluster: Cluster, web: str) -> None:
    def measured() -> bool:
        try:
            return "web" in cluster.kubectl("top", "pods", "-n", NAMESPACE)
        except Failed:
            return False

    until(measured, "metrics-server knows the pod")


def test_an_image_is_built_loaded_and_run(cluster: Cluster, tmp_path: Path) -> None:
    text = (
        "ARG BASE\nFROM ${BASE} AS told\nARG WORD\nRUN echo ${WORD} > /word\nFROM told AS other\n"
    )
    (tmp_path / "Dockerfile").write_text(text)
    name = "localhost/outlay-trial:1"
    cluster.build_image(name, tmp_path, {"BASE": BASE, "WORD": "built"}, target="told")
    assert said_by(cluster, "built", "cat", "/word", image=name) == "built\n"


def test_helm_and_the_node_answer(cluster: Cluster) -> None:
    assert cluster.helm("list", "--output", "json").strip() == "[]"
    assert NODE in cluster.on_node("ip", "address", "show", "eth0")


def test_its_own_kubeconfig_leads_back_to_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig))
    assert isinstance(Cluster().way, Native)


def test_a_given_kubeconfig_is_used_and_left_alone(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    somebodys = tmp_path / "kubeconfig"
    somebodys.write_text(cluster.kubeconfig.read_text())
    monkeypatch.setenv("KUBECONFIG", str(somebodys))
    with Cluster() as given:
        assert isinstance(given.way, Given)
        assert given.get("node", "outlay")["kind"] == "Node"
    assert cluster.get("node", "outlay")["kind"] == "Node"


def traces() -> dict[str, object]:
    """What a cluster could leave behind on this machine."""
    rules = [line for line in run("iptables-save").splitlines() if line[:1] in "-*"]
    settings = run("sysctl", "-a", "--pattern", SETTINGS)
    return {
        "addresses": [
            (each["ifname"], sorted(info["local"] for info in each["addr_info"]))
            for each in json.loads(run("ip", "-json", "address"))
        ],
        "routes": run("ip", "route", "show", "table", "all"),
        "rules": rules,
        "settings": settings,
        "mounts": sorted(run("findmnt", "--raw", "--noheadings", "--output", "TARGET").split()),
        "groups": sorted(ROOT.rglob(NAME)),
    }


def in_namespace(link: str) -> list[int]:
    """The processes that live in a process namespace."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str((process / "ns/pid").readlink()) == link:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def running(component: str) -> int:
    """The number of a component's process on this machine."""
    for process in in_namespace(namespace()):
        program, *_ = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        if Path(program.decode()).name == component:
            return process
    raise AssertionError(f"{component} does not run")


def namespace() -> str:
    return str(Path(f"/proc/{PID.read_text()}/ns/pid").readlink())


def test_stopping_leaves_nothing_behind() -> None:
    way = Native()
    way.down()
    before = traces()
    way.up()
    lived_in = namespace()
    assert len(in_namespace(lived_in)) > 10
    assert traces() != before
    way.down()
    assert in_namespace(lived_in) == []
    assert traces() == before


def test_it_starts_again_after_a_crash() -> None:
    way = Native()
    way.down()
    before = traces()
    way.up()
    lived_in = namespace()
    for process in in_namespace(lived_in):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until(lambda: in_namespace(lived_in) == [], "the killed are gone")
    with Cluster(way) as cluster:
        assert cluster.get("node", "outlay")["kind"] == "Node"
    assert traces() == before


def test_a_part_that_ended_is_started_with_all_the_others_anew() -> None:
    way = Native()
    with Cluster(way) as cluster:
        os.kill(running("kube-scheduler"), signal.SIGKILL)
        until(way.up, "the loss is seen")
        assert cluster.get("node", "outlay")["kind"] == "Node"


def test_another_containerd_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "containerd.sock"
    options = ("--address", str(own), "--root", str(tmp_path / "r"), "--state", str(tmp_path / "s"))
    with subprocess.Popen(["containerd", *options], stderr=subprocess.DEVNULL) as machines:
        try:
            until(own.exists, "the machine's containerd runs")
            with Cluster(Native()) as cluster:
                images = cluster.on_node("ctr", "--namespace", "k8s.io", "images", "list", "-q")
                assert BASE in images
                ctr = ("ctr", "--address", str(own), "--namespace", "k8s.io")
                assert run(*ctr, "images", "list", "-q") == ""
            assert machines.poll() is None
        finally:
            machines.terminate()
