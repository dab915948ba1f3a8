"""The cluster's images, made on this machine: no registry is asked for any of them."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cluster import buildah, go
from cluster.debian import make_root
from cluster.parts import PROMETHEUS as PROMETHEUS_PART
from cluster.parts import PROMETHEUS_OPERATOR
from cluster.places import BUILDAH, IMAGES, RECIPES, workshop
from cluster.progress import step

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


def archives() -> dict[str, Path]:
    """Where the archive of each image lies, once it is made; its name says what it was made of."""
    found: dict[str, Path] = {}
    for image in ALL:
        key = _key(image, str(found.get(image.base, "")))
        found[image.name] = IMAGES / f"{image.recipe.name}-{key}.tar"
    return found


def make_missing() -> None:
    """Make what is not there yet, and remove what is of an older recipe."""
    wanted = archives()
    for image in ALL:
        if not wanted[image.name].exists():
            _make(image, wanted[image.name])
    for archive in {*IMAGES.glob("*.tar")} - {*wanted.values()}:
        archive.unlink()


def _make(image: Image, archive: Path) -> None:
    with workshop(f"image-{image.recipe.name}") as folder:
        if archive.exists():  # another one made it meanwhile
            return
        with step(f"image {image.recipe.name}"):
            context = shutil.copytree(image.recipe, folder / "context")
            image.fill(context)
            build(image.name, context, {"BASE": image.base} if image.base else {})
            buildah.save(image.name, archive)
            buildah.remember(BUILDAH, archive)


def _key(image: Image, base: str) -> str:
    """Changes with whatever the image is made of."""
    texts = [path.read_bytes() for path in sorted(image.recipe.iterdir())]
    mixed = b"\0".join([*texts, image.holds.encode(), Path(base).name.encode()])
    return hashlib.sha256(mixed).hexdigest()[:12]


def build(name: str, context: Path, arguments: Mapping[str, str], target: str = "") -> None:
    """Build a Dockerfile under a local name; its base images are those of this machine."""
    found = archives()
    for base in {*arguments.values()} & {*found}:
        buildah.restore(found[base])
    buildah.build(name, context, arguments, target=target)
