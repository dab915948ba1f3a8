"""What every command that talks to the service has: the API, the ledger, the way to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import click

from outlay.cli.api import Api
from outlay.cli.dates import Calendar
from outlay.cli.ledger_names import ledger_id
from outlay.cli.output import json_option, print_json
from outlay.cli.run import Run
from outlay.cli.target import find_target


@dataclass
class Session:
    """One command's connection; `ledger` is a name, an id or `default`."""

    api: Api
    ledger: str
    as_json: bool

    @cached_property
    def path(self) -> str:
        """The ledger's address under /api/v1."""
        if self.ledger == "default":
            return "/ledgers/default"
        return f"/ledgers/{ledger_id(self.api, self.ledger)}"

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The ledger itself: name, currency, time_zone, first_day_of_month, ..."""
        found: dict[str, Any] = self.api.get(self.path)
        return found

    @cached_property
    def calendar(self) -> Calendar:
        ledger = self.settings
        return Calendar.of(
            ledger["time_zone"], ledger["first_day_of_month"], ledger["first_day_of_week"]
        )

    def show(self, data: Any, otherwise: Callable[[], None]) -> None:
        """Print the API's JSON when that was asked for, else what a person reads."""
        if self.as_json:
            print_json(data)
        else:
            otherwise()


def connected(*, ledger: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give the command a Session as its first argument, and the options that make one."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @click.pass_context
        @wraps(command)
        def run(context: click.Context, /, **given: Any) -> None:
            url, as_json = given.pop("url"), given.pop("as_json")
            chosen = (given.pop("ledger") if ledger else None) or "default"
            api = Api(find_target(url), context.ensure_object(Run), as_json=as_json)
            context.call_on_close(api.close)
            command(Session(api, chosen, as_json), **given)

        decorated = json_option(run)
        if ledger:
            decorated = click.option(
                "--ledger",
                "-l",
                envvar="OUTLAY_LEDGER",
                metavar="NAME",
                help="Name or id of the ledger (OUTLAY_LEDGER); your default one otherwise.",
            )(decorated)
        return click.option(
            "--url",
            metavar="URL",
            help="The service to use (OUTLAY_URL); this machine's otherwise.",
        )(decorated)

    return add
