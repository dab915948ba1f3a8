"""The image of the service lacks what the service does without."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements" / "service.txt"
PROGRAM = """
import pkgutil, runpy, sys
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # to import one of them is an ImportError
import outlay
for module in pkgutil.walk_packages(outlay.__path__, "outlay."):
    if module.name.rpartition(".")[2] != "__main__":
        __import__(module.name)
runpy.run_module("outlay.describe", run_name="__main__")
"""


def left_out() -> set[str]:
    _, _, packages = LOCK.read_text().partition("excluded from the output:")
    return {line.removeprefix("# ") for line in packages.split("\n") if line}


def test_every_module_and_the_description_of_the_api_do_without_what_is_left_out() -> None:
    modules = [
        module
        for module, owners in packages_distributions().items()
        if left_out() & {owner.lower() for owner in owners}
    ]
    assert {"faker", "pygments"} <= {*modules}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *modules], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
