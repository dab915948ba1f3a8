"""`python tests/web/browser.py` installs Chromium where none is found; the tests only look for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW: Final = (
    "The tests of the pages need Chromium, and none was found. Run `make browser`, install it "
    "(Debian: apt install chromium), or name one: OUTLAY_TEST_CHROMIUM=/path/to/chrome"
)


def found_browser(own: str) -> str:
    """The program that is named, or on the path, or Playwright's own; raises AssertionError."""
    named = os.environ.get("OUTLAY_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), own)
    if not Path(found).is_file():
        raise AssertionError(HOW)
    return found


def main() -> None:
    """Debian's package where this account may install it, else Playwright's download."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    try:
        print(f"Found {found_browser(own)}")
    except AssertionError:
        if os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "update", "-qq"], check=True)
            subprocess.run(["apt-get", "install", "-qq", "-y", "chromium"], check=True)
        else:
            subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
