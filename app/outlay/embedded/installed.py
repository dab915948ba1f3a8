"""The wheel's programs, where the server's account can reach them."""

import shutil
import tempfile
from pathlib import Path

from outlay.embedded.accounts import account_for, closed_parent
from outlay.embedded.errors import DataFolderError
from outlay.embedded.folder import Folder
from outlay.embedded.programs import Programs, bin_dir

_UNUSED = shutil.ignore_patterns("include", "doc", "*.a")


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
    """Copy the programs with the shared libraries beside their package, whole or not at all."""
    package = source.parent.parent
    begun = Path(tempfile.mkdtemp(prefix="creating-", dir=target.parent))
    try:
        begun.chmod(0o755)
        inner = begun / package.name / source.parent.name
        shutil.copytree(source.parent, inner, symlinks=True, ignore=_UNUSED)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, begun / libraries.name, symlinks=True)
        begun.rename(target)
    except shutil.Error as error:
        raise DataFolderError(
            f"PostgreSQL's programs could not be copied to {target}: {error.args[0][0][2]}."
            " Free some space (40 MB are needed), or start Outlay as an ordinary user."
        ) from error
    finally:
        shutil.rmtree(begun, ignore_errors=True)
