"""What the tree itself must keep."""

import re
import subprocess
from pathlib import Path

from outlay.migrations.runner import migrations

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_the_operator_folder_never_shadows_the_standard_library() -> None:
    assert not (ROOT / "operator" / "__init__.py").exists()


def test_every_migration_says_why_and_whom_it_serves() -> None:
    found = migrations()
    assert [m.version for m in found] == list(range(1, len(found) + 1))
    assert all(m.why and re.fullmatch(r"\d+\.\d+\.\d+", m.serves) for m in found)


def test_no_file_names_a_download_address_in_its_pins() -> None:
    for path in tracked():
        if path.suffix == ".txt" and path.parent.name == "requirements":
            text = path.read_text()
            assert "--hash=sha256:" in text
            assert not re.search(r"https?://|--index-url|--find-links", text), path


def test_links_between_documents_lead_somewhere() -> None:
    for path in tracked():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} -> {target}"


def test_no_feature_reaches_into_the_store_of_another() -> None:
    package = ROOT / "app" / "outlay"
    store = re.compile(r"^from outlay\.(\w+)(?: import .*|\.\w*)store", re.MULTILINE)
    reached = [
        f"{path.relative_to(package)} reaches into {feature}"
        for path in package.rglob("*.py")
        for feature in store.findall(path.read_text(encoding="utf-8"))
        if path.relative_to(package).parts[0] not in {feature, "server"}
    ]
    assert reached == []
