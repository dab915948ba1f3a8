"""What holds for every pod and every object, whatever the values are."""

import pytest

from chart.charts import EXAMPLES, Rendered, containers, render


@pytest.fixture(params=EXAMPLES, ids=lambda path: path.stem, scope="module")
def rendered(request: pytest.FixtureRequest) -> Rendered:
    return render(None, request.param)


def test_every_pod_keeps_to_the_restricted_standard(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name
        for container in containers(spec):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert "privileged" not in context, name
        kinds = {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"}
        assert kinds <= {"secret", "configMap", "emptyDir", "persistentVolumeClaim"}, name


def test_only_who_uses_the_api_server_has_a_token(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        component = pod["metadata"]["labels"]["app.kubernetes.io/component"]
        has_token = pod["spec"]["automountServiceAccountToken"]
        assert has_token == (component in {"operator", "secret", "key", "crds", "request"}), name
    for account in rendered.all("ServiceAccount"):
        assert account["automountServiceAccountToken"] is False


def test_nobody_may_read_or_change_a_secret(rendered: Rendered) -> None:
    for role in (*rendered.all("Role"), *rendered.all("ClusterRole")):
        for rule in role["rules"]:
            assert not {"*"} & {*rule["apiGroups"], *rule["resources"], *rule["verbs"]}
            if "secrets" in rule["resources"]:
                assert rule == {"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}
                assert role["rules"] == [rule]


def test_every_token_has_the_rights_of_its_own_role_and_no_others(rendered: Rendered) -> None:
    bound = [
        (subject["name"], binding["roleRef"]["kind"], binding["roleRef"]["name"])
        for kind in ("RoleBinding", "ClusterRoleBinding")
        for binding in rendered.all(kind)
        for subject in binding["subjects"]
    ]
    roles = [
        (kind, role["metadata"]["name"])
        for kind in ("Role", "ClusterRole")
        for role in rendered.all(kind)
    ]
    assert sorted(bound_to for _, *bound_to in bound) == sorted(map(list, roles))
    used = {
        pod["spec"]["serviceAccountName"]
        for _, pod in rendered.pods()
        if pod["spec"]["automountServiceAccountToken"]
    }
    assert {account for account, *_ in bound} == used
    assert len(bound) == len(used)


def test_every_container_says_what_it_needs_and_what_it_may_have(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        for container in containers(pod["spec"]):
            resources = container["resources"]
            assert {"cpu", "memory"} <= resources["requests"].keys(), name
            assert "memory" in resources["limits"], name


def test_every_volume_for_scratch_has_a_bound(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        for volume in pod["spec"].get("volumes", []):
            if "emptyDir" in volume:
                assert volume["emptyDir"]["sizeLimit"], (name, volume["name"])


def test_no_pod_learns_of_other_services_by_its_environment(rendered: Rendered) -> None:
    assert all(pod["spec"]["enableServiceLinks"] is False for _, pod in rendered.pods())


def test_no_password_is_in_any_object(rendered: Rendered) -> None:
    assert not rendered.has("Secret")
    assert "secretKeyRef" not in rendered.text


def test_a_failed_container_says_why_in_its_status(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        for container in containers(pod["spec"]):
            assert container["terminationMessagePolicy"] == "FallbackToLogsOnError", name


def test_every_object_is_in_the_namespace_and_labelled(rendered: Rendered) -> None:
    for each in rendered.objects:
        labels = each["metadata"]["labels"]
        if each["kind"].startswith("ClusterRole"):
            assert each["metadata"]["name"].startswith("money-")
        else:
            assert each["metadata"]["namespace"] in {"money", "monitoring"}, each["kind"]
        assert labels["app.kubernetes.io/instance"] == "outlay", each["kind"]
        assert labels["app.kubernetes.io/part-of"] == "outlay", each["kind"]


def test_services_select_pods_that_there_are(rendered: Rendered) -> None:
    pods = [pod["metadata"]["labels"] for _, pod in rendered.pods()]
    for service in rendered.all("Service"):
        wanted = service["spec"]["selector"].items()
        assert any(wanted <= labels.items() for labels in pods), service["metadata"]["name"]


def test_images_are_named_whole(rendered: Rendered) -> None:
    for name, pod in rendered.pods():
        for container in containers(pod["spec"]):
            image = container["image"].rpartition("/")[2]
            assert ":" in image or "@sha256:" in image, name


def test_nothing_is_looked_up_in_a_cluster() -> None:
    assert render(None, EXAMPLES[0]).text == render(None, EXAMPLES[0]).text
