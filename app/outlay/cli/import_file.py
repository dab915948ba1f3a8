"""`outlay import`."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import msgspec

from outlay.cli.api import LONG_PATIENCE
from outlay.cli.errors import CommandError, NotFoundError
from outlay.cli.import_archive import bring_in, is_archive
from outlay.cli.import_layout import columns, fixed, layout_options
from outlay.cli.import_preview import print_preview
from outlay.cli.names import Names
from outlay.cli.output import counted, note, print_json
from outlay.cli.progress import file_parts
from outlay.cli.session import Session, connected
from outlay.cli.things import yes_option
from outlay.ids import uuid7

Import = dict[str, Any]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--account", "-a", metavar="NAME", help="Account of rows that name none.")
@click.option("--category", "-c", metavar="NAME", help="Category of rows that name none.")
@click.option("--profile", metavar="NAME", help="Saved layout to read it by, or `none`.")
@click.option("--save-profile", metavar="NAME", help="Save the layout under this name.")
@layout_options
@click.option("--rows", type=click.IntRange(0, 500), default=5, help="Rows shown of each kind.")
@click.option("--take", multiple=True, type=int, metavar="LINE", help="Take this row in.")
@click.option("--leave", multiple=True, type=int, metavar="LINE", help="Leave this row out.")
@click.option("--duplicates", is_flag=True, help="Take in what is in the ledger already, too.")
@click.option("--create", is_flag=True, help="Make categories and tags that the file names.")
@click.option("--strict", is_flag=True, help="Refuse the file when a row cannot be read.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("--copy", is_flag=True, help="Of an archive: a copy under ids of its own.")
@yes_option
@connected()
def import_file(session: Session, file: Path, **given: Any) -> None:
    """Import a CSV file of a bank, after a look at what it would add.

    Columns, marks and dates are detected and shown; rows that are in the ledger already are left
    out. Nothing is written before you agree, and `outlay undo` takes all of it back.

    An archive (.jsonl, .jsonl.gz) that `outlay export` wrote becomes a ledger of its own.
    """
    if is_archive(file):
        bring_in(session, file, copy=given["copy"])
        return
    preview = _uploaded(session, file, given)
    try:
        preview = _chosen(session, preview, given)
        if not session.as_json:
            print_preview(session, preview, given["rows"])
        agreed = _agreed(session, preview, given)
    except BaseException:
        with suppress(CommandError):
            _discard(session, preview)
        raise
    if agreed:
        commit(session, preview, create=given["create"])
    elif session.as_json:
        print_json(preview)
    else:
        _discard(session, preview)


def commit(session: Session, preview: Import, *, create: bool) -> None:
    """Add the chosen rows, and tell what was done."""
    done = session.api.call(
        "POST",
        f"{_path(session, preview)}/commit",
        body={"create_categories": create},
        headers={"Idempotency-Key": str(uuid7())},
        patience=LONG_PATIENCE,
    )
    session.show(done, lambda: _tell(done))


def _uploaded(session: Session, file: Path, given: dict[str, Any]) -> Import:
    names = Names(session)
    layout = fixed(given)
    preview: Import = session.api.upload(
        f"{session.path}/imports",
        file_parts(file),
        params={
            "account": given["account"] and names.account(given["account"]),
            "category": given["category"] and names.category(given["category"]),
            "profile": given["profile"] and _profile(session, given["profile"]),
            "layout": msgspec.json.encode(layout).decode() if layout else None,
        },
        headers={"Content-Type": "application/octet-stream", "X-File-Name": quote(file.name)},
    )
    return preview


def _profile(session: Session, name: str) -> str:
    if name == "none":
        return name
    rows = session.api.get(f"{session.path}/import-profiles")["items"]
    found = [row["id"] for row in rows if name in {row["id"], row["name"]}]
    if not found:
        known = ", ".join(row["name"] for row in rows) or "none yet"
        raise NotFoundError(f"There is no profile {name!r}; there are: {known}")
    return str(found[0])


def _chosen(session: Session, preview: Import, given: dict[str, Any]) -> Import:
    """Apply what depends on the columns and rows that were found."""
    layout = preview["layout"]
    if change := columns(given, layout["header"], layout["width"]):
        preview = _changed(session, preview, "PUT", "/layout", change)
    if given["duplicates"]:
        body = {"include": True, "verdict": "duplicate"}
        preview = _changed(session, preview, "PATCH", "/rows", body)
    for lines, include in ((given["take"], True), (given["leave"], False)):
        if lines:
            body = {"include": include, "lines": lines}
            preview = _changed(session, preview, "PATCH", "/rows", body)
    if given["save_profile"]:
        body = {"name": given["save_profile"]}
        session.api.call("POST", f"{_path(session, preview)}/profile", body=body)
    return preview


def _changed(session: Session, preview: Import, method: str, place: str, body: Any) -> Import:
    changed: Import = session.api.call(
        method,
        f"{_path(session, preview)}{place}",
        body=body,
        headers={"If-Match": preview["etag"]},
        patience=LONG_PATIENCE,
    )
    return changed


def _agreed(session: Session, preview: Import, given: dict[str, Any]) -> bool:
    if given["strict"] and preview["counts"]["error"]:
        raise CommandError(f"{counted(preview['counts']['error'], 'row')} cannot be read")
    if given["dry_run"] or not preview["selected"]:
        return False
    if given["yes"] or session.as_json:
        return bool(given["yes"])
    click.confirm(f"Add {counted(preview['selected'], 'row')}?", abort=True, err=True)
    return True


def _discard(session: Session, preview: Import) -> None:
    session.api.call("DELETE", _path(session, preview), patience=LONG_PATIENCE)


def _path(session: Session, preview: Import) -> str:
    return f"{session.path}/imports/{preview['id']}"


def _tell(done: Import) -> None:
    left = done["counts"]["duplicate"] + done["turned_duplicate"] - done["turned_new"]
    note(f"Added {counted(done['created'], 'row')}; `outlay undo` takes back what was added")
    for text, count in (
        ("already in the ledger", max(left, 0)), ("left out as you wished", done["excluded"]),
        ("could not be read", done["counts"]["error"]),
    ):  # fmt: skip
        if count:
            note(f"{count} {text}")
    if names := done["created_categories"]:
        note(f"New categories: {', '.join(names)}")
    if names := [each["name"] for each in done["uncategorised"]]:
        note(f"Without a category, as the ledger has none called {', '.join(names)}")
