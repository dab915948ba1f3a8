"""Each image lacks what its programs do without, and the lists of parts name what it holds."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICE = """
import pkgutil, runpy
import outlay
for module in pkgutil.walk_packages(outlay.__path__, "outlay."):
    if module.name.rpartition(".")[2] != "__main__":
        __import__(module.name)
runpy.run_module("outlay.describe", run_name="__main__")
"""
OPERATOR = """
import kopf, kubernetes.aio.client, kubernetes.aio.config, kubernetes.aio.dynamic, kubernetes.aio.watch
sys.path.insert(0, "operator/image")
import import_all
import_all.main()
"""
# To import one of them is an ImportError.
WITHOUT = "import sys; sys.modules.update(dict.fromkeys(sys.argv[1:]))"


def modules_left_out(lock: str) -> list[str]:
    _, _, packages = lock_of(lock).partition("excluded from the output:")
    names = {line.removeprefix("# ").replace("-", "_") for line in packages.split("\n") if line}
    return [
        module
        for module, owners in packages_distributions().items()
        if names & {owner.lower().replace("-", "_") for owner in owners}
    ]


def lock_of(image: str) -> str:
    return (ROOT / "requirements" / f"{image}.txt").read_text()


def run_without(modules: list[str], program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT + program, *modules]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_module_and_the_description_of_the_api_do_without_what_is_left_out() -> None:
    modules = modules_left_out("service")
    assert {"faker", "pygments"} <= {*modules}
    done = run_without(modules, SERVICE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


def test_the_operator_and_the_backup_program_do_without_what_only_the_service_needs() -> None:
    modules = modules_left_out("operator")
    assert {"faker", "litestar", "granian", "argon2", "httpx"} <= {*modules}
    done = run_without(modules, OPERATOR)
    assert done.returncode == 0, done.stderr
    assert run_without(["kopf"], OPERATOR).returncode == 1


@pytest.mark.parametrize("image", ["service", "operator"])
def test_the_list_of_an_image_s_parts_has_each_package_of_its_lock(image: str) -> None:
    command = [sys.executable, "requirements/sbom.py", image]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    listed = {part["purl"] for part in json.loads(done.stdout)["components"]}
    pins = re.findall(r"^([\w.-]+)==([\w.]+) \\$", lock_of(image), re.MULTILINE)
    assert len(pins) > 10
    assert {f"pkg:pypi/{name}@{version}" for name, version in pins} <= listed
    assert any(each.startswith("pkg:npm/svelte@") for each in listed) == (image == "service")
