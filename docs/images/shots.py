"""Takes docs/images/*.png: the pages in Chromium, on the demo ledger of a service of its own.

Run it with `.venv/bin/python docs/images/shots.py`; look at each picture before it is kept.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))
from web.browser import found_browser  # noqa: E402 - of the tests, which look for the same browser

PORT = 8975
ADDRESS = f"http://127.0.0.1:{PORT}"
SHOTS = [
    ("home-desktop", "/", (1280, 860), "light"),
    ("home-phone", "/", (390, 844), "light"),
    ("list-desktop", "/expenses", (1280, 860), "light"),
    ("list-phone", "/expenses", (390, 844), "dark"),
]


def outlay(*args: str) -> str:
    done = subprocess.run(["outlay", *args], check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def enter(browser: Browser, state: Path) -> None:
    """Sign in by a link, show the demo ledger, and keep both for the pictures."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(re.search(r"http\S+", outlay("sign-in-link"))[0])
    page.wait_for_selector("main#main")
    demo = re.search(r"\(([0-9a-f-]{36})\)", outlay("demo"))[1]
    page.evaluate(
        "id => localStorage.setItem('outlay.choices', JSON.stringify({ledger: id}))", demo
    )
    context.storage_state(path=state)
    context.close()


def settle(page: Page) -> None:
    page.wait_for_selector("li.row")
    page.wait_for_timeout(1500)


def shoot(browser: Browser, state: Path) -> None:
    for name, path, (width, height), scheme in SHOTS:
        context = browser.new_context(
            viewport={"width": width, "height": height}, storage_state=state, color_scheme=scheme,
            locale="en-GB", has_touch=width < 768,
        )  # fmt: skip
        page = context.new_page()
        page.goto(ADDRESS + path)
        settle(page)
        page.screenshot(path=HERE / f"{name}.png")
        context.close()


def main() -> None:
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="outlay-shots-") as folder:
        Path(folder).chmod(0o755)
        os.environ |= {
            "OUTLAY_DATA_DIR": f"{folder}/data", "OUTLAY_PORT": str(PORT),
            "OUTLAY_MANAGEMENT_PORT": str(PORT + 1), "OUTLAY_LOG_LEVEL": "warning",
        }  # fmt: skip
        server = subprocess.Popen(["outlay", "serve"], stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while subprocess.run(["outlay", "list"], capture_output=True, check=False).returncode:
                if time.monotonic() > deadline:
                    raise SystemExit("the service did not come up")
            with sync_playwright() as playwright:
                own = playwright.chromium.executable_path
                browser = playwright.chromium.launch(
                    executable_path=found_browser(own), args=["--no-sandbox"]
                )
                state = Path(folder) / "state.json"
                enter(browser, state)
                shoot(browser, state)
                browser.close()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


if __name__ == "__main__":
    main()
