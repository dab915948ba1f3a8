"""What was measured, against what was wanted."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One line of the table; `met` is None where there is nothing to reach."""

    part: str
    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    @property
    def mark(self) -> str:
        return {True: "pass", False: "MISS", None: ""}[self.met]


def at_least(part: str, what: str, value: float, least: float, note: str = "") -> Figure:
    return Figure(part, what, f"{value:.2f}{note}", f">= {least:g}", value >= least)


def at_most(
    part: str, what: str, value: float, most: float, unit: str = "", note: str = ""
) -> Figure:
    return Figure(part, what, f"{value:.4g}{unit}{note}", f"<= {most:g}{unit}", value <= most)


def told(part: str, what: str, measured: str) -> Figure:
    return Figure(part, what, measured)


def spread(values: list[float]) -> str:
    """Median and range of several rounds."""
    return f"{median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"
