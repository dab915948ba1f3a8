"""Draws docs/images/*.svg: real commands against a real service with believable data.

Run it with `.venv/bin/python docs/images/make.py`; it starts a service of its own.
"""

import io
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

HERE = Path(__file__).parent
SHOPS = {
    "Groceries": [("market hall", 38), ("bakery", 7), ("supermarket", 54), ("greengrocer", 16)],
    "Coffee and snacks": [("coffee at Rossi", 4), ("ice cream", 5)],
    "Restaurants": [("lunch", 13), ("pizza", 31)],
    "Public transport": [("bus ticket", 3), ("train", 24)],
    "Clothing": [("shoes", 79), ("jumper", 45)],
}
OFTEN = [
    *["Groceries"] * 5,
    *["Coffee and snacks"] * 3,
    *["Restaurants"] * 2,
    "Public transport",
    "Clothing",
]


class Shop:
    """One `outlay` command line against the service started for the pictures."""

    def __init__(self, folder: str) -> None:
        self.env = {
            **os.environ, "OUTLAY_DATA_DIR": f"{folder}/data", "OUTLAY_PORT": "8970",
            "OUTLAY_MANAGEMENT_PORT": "8971", "COLUMNS": "84", "OUTLAY_LOG_LEVEL": "warning",
        }  # fmt: skip

    def run(self, *args: str, colour: bool = False) -> str:
        env = self.env | ({"FORCE_COLOR": "1"} if colour else {})
        done = subprocess.run(
            ["outlay", *args], env=env, check=True, capture_output=True, text=True
        )
        return done.stdout


def fill(shop: Shop) -> None:
    """Two months of a small household, the same every time."""
    chance = random.Random(7)
    today = date.today()
    for back in range(58):
        day = today - timedelta(days=back)
        if day.day == 1:
            shop.run("add", "980", "rent", "-c", "Rent or mortgage", "-d", day.isoformat())
        for category in chance.choices(OFTEN, k=chance.choice([0, 1, 2, 2])):
            text, about = chance.choice(SHOPS[category])
            amount = f"{about * chance.uniform(0.8, 1.25):.2f}"
            shop.run("add", amount, text, "-c", category, "-d", day.isoformat())


def draw(name: str, lines: list[tuple[str, str]]) -> None:
    console = Console(record=True, width=86, file=io.StringIO(), force_terminal=True)
    for command, output in lines:
        console.print(Text(f"$ {command}", style="bold"))
        console.print(Text.from_ansi(output))
    plain = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    plain = plain.replace("Fira Code, monospace", "ui-monospace, monospace").replace(
        "Fira Code", "ui-monospace"
    )
    plain = re.sub(r"<!--.*?-->", "", plain, flags=re.DOTALL)
    drawn = console.export_svg(title="outlay", code_format=plain, unique_id="outlay")
    (HERE / name).write_text(drawn + "\n", encoding="utf-8")


def main() -> None:
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="outlay-images-") as folder:
        Path(folder).chmod(0o755)
        shop = Shop(folder)
        server = subprocess.Popen(["outlay", "serve"], env=shop.env, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while subprocess.run(
                ["outlay", "list"], env=shop.env, capture_output=True, check=False
            ).returncode:
                if time.monotonic() > deadline:
                    raise SystemExit("the service did not come up")
            fill(shop)
            commands = [["list", "--limit", "8"], ["summary", "this-month", "--by", "category"]]
            draw(
                "summary.svg",
                [(f"outlay {' '.join(c)}", shop.run(*c, colour=True)) for c in commands],
            )
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


if __name__ == "__main__":
    main()
