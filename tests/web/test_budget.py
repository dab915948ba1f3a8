"""What a first visit costs: measured by what the browser asks for, in the sizes that are sent."""

from urllib.parse import urlsplit

from playwright.async_api import Request, expect

from outlay.pages.built import read_all
from web.site import Site

KILOBYTE = 1024


def packed(path: str) -> int:
    """Bytes of a file under gzip, the coding that every proxy knows."""
    bodies = read_all("")[path or "index.html"].bodies
    return len(bodies.get("gzip", bodies[""]))


async def test_the_first_load_stays_within_its_budget(site: Site) -> None:
    ada = await site.world.person()
    await ada.expense("4.20", "Coffee")
    # What the service worker keeps for later is not part of what one waits for.
    context = await site.context(ada, service_workers="block")
    asked: set[str] = set()

    def note(request: Request) -> None:
        # The service worker keeps the rest of the app once the page is there.
        if request.service_worker is None:
            asked.add(urlsplit(request.url).path.lstrip("/"))

    context.on("request", note)
    page = await site.open(context)
    await expect(page.locator("li.row")).to_have_count(1)
    await expect(page.get_by_role("region", name="Overview")).to_contain_text("€4.20")
    # Begins half a second after the page is there, and registers the service worker.
    later = {path for path in asked if path.startswith(("api/", "assets/background"))}
    sizes = {path: packed(path) for path in asked - later}
    script = sum(size for path, size in sizes.items() if path.endswith(".js") and path != "sw.js")
    style = sum(size for path, size in sizes.items() if path.endswith(".css"))
    told = f"{script=}, {style=}, all={sum(sizes.values())}: {sorted(sizes.items())}"
    assert script <= 60 * KILOBYTE, told
    assert style <= 10 * KILOBYTE, told
    assert sum(sizes.values()) <= 90 * KILOBYTE, told
