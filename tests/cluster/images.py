"""The cluster's images, made on this machine: no registry is asked for any of them."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cluster import go
from cluster.debian import make_root
from cluster.parts import PROMETHEUS as PROMETHEUS_PART
from cluster.parts import PROMETHEUS_OPERATOR
from cluster.places import BUILDAH, IMAGES, RECIPES, workshop
from cluster.progress import step
from cluster.run import NICE, Failed, run

BASE: Final = "localhost/base:1"
PAUSE: Final = "localhost/pause:1"
POSTGRES: Final = "localhost/postgres:18"
POSTGRES_EXPORTER: Final = "localhost/postgres-exporter:1"
PROMETHEUS: Final = "localhost/prometheus:1"
RELOADER: Final = "localhost/prometheus-config-reloader:1"


@dataclass(frozen=True)
class Image:
    """An image made from the recipe of its name; `fill` puts into its folder what Dockerfile adds."""

    name: str
    fill: Callable[[Path], None]
    holds: str = ""  # the version of what it holds
    base: str = ""

    @property
    def recipe(self) -> Path:
        return RECIPES / self.name.removeprefix("localhost/").partition(":")[0]


def _programs(*names: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        for name in names:
            shutil.copy(go.program(name), folder)

    return fill


def _nothing(_folder: Path) -> None: ...


ALL: Final = (
    Image(PAUSE, lambda folder: go.compile_file(folder / "main.go", folder / "pause")),
    Image(BASE, lambda folder: make_root(folder / "root.tar")),
    Image(POSTGRES, _nothing, base=BASE),
    Image(POSTGRES_EXPORTER, _nothing, base=POSTGRES),
    Image(PROMETHEUS, _programs("prometheus", "promtool"), PROMETHEUS_PART.version),
    Image(RELOADER, _programs("prometheus-config-reloader"), PROMETHEUS_OPERATOR.version),
)


def archives() -> list[Path]:
    """An archive an image, made if its recipe has none yet."""
    made: dict[str, Path] = {}
    for image in ALL:
        key = _key(image, str(made.get(image.base, "")))
        made[image.name] = IMAGES / f"{image.recipe.name}-{key}.tar"
        if not made[image.name].exists():
            _make(image, made[image.name])
    return list(made.values())


def _make(image: Image, archive: Path) -> None:
    with workshop(f"image-{image.recipe.name}") as folder:
        if archive.exists():  # another one made it meanwhile
            return
        with step(f"image {image.recipe.name}"):
            context = shutil.copytree(image.recipe, folder / "context")
            image.fill(context)
            build(image.name, context, {"BASE": image.base} if image.base else {})
            save(image.name, archive)


def _key(image: Image, base: str) -> str:
    """Changes with whatever the image is made of."""
    texts = [path.read_bytes() for path in sorted(image.recipe.iterdir())]
    mixed = b"\0".join([*texts, image.holds.encode(), Path(base).name.encode()])
    return hashlib.sha256(mixed).hexdigest()[:12]


def build(
    name: str,
    context: Path,
    arguments: Mapping[str, str] | None = None,
    *,
    dockerfile: Path | None = None,
    target: str = "",
) -> None:
    """Build a Dockerfile under a local name; its base images must be local, too.

    The stages see this machine's certificates, so that pip and npm work behind its proxy.
    """
    options = ["--isolation", "chroot", "--pull=never", "--layers", "--tag", name]
    options += ["--file", str(dockerfile or context / "Dockerfile")]
    options += [f"--build-arg={key}={value}" for key, value in (arguments or {}).items()]
    options += ["--target", target] if target else []
    if TRUSTED.exists():
        options += ["--volume", f"{TRUSTED}:{TRUSTED}:ro"]
    _buildah("bud", *options, str(context))


TRUSTED: Final = Path("/etc/ssl/certs/ca-certificates.crt")


def save(name: str, archive: Path) -> None:
    """Write a built image to a file that containerd and kind can load."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_suffix(".part")
    part.unlink(missing_ok=True)
    _buildah("push", "--quiet", name, f"docker-archive:{part}:{name}")
    part.rename(archive)


def _buildah(*arguments: str) -> None:
    """In a mount namespace of its own: storage's mounts end with it."""
    if not shutil.which("buildah"):
        raise Failed("buildah is missing: `make cluster` installs it")
    store = ("--root", str(BUILDAH / "root"), "--runroot", str(BUILDAH / "run"))
    run(*NICE, "unshare", "--mount", "buildah", *store, *arguments)
