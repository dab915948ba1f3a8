"""axe-core in a page: what breaks WCAG 2.2 AA, in a line each."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

AXE: Final = Path(__file__).parents[2] / "app/web/node_modules/axe-core/axe.min.js"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def findings(page: Page) -> list[str]:
    """What axe finds on the page as it is now; evaluated beside the page, so its CSP stays as it is."""
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    return [
        f"{rule['id']}: {node['html'][:200]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


async def no_findings(page: Page) -> None:
    """Fail with every finding, in light and in dark."""
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found = await findings(page)
        assert found == [], f"{page.url} in {scheme}:\n" + "\n".join(found)


async def without_toasts(page: Page) -> None:
    """Close what is said at the edge of the page: for its few seconds it may lie over a target."""
    close = page.get_by_role("region", name="Messages").get_by_role("button", name="Close")
    while await close.count():
        await close.first.click()
