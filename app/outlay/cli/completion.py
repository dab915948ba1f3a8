"""`outlay completion`."""

from typing import Final

import click
from click.shell_completion import get_completion_class

SHELLS: Final = ("bash", "zsh", "fish")


@click.command
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    bash: outlay completion bash > ~/.local/share/bash-completion/completions/outlay
    zsh: outlay completion zsh > a file named _outlay in a folder of $fpath
    fish: outlay completion fish > ~/.config/fish/completions/outlay.fish
    """
    made = get_completion_class(shell)
    if made is None:
        raise AssertionError(shell)
    script = made(context.find_root().command, {}, "outlay", "_OUTLAY_COMPLETE")
    click.echo(script.source())
