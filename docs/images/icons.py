"""Draws app/web/public/icons/*.png from icon.svg: what phones and desktops show of the installed app.

Run it with `.venv/bin/python docs/images/icons.py` after a change of the SVG.
"""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PUBLIC = Path(__file__).parents[2] / "app/web/public"
BLUE = "#1d5ad0"
# Name: pixels, share of the width that the drawing has, and what is behind it. A maskable icon may
# be cut to a circle of 80 %; Apple rounds corners itself and shows no transparency.
ICONS = {
    "icon-192": (192, 1.0, "transparent"),
    "icon-512": (512, 1.0, "transparent"),
    "maskable-512": (512, 0.8, BLUE),
    "apple-180": (180, 1.0, BLUE),
}


def draw(page: Page, svg: str, name: str) -> None:
    size, share, behind = ICONS[name]
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<style>body{{margin:0;display:grid;place-items:center;height:{size}px;"
        f"background:{behind}}}svg{{width:{share * 100}%;height:{share * 100}%}}</style>{svg}"
    )
    page.screenshot(path=PUBLIC / f"icons/{name}.png", omit_background=behind == "transparent")


def main() -> None:
    named = os.environ.get("OUTLAY_TEST_CHROMIUM") or shutil.which("chromium")
    svg = (PUBLIC / "icon.svg").read_text(encoding="utf-8")
    (PUBLIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        page = browser.new_page()
        for name in ICONS:
            draw(page, svg, name)
        browser.close()


if __name__ == "__main__":
    main()
