"""What others change is there at once, over one connection a browser."""

import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from cli.conftest import terminal_of
from cli.terminal import Terminal
from imports.uploading import bank, commit, upload
from outlay.main import Service
from outlay.settings import Settings
from web.offline import installed, record, row
from web.settled import drawn
from web.site import PLAIN, Site
from world import Person

TABS = 8
WISHED_MS = 300
# What follows one another until others see a change: asked, written, told, read, answered, drawn.
STEPS = 6
ROUNDS = 3


@pytest.fixture
async def service(dsn: str) -> AsyncIterator[Service]:
    """Answers to a name that is not this machine's own, too."""
    made = Service(Settings(log_level="warning", allowed_hosts=(PLAIN,)), dsn)
    async with made.running():
        yield made


async def live(page: Page) -> None:
    await expect(page.get_by_role("button", name="Live")).to_be_visible()


def connections(site: Site) -> int:
    return len(site.service.hub.streams)


async def plain(site: Site, person: Person) -> BrowserContext:
    """A browser that meets the service over plain HTTP: no service worker, no locks."""
    site.url = site.url.replace("127.0.0.1", PLAIN)
    return await site.context(person)


@pytest.mark.parametrize("way", ["by locks", "by a lease"])
async def test_eight_tabs_share_one_connection_and_all_follow(site: Site, way: str) -> None:
    ada = await site.world.person()
    context = await (site.context(ada) if way == "by locks" else plain(site, ada))
    tabs = [await site.open(context) for _ in range(TABS)]
    assert await tabs[0].evaluate("'locks' in navigator") is (way == "by locks")
    for tab in tabs:
        await live(tab)
    assert connections(site) == 1
    await ada.expense("4.20", "Coffee")
    for tab in tabs:
        await expect(row(tab, "Coffee")).to_be_visible()
    assert connections(site) == 1
    await record(tabs[3], "2.00", "Bus")
    for tab in tabs:
        await expect(row(tab, "Bus")).to_be_visible()


@pytest.mark.parametrize("way", ["by locks", "by a lease"])
async def test_when_the_tab_that_holds_the_connection_closes_another_goes_on_from_there(
    site: Site, way: str
) -> None:
    ada = await site.world.person()
    context = await (site.context(ada) if way == "by locks" else plain(site, ada))
    first = await site.open(context)
    await live(first)
    others = [await site.open(context) for _ in range(2)]
    for tab in others:
        await live(tab)
    await ada.expense("4.20", "Coffee")
    await expect(row(others[0], "Coffee")).to_be_visible()
    await first.close()
    # Told to nobody, perhaps: it comes with what was missed.
    await ada.expense("2.00", "Bus")
    for tab in others:
        await expect(row(tab, "Bus")).to_be_visible()
    assert connections(site) == 1


WATCH = """() => {
  window.seen = {};
  const look = () => {
    for (const node of document.querySelectorAll('li.row .description')) {
      window.seen[node.textContent.trim()] ??= Date.now();
    }
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""
# A plain request, and the two frames in which its answer would be seen.
ASK = """async () => {
  const begun = performance.now();
  await (await fetch('/api/v1/session')).text();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begun;
}"""


async def typed(writer: Page, name: str) -> float:
    """Record an expense in another browser; when Enter was pressed, in milliseconds."""
    await writer.get_by_role("textbox", name="Amount").fill("1")
    await writer.get_by_role("combobox", name="Description").fill(name)
    await writer.keyboard.press("Escape")
    begun = time.time() * 1000
    await writer.keyboard.press("Enter")
    return begun


async def told(person: Person, name: str) -> float:
    begun = time.time() * 1000
    await person.expense("1.00", name)
    return begun


async def brought(person: Person, name: str) -> float:
    preview = await upload(person, bank(f"2026-11-02,{name},-1.00"))
    begun = time.time() * 1000
    await commit(person, preview)
    return begun


async def commanded(terminal: Terminal, name: str) -> float:
    """By `outlay add`: since the service wrote it, as a program's start is no part of this."""
    made = await terminal.add("1", name)
    return datetime.fromisoformat(made["created_at"]).timestamp() * 1000


@dataclass(frozen=True)
class Round:
    """Times in milliseconds from a change until it was seen, and of plain requests between them."""

    changes: list[float]
    plain: list[float]

    @property
    def told(self) -> list[tuple[str, float, float]]:
        """Half of the changes and nearly all: how soon, and how late this machine was itself.

        Held both, as a machine that is late now and then is late by much with the last few only.
        """
        steps = [STEPS * (each - min(self.plain)) for each in (median(self.plain), p95(self.plain))]
        return [("p50", median(self.changes), steps[0]), ("p95", p95(self.changes), steps[1])]

    @property
    def is_soon(self) -> bool:
        return all(took <= WISHED_MS + late for _, took, late in self.told)

    def __str__(self) -> str:
        told = ", ".join(
            f"{name} {took:.0f} ms (machine late by {late:.0f} ms)"
            for name, took, late in self.told
        )
        return f"live: {told} of {len(self.changes)} changes; wished: {WISHED_MS} ms"


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


async def measured(page: Page, ways: list[tuple[Any, Any, int]], mark: str) -> Round:
    begun: dict[str, float] = {}
    plain = []
    for way, by, times in ways:
        for number in range(times):
            name = f"{way.__name__.title()} {mark} {number}"
            begun[name] = await way(by, name)
            await expect(row(page, name)).to_be_visible()
            plain.append(await page.evaluate(ASK))
    seen = await page.evaluate("window.seen")
    return Round([seen[name] - start for name, start in begun.items()], plain)


async def test_changes_of_others_appear_within_300_ms_and_what_the_machine_is_late_by(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By another browser, the API, the command line and an import; the figures are in the output.

    What a machine does besides can only make it longer: one round of several that is soon will do.
    """
    ada = await site.world.person()
    page = await site.page(ada, "/expenses")
    writer = await site.page(ada)
    for each in (page, writer):
        await live(each)
        await installed(each)
    await page.evaluate(WATCH)
    terminal = terminal_of(ada, site.url, tmp_path)
    # The first one loads what a writer needs.
    await typed(writer, "Before")
    await expect(row(page, "Before")).to_be_visible()
    ways = [(typed, writer, 10), (told, ada, 15), (commanded, terminal, 5), (brought, ada, 5)]
    for number in range(ROUNDS):
        found = await measured(page, ways, f"in round {number}")
        with capsys.disabled():
            sys.stdout.write(f"\n{found}\n")
        if found.is_soon:
            return
    pytest.fail(str(found))


async def test_what_one_edits_stays_where_it_is_while_others_write_above(site: Site) -> None:
    ada = await site.world.person()
    for number in range(3):
        await ada.expense("4.20", f"Coffee {number}", date=f"2026-01-0{number + 1}")
    page = await site.page(ada, "/expenses")
    await live(page)
    await row(page, "Coffee 0").locator("button.open").click()
    form = page.get_by_role("form", name="Edit")
    await form.get_by_label("Description").fill("Coffee at Ro")
    before = await form.bounding_box()
    for number in range(4):
        await ada.expense("2.00", f"Bus {number}", date=f"2026-02-0{number + 1}")
        await expect(row(page, f"Bus {number}")).to_be_attached()
    # Rows that are there and not drawn yet have moved nothing that anybody sees.
    await drawn(page)
    after = await form.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 1
    await page.keyboard.type("ssi")
    await expect(form.get_by_label("Description")).to_have_value("Coffee at Rossi")
    await expect(form.get_by_label("Description")).to_be_focused()


async def test_after_the_network_was_away_what_was_missed_is_told(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada)
    await live(page)
    await page.context.set_offline(True)
    await expect(page.get_by_role("button", name="Offline")).to_be_visible()
    await ada.expense("4.20", "Coffee")
    await page.context.set_offline(False)
    await live(page)
    await expect(row(page, "Coffee")).to_be_visible()


async def test_a_ledger_that_is_taken_away_says_so_and_gives_way_to_another(site: Site) -> None:
    ben = await site.world.person("Ben")
    ada = await site.world.person("Ada", ledger=ben.ledger, role="editor")
    own = (
        await ada.call("POST", "/ledgers", json={"name": "Boat", "currency": "EUR"}, status=201)
    ).json()
    await ben.expense("4.20", "Coffee")
    page = await site.page(ada)
    await expect(row(page, "Coffee")).to_be_visible()
    await live(page)
    await ben.call(
        "DELETE", f"/ledgers/default/members/{ada.id}", headers={"If-Match": "*"}, status=204
    )
    await expect(page.get_by_text("The ledger Home was deleted, or is not yours")).to_be_visible()
    await expect(row(page, "Coffee")).to_have_count(0)
    await ada.call(
        "POST", f"/ledgers/{own['id']}/expenses",
        json={"amount": "900.00", "description": "Mast"}, status=201,
    )  # fmt: skip
    await expect(row(page, "Mast")).to_be_visible()


async def test_a_ledger_that_one_tab_begins_is_followed_by_all(site: Site) -> None:
    ada = await site.world.person()
    page = await site.page(ada)
    await live(page)
    other = await site.open(page.context)
    await live(other)
    boat = (
        await ada.call("POST", "/ledgers", json={"name": "Boat", "currency": "EUR"}, status=201)
    ).json()
    await other.reload()
    await live(other)
    await other.evaluate(
        """(id) => localStorage.setItem('outlay.choices', JSON.stringify({ledger: id}))""",
        boat["id"],
    )
    await other.reload()
    await ada.call(
        "POST", f"/ledgers/{boat['id']}/expenses",
        json={"amount": "900.00", "description": "Mast"}, status=201,
    )  # fmt: skip
    await expect(row(other, "Mast")).to_be_visible()
    await ada.call(
        "POST", f"/ledgers/{boat['id']}/expenses",
        json={"amount": "80.00", "description": "Sail"}, status=201,
    )  # fmt: skip
    await expect(row(other, "Sail")).to_be_visible()
    assert connections(site) == 1
