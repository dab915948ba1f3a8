"""Passwords: made once, never by a template, or somebody else's."""

from chart.charts import EXAMPLES, Object, Rendered, Values, env_of, render

OWN = {
    "admin": {"existingSecret": "mine", "passwordKey": "admin"},
    "postgresql": {"existingSecret": "theirs"},
}
EXTERNAL: Values = {
    "postgresql": {"enabled": False},
    "externalDatabase": {"host": "db.example.org", "existingSecret": "app"},
}


def volumes(rendered: Rendered) -> dict[str, Object]:
    spec = rendered.one("Deployment")["spec"]["template"]["spec"]
    return {volume["name"]: volume.get("secret", {}) for volume in spec["volumes"]}


def job(values: Values | None = None) -> Object:
    jobs = render(values).all("Job")
    (found,) = [each for each in jobs if each["metadata"]["name"].startswith("outlay-secret-")]
    return found


def test_a_job_makes_them_all_in_one_secret() -> None:
    (container,) = job()["spec"]["template"]["spec"]["containers"]
    assert container["args"] == [
        "outlay-passwords", "admin-password", "owner-password", "service-password",
        "exporter-password", "backup-password", "restore-password",
    ]  # fmt: skip


def test_it_is_an_ordinary_object_that_every_tool_applies() -> None:
    assert "annotations" not in job()["metadata"]
    assert "ttlSecondsAfterFinished" not in job()["spec"]


def test_its_name_changes_with_what_it_does_as_a_job_cannot_be_changed() -> None:
    names = {
        job(values)["metadata"]["name"]
        for values in (None, {"image": {"tag": "dev"}}, {"podLabels": {"a": "b"}})
    }
    assert len(names) == 3
    assert job({"replicas": 2})["metadata"]["name"] == job()["metadata"]["name"]


def test_every_password_can_be_somebody_elses() -> None:
    rendered = render(OWN)
    for kind in ("Job", "Role", "ServiceAccount"):
        assert not [o for o in rendered.all(kind) if "secret" in o["metadata"]["name"]]
    assert {name: volume["secretName"] for name, volume in volumes(rendered).items() if volume} == {
        "admin": "mine", "owner": "theirs", "service": "theirs",
    }  # fmt: skip


def test_only_what_is_missing_is_made() -> None:
    (container,) = job({"postgresql": {"existingSecret": "theirs"}})["spec"]["template"]["spec"]["containers"]  # fmt: skip
    assert container["args"] == ["outlay-passwords", "admin-password"]


def test_a_pod_waits_for_the_secret_of_the_chart_and_tells_of_one_that_somebody_forgot() -> None:
    assert {v["optional"] for v in volumes(render()).values() if v} == {False}
    assert {v["optional"] for v in volumes(render(OWN)).values() if v} == {True}


def test_a_file_is_named_after_its_secret_and_key_so_that_a_message_names_both() -> None:
    spec = render(OWN).one("Deployment")["spec"]["template"]["spec"]
    given = env_of(spec["containers"][0])
    assert given["OUTLAY_ADMIN_PASSWORD_FILE"] == "/etc/outlay/admin/mine/admin"
    assert given["OUTLAY_DATABASE_PASSWORD_FILE"].endswith("/theirs/service-password")


def test_every_password_file_lies_in_a_mount_of_its_pod() -> None:
    for values in EXAMPLES:
        for name, pod in render(None, values).pods():
            for container in (*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]):
                mounts = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
                for key, value in env_of(container).items():
                    if key.endswith("_FILE"):
                        assert value.rpartition("/")[0] in mounts, (values.stem, name, key)


def test_an_external_database_is_opened_with_its_own_secret() -> None:
    spec = render(EXTERNAL).one("Deployment")["spec"]["template"]["spec"]
    for container in (*spec["initContainers"], *spec["containers"]):
        url = env_of(container)["OUTLAY_DATABASE_URL"]
        assert url == "postgresql://outlay@db.example.org:5432/outlay?sslmode=require"
        assert env_of(container)["OUTLAY_DATABASE_PASSWORD_FILE"].endswith("/app/password")


def test_migrations_of_an_external_database_may_have_a_role_of_their_own() -> None:
    (values,) = [path for path in EXAMPLES if "external" in path.stem]
    spec = render(None, values).one("Deployment")["spec"]["template"]["spec"]
    migrate, serve = env_of(spec["initContainers"][0]), env_of(spec["containers"][0])
    place = "main-rw.databases.svc:5432/money?sslmode=verify-full&sslrootcert=/etc/outlay/ca/main-ca/ca.crt"
    assert migrate["OUTLAY_DATABASE_URL"] == f"postgresql://money_owner@{place}"
    assert serve["OUTLAY_DATABASE_URL"] == f"postgresql://money_app@{place}"
    assert migrate["OUTLAY_DATABASE_PASSWORD_FILE"] == "/etc/outlay/owner/money-owner/password"


def test_a_name_with_odd_signs_keeps_the_address_whole() -> None:
    values = EXTERNAL | {"externalDatabase": {**EXTERNAL["externalDatabase"], "user": "ada@home"}}
    spec = render(values).one("Deployment")["spec"]["template"]["spec"]
    assert "postgresql://ada%40home@db." in env_of(spec["containers"][0])["OUTLAY_DATABASE_URL"]


def test_helm_test_signs_in_or_takes_a_token() -> None:
    def given(values: Values | None = None) -> set[str]:
        return set(env_of(render(values).one("Pod", "outlay-test")["spec"]["containers"][0]))

    assert {"OUTLAY_CHECK_EMAIL", "OUTLAY_CHECK_PASSWORD_FILE"} <= given()
    assert "OUTLAY_CHECK_TOKEN_FILE" in given({"test": {"existingSecret": "t"}})
