"""The wheel's programs, where the server's account can reach them."""

import shutil
import tempfile
from pathlib import Path

from outlay.embedded.accounts import account_for, closed_parent
from outlay.embedded.folder import Folder
from outlay.embedded.programs import Programs, bin_dir


def programs_for(folder: Folder, chosen: Path | None = None) -> Programs:
    """Return the programs for a data folder: `chosen`, else the wheel's.

    Started by root from an environment that the server's account cannot enter (a checkout in
    root's home), they are copied into the data folder once (41 MB).
    """
    account = account_for(folder.path)
    source = chosen or bin_dir()
    if closed_parent(source / "postgres", account) is None:
        return Programs(source, account)
    version = Programs(source).version()
    copy = folder.path / f"programs-{version}"
    if not copy.exists():
        _copy(source, copy)
    return Programs(copy / source.parent.parent.name / source.parent.name / source.name, account)


def _copy(source: Path, target: Path) -> None:
    """Copy a wheel's package with the shared libraries beside it, whole or not at all."""
    package = source.parent.parent
    begun = Path(tempfile.mkdtemp(prefix="creating-", dir=target.parent))
    try:
        begun.chmod(0o755)
        shutil.copytree(package, begun / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, begun / libraries.name, symlinks=True)
        begun.rename(target)
    finally:
        shutil.rmtree(begun, ignore_errors=True)
