"""How backups are, as owners see it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from backup_state import at, backup, publish, published, restore, schedule
from outlay.main import Service
from outlay.settings import Settings
from web.axe import no_findings
from web.site import DESKTOP, PHONE, Site

BOTH = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


@pytest.fixture
async def service(dsn: str, file: Path) -> AsyncIterator[Service]:
    made = Service(Settings(log_level="critical", backup_state_file=file), dsn)
    async with made.running():
        yield made


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def fact(page: Page, name: str) -> Locator:
    """What the schedule's card says under that name."""
    return page.locator("dl > div").filter(has=page.get_by_text(name, exact=True)).locator("dd")


def troubled() -> dict[str, object]:
    """Every kind of run, one schedule that is well and one that is not."""
    states = [
        ("failed", "Timeout", "The Job took longer than 2 h: raise `deadlineSeconds`."),
        ("unknown", "Lost", ""),
        ("complete", "Differs", "Table expenses: 41,200 rows stored, 41,199 restored."),
        ("verified", "", ""),
    ]
    weekly = [
        backup(
            f"weekly-{n}", -168.0 * n - 2, state, schedule="weekly", reason=reason, message=message,
            bytes=0 if state in {"failed", "unknown"} else 9_000_000 - 400_000 * n,
        )
        for n, (state, reason, message) in enumerate(states)
    ]  # fmt: skip
    nightly = [
        backup(f"nightly-{n}", -24.0 * n - 3, bytes=12_300_000 - 90_000 * n) for n in range(16)
    ]
    return published(
        schedules=[
            schedule(running=True),
            schedule(
                name="weekly", schedule="0 4 * * 0", off_cluster=False, missed_runs=2,
                consecutive_failures=3, last_verified=at(-506), last_drill=None,
                destination="volume outlay-backups", problem="The volume outlay-backups is not bound.",
                last_failure={"at": at(-2), "backup": "weekly-0", "reason": "Timeout",
                              "message": "The Job took longer than 2 h: raise `deadlineSeconds`."},
            ),
        ],
        backups=[
            backup("nightly-now", -0.1, "running", finished=None, bytes=0, rows=0),
            backup("before-upgrade", -1, schedule=""), *nightly, *weekly,
        ],
        restores=[
            restore("back", -30, "restored", kept="outlay_20261126"),
            restore("tried", -50, "failed", message="The key opens none of the backup's recipients."),
        ],
    )  # fmt: skip


@BOTH
async def test_a_schedule_that_is_well_says_when_it_was_verified_and_what_comes_next(
    site: Site, file: Path, size: dict[str, int]
) -> None:
    publish(file, published())
    ada = await site.world.person()
    page = await site.page(ada, "/me", viewport=size)
    await page.get_by_role("link", name="Backups").click()
    await expect(card(page, "nightly")).to_contain_text("Last verified 3 hours ago")
    await expect(fact(page, "Next run")).to_contain_text("in 2")
    await expect(fact(page, "Newest one")).to_have_text("12.3 MB")
    await expect(
        fact(
            page,
            "Stored",
        )
    ).to_have_text("9")
    await expect(fact(page, "Missed runs")).to_have_text("0")
    await expect(fact(page, "Stored at")).to_have_text("s3://household/outlay")
    await expect(page.locator(".note")).to_have_count(0)
    table = page.get_by_role("table", name="Backups")
    await expect(table.get_by_role("row")).to_have_count(2)
    await expect(table).to_contain_text("Verified")
    await expect(table).to_contain_text("41,200 rows")
    await no_findings(page)


@BOTH
async def test_what_is_wrong_is_said_in_words_and_by_shape(
    site: Site, file: Path, size: dict[str, int]
) -> None:
    publish(file, troubled())
    page = await site.page(await site.world.person(), "/backups", viewport=size)
    weekly = card(page, "weekly")
    await expect(weekly).to_contain_text("Last verified 21 days ago")
    await expect(weekly).to_contain_text("The volume outlay-backups is not bound.")
    await expect(weekly).to_contain_text("weekly-0 failed 2 hours ago")
    await expect(weekly).to_contain_text("raise `deadlineSeconds`")
    await expect(weekly).to_contain_text("The only copies are in the cluster")
    await expect(weekly).to_contain_text("restore one by it, to know that it fits")
    await expect(card(page, "nightly")).to_contain_text("Running now")
    await expect(card(page, "nightly")).not_to_contain_text("The only copies are in the cluster")
    runs = weekly.get_by_role("list", name="Last runs of weekly, oldest first")
    for run, words in enumerate(
        (r"Verified, 7.8 MB", r"Stored, not verified, 8.2 MB", r"Not known", r"Failed")
    ):
        name = re.compile(f": {words}$")
        await expect(runs.get_by_role("button").nth(run)).to_have_accessible_name(name)
    await runs.get_by_role("button").nth(1).click()
    await expect(weekly.get_by_role("status")).to_contain_text("41,199 restored")
    shapes = runs.locator("svg svg")
    drawn = {await shapes.nth(n).inner_html() for n in range(4)}
    assert len(drawn) == 4
    restores = page.get_by_role("table", name="Restores")
    await expect(restores).to_contain_text("kept as outlay_20261126")
    await expect(restores).to_contain_text("The key opens none")
    await no_findings(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


async def test_all_backups_are_shown_when_asked_for(site: Site, file: Path) -> None:
    publish(file, troubled())
    page = await site.page(await site.world.person(), "/backups")
    rows = page.get_by_role("table", name="Backups").locator("tbody tr")
    await expect(rows).to_have_count(10)
    await expect(rows.filter(has_text="before-upgrade")).to_contain_text("by hand")
    await page.get_by_role("button", name="Show all 22 backups").click()
    await expect(rows).to_have_count(22)


async def test_what_is_published_meanwhile_is_there_when_one_comes_back(
    site: Site, file: Path
) -> None:
    publish(file, published(schedules=[schedule(last_verified=None, last_success=None)]))
    page = await site.page(await site.world.person(), "/backups")
    await expect(card(page, "nightly")).to_contain_text("No backup was verified yet")
    publish(file, published())
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(card(page, "nightly")).to_contain_text("Last verified 3 hours ago")


@BOTH
async def test_where_nobody_reports_it_is_said_how_to_have_backups(
    site: Site, size: dict[str, int]
) -> None:
    page = await site.page(await site.world.person(), "/backups", viewport=size)
    await expect(page.get_by_text("backup.enabled: true")).to_be_visible()
    await expect(page.get_by_text("outlay backup create")).to_be_visible()
    link = page.get_by_role("link", name="How backups are made")
    await expect(link).to_have_attribute("href", re.compile("/docs/backups.md$"))
    await no_findings(page)


async def test_a_broken_file_is_said_to_be_so(site: Site, file: Path) -> None:
    publish(file, "{")
    page = await site.page(await site.world.person(), "/backups")
    await expect(page.get_by_role("alert")).to_contain_text("not what the backup operator writes")


async def test_editors_see_neither_the_page_nor_the_way_to_it(site: Site, file: Path) -> None:
    publish(file, published())
    ada = await site.world.person()
    ed = await site.world.person("Ed", ledger=ada.ledger, role="editor")
    page = await site.page(ed, "/me")
    await expect(page.get_by_role("link", name="API tokens")).to_be_visible()
    await expect(page.get_by_role("link", name="Backups")).to_have_count(0)
    await page.goto("/backups")
    await expect(
        page.get_by_text("Owners of a ledger and administrators see this page")
    ).to_be_visible()
    await expect(page.get_by_text("nightly")).to_have_count(0)


async def test_it_speaks_german(site: Site, file: Path) -> None:
    publish(file, troubled())
    page = await site.page(await site.world.person(), "/backups", locale="de-DE")
    await expect(card(page, "nightly")).to_contain_text("Zuletzt geprüft vor 3 Stunden")
    await expect(page.get_by_role("table", name="Sicherungen")).to_contain_text("12,3 MB")
