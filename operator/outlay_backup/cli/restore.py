import click


@click.command
def restore() -> None:
    """X."""
