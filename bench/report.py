"""The table on the terminal and in RESULTS.md."""

from collections.abc import Sequence

from rich.table import Table

from bench.figures import Figure
from bench.house import console


def show(figures: Sequence[Figure]) -> None:
    for part in dict.fromkeys(figure.part for figure in figures):
        table = Table(title=part, title_justify="left", title_style="bold")
        for heading in ("figure", "measured", "target", ""):
            table.add_column(heading, justify="left" if heading == "figure" else "right")
        for figure in figures:
            if figure.part == part:
                style = "red" if figure.met is False else ""
                table.add_row(figure.what, figure.measured, figure.target, figure.mark, style=style)
        console.print(table)
