"""The command line as a whole: its table, its reference, its ends."""

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from cli.terminal import Terminal
from outlay.cli.main import COMMANDS, cli
from outlay.cli.reference import PLACE, reference

OUTLAY: Final = [sys.executable, "-m", "outlay.cli"]
CLIENT: Final = (
    "accounts", "categories", "expenses_add", "expenses_change", "expenses_list", "expenses_show",
    "expenses_summary", "export", "history", "ledgers", "main", "members", "tags", "tokens", "undo",
    "users",
)  # fmt: skip
# They start the program itself or speak to a shell, so there is no answer to print.
WITHOUT_JSON: Final = {"serve", "completion"}


def leaves(group: click.Group, name: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        assert command is not None
        if isinstance(command, click.Group):
            yield from leaves(command, f"{name}{each} ")
        else:
            yield name + each, command


def test_the_reference_in_docs_is_that_of_the_commands() -> None:
    root = Path(__file__).parents[2]
    assert (root / PLACE).read_text(encoding="utf-8") == reference(), (
        "run `python -m outlay.cli.reference`"
    )


def test_every_command_of_the_table_is_there_under_its_name() -> None:
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.name == name
        assert command.help


def test_every_command_that_answers_can_answer_in_json() -> None:
    found = dict(leaves(cli))
    without = {
        name
        for name, command in found.items()
        if not any("--json" in option.opts for option in command.params)
    }
    assert without == WITHOUT_JSON


def test_no_option_takes_a_token_or_a_password() -> None:
    for name, command in leaves(cli):
        options = {opt for option in command.params for opt in option.opts}
        assert not options & {"--token", "--password"}, name


def test_the_client_is_read_without_the_service() -> None:
    modules = ", ".join(f"outlay.cli.{name}" for name in CLIENT)
    heavy = "{'litestar', 'granian', 'asyncpg', 'uvloop', 'argon2'}"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print({heavy} & sys.modules.keys())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "set()\n"


def test_help_names_every_command_without_reading_them() -> None:
    done = subprocess.run([*OUTLAY, "--help"], capture_output=True, text=True, check=True)
    for name, entry in COMMANDS.items():
        assert name in done.stdout
        assert entry.help.split(",")[0][:30] in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    done = subprocess.run(
        [*OUTLAY, "completion", shell], capture_output=True, text=True, check=True
    )
    assert "_OUTLAY_COMPLETE" in done.stdout


def test_completion_knows_commands_and_options() -> None:
    assert complete("outlay exp", 1) == ["plain,export"]
    assert "plain,--category" in complete("outlay add --cat", 2)
    assert "plain,rename" in complete("outlay categories ren", 2)


def complete(words: str, at: int) -> list[str]:
    env = {**os.environ, "_OUTLAY_COMPLETE": "bash_complete"}
    env |= {"COMP_WORDS": words, "COMP_CWORD": str(at)}
    done = subprocess.run(OUTLAY, env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["version"], 0), (["--version"], 0), (["--help"], 0), (["nothing"], 2), (["add"], 2)],
)
def test_each_end_has_its_exit_code(arguments: list[str], code: int) -> None:
    done = subprocess.run([*OUTLAY, *arguments], capture_output=True, check=False)
    assert done.returncode == code


async def test_a_reader_that_goes_away_is_no_error(ada: Terminal) -> None:
    rows = [
        {"id": f"0190{n:04x}-0000-7000-8000-000000000000", "amount": "1", "note": "x" * 500}
        for n in range(400)
    ]
    await ada.person.call(
        "POST", "/ledgers/default/expenses/bulk", json={"create": rows}, status=200
    )
    command = f"{' '.join(OUTLAY)} list --all --json | head -c 10"
    env = {**os.environ, **ada.env}
    process = await _shell(command, env)
    assert process == (b'{\n  "items', b"")


async def _shell(command: str, env: dict[str, str]) -> tuple[bytes, bytes]:
    made = await asyncio.create_subprocess_shell(
        command, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    return await made.communicate()


async def test_colours_are_for_terminals_that_want_them(ada: Terminal) -> None:
    await ada.run("add", "5", "--income")
    plain = {**os.environ, **ada.env, "TERM": "xterm-256color"}
    coloured = {name: value for name, value in plain.items() if name != "NO_COLOR"}
    assert "\x1b[32m" in await asyncio.to_thread(on_a_terminal, "list", coloured)
    assert "\x1b[32m" not in await asyncio.to_thread(on_a_terminal, "list", plain)
    assert "\x1b" not in (await ada.run("list", NO_COLOR=None)).out


def on_a_terminal(command: str, env: dict[str, str]) -> str:
    """Run a command with a terminal as its stdout, and return what was shown."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([*OUTLAY, command], env=env, stdout=theirs):
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # Linux says so when the other side was closed.
        return b""
