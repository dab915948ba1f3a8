"""Flags for the settings: one for each field, so that none can be forgotten."""

import os
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any, Final, TypeVar

import click

from outlay.cli.errors import SettingsRefusedError
from outlay.settings import PREFIX, Settings, SettingsError, load

F = TypeVar("F", bound=Callable[..., Any])
DATABASE: Final = ("database_url", "database_password_file", "database_wait", "data_dir")


def settings_flags(*names: str) -> Callable[[F], F]:
    """Add the flags of these fields, of all without names; `read` takes what they bring."""

    def add(command: F) -> F:
        for item in reversed(fields(Settings)):
            if not names or item.name in names:
                command = _flag(item)(command)
        return command

    return add


def _flag(item: Field[Any]) -> Callable[[F], F]:
    default = f" [default: {item.default}]" if item.default not in {None, ()} else ""
    return click.option(
        "--" + item.name.replace("_", "-"),
        metavar="TEXT",
        help=f"{item.metadata['help']} ({PREFIX}{item.name.upper()}){default}",
    )


def read(flags: dict[str, str | None]) -> Settings:
    """Read the settings; exits with every mistake at once."""
    try:
        return load(os.environ, flags)
    except SettingsError as error:
        raise SettingsRefusedError(str(error)) from error
