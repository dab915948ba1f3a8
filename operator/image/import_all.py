"""Imports every module of the operator and of the backup program: each must find what it needs."""

import importlib
import pkgutil
from types import ModuleType

import outlay_backup
import outlay_operator


def main() -> None:
    for package in (outlay_backup, outlay_operator):
        for name in modules(package):
            importlib.import_module(name)


def modules(package: ModuleType) -> list[str]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [each.name for each in found if not each.name.endswith("__main__")]


if __name__ == "__main__":
    main()
