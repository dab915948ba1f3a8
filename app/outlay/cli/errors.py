"""What a command can end with; the exit codes are documented in docs/cli.md."""

from typing import ClassVar, Final

import click

REFUSED: Final = 1
USAGE: Final = 2
UNREACHABLE: Final = 3
NOT_ALLOWED: Final = 4
CONFLICT: Final = 5
NOT_FOUND: Final = 6
CANNOT_START: Final = 7
INTERRUPTED: Final = 130

EXIT_CODES: Final = {
    0: "done",
    REFUSED: "refused: the service, or a check before it, did not accept the input",
    USAGE: "the command line or a setting is wrong",
    UNREACHABLE: "the service or its database cannot be reached just now",
    NOT_ALLOWED: "not signed in, or not allowed",
    CONFLICT: "it clashes with what is there, or was changed meanwhile",
    NOT_FOUND: "there is nothing of that name or id",
    CANNOT_START: "the service cannot start or went down: port, data folder or schema",
    INTERRUPTED: "interrupted at the keyboard",
}


class CommandError(click.ClickException):
    """A sentence for the person at the terminal, and an exit code of its own."""

    exit_code: ClassVar[int] = REFUSED


class UnreachableError(CommandError):
    exit_code = UNREACHABLE


class NotAllowedError(CommandError):
    exit_code = NOT_ALLOWED


class ConflictError(CommandError):
    exit_code = CONFLICT


class NotFoundError(CommandError):
    exit_code = NOT_FOUND


class CannotStartError(CommandError):
    exit_code = CANNOT_START


class SettingsRefusedError(CommandError):
    exit_code = USAGE
