"""`outlay-backup list`."""

from typing import Any

import click
import msgspec

from outlay_backup import layout, owner, runs
from outlay_backup.cli import options
from outlay_backup.cli.reading import store_of
from outlay_backup.cli.running import print_json, size
from outlay_backup.model import Result, Verified
from outlay_backup.runs import Run
from outlay_backup.store import Store


@click.command("list")
@options.store_options
@click.option("--results", is_flag=True, help="Read how each run ended, too (JSON only).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else.")
def list_runs(results: bool, as_json: bool, **given: Any) -> None:
    """List what a store holds, newest first."""
    store = store_of(given)
    found = runs.all_runs(store)
    if as_json:
        marker = owner.read(store)
        items = [_facts(store, run, results=results) for run in found]
        print_json({"owner": marker and marker.owner, "items": items})
        return
    if not found:
        click.echo(f"{store.location} holds no backup")
    for run in found:
        click.echo(f"{run.name}  {run.started:%Y-%m-%d %H:%M}  {size(run.bytes):>9}  {_state(run)}")


def _state(run: Run) -> str:
    if run.verified:
        return "verified"
    return "not verified" if run.complete else "incomplete"


def _facts(store: Store, run: Run, *, results: bool) -> dict[str, Any]:
    names = {entry.path.removeprefix(f"{run.name}/") for entry in run.objects}
    facts: dict[str, Any] = {
        "run": run.name,
        "started": run.started,
        "complete": run.complete,
        "verified": run.verified,
        "bytes": run.bytes,
        "drilled": layout.DRILL in names,
    }
    if results and layout.RESULT in names:
        facts["result"] = runs.read(store, layout.at(run.name, layout.RESULT), Result)
    if results and layout.DRILL in names:
        drilled = runs.read(store, layout.at(run.name, layout.DRILL), Verified)
        facts["drill"] = drilled and msgspec.structs.asdict(drilled)
    return facts
