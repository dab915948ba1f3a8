"""Builds images without a daemon, and moves them between its store, archives and containerd."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cluster.places import BUILDAH
from cluster.run import NICE, Failed, run

LAYERS: Final = 500  # some twenty builds of the project's image
TRUSTED: Final = Path("/etc/ssl/certs/ca-certificates.crt")


def build(
    name: str,
    context: Path,
    arguments: Mapping[str, str],
    *,
    target: str = "",
) -> None:
    """Build a Dockerfile under a local name; its base images must be local, too.

    The stages see this machine's certificates, so that pip and npm work behind its proxy.
    """
    options = ["--isolation", "chroot", "--pull=never", "--layers", "--tag", name]
    options += [f"--build-arg={key}={value}" for key, value in arguments.items()]
    options += ["--target", target] if target else []
    if TRUSTED.exists():
        options += ["--volume", f"{TRUSTED}:{TRUSTED}:ro"]
    _buildah("bud", *options, str(context))


def save(name: str, archive: Path) -> None:
    """Write a built image to a file that containerd and kind can load."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_suffix(".part")
    part.unlink(missing_ok=True)
    _buildah("push", "--quiet", name, f"docker-archive:{part}:{name}")
    part.rename(archive)


def sweep() -> None:
    """Begin a new store when layers that nobody needs have piled up: `restore` brings bases back."""
    layers = BUILDAH / "root" / "overlay"
    if layers.is_dir() and len(list(layers.iterdir())) > LAYERS:
        shutil.rmtree(BUILDAH)


def restore(archive: Path) -> None:
    """Bring an image back to the store, which may have lost it or have that of another recipe."""
    if archive.exists() and not is_known(BUILDAH, archive):
        _buildah("pull", "--quiet", f"docker-archive:{archive}")
        remember(BUILDAH, archive)


def remember(store: Path, archive: Path) -> None:
    """Note in a store of images that the archive's is in it, and is the one of its name."""
    note = _note(store, archive)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(archive.name)


def is_known(store: Path, archive: Path) -> bool:
    note = _note(store, archive)
    return note.exists() and note.read_text() == archive.name


def _note(store: Path, archive: Path) -> Path:
    return store / "imported" / archive.stem.rpartition("-")[0]


def _buildah(*arguments: str) -> None:
    """In a mount namespace of its own: storage's mounts end with it."""
    if not shutil.which("buildah"):
        raise Failed("buildah is missing: `make cluster` installs it")
    store = ("--root", str(BUILDAH / "root"), "--runroot", str(BUILDAH / "run"))
    run(*NICE, "unshare", "--mount", "buildah", *store, *arguments)
