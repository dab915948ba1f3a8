"""What sticks out of a page's screen, sideways."""

from typing import Final

from playwright.async_api import Page

# But for what scrolls by itself, is cut off, or is there for screen readers only.
_STICKS_OUT: Final = """() => [...document.body.querySelectorAll('*')].filter((node) => {
  const { left, right, width, height } = node.getBoundingClientRect();
  if (width <= 1 || height <= 1 || (left >= -1 && right <= innerWidth + 1)) return false;
  for (let one = node; one; one = one.parentElement) {
    const { overflowX, clipPath, position, transform } = getComputedStyle(one);
    if (one !== node && overflowX !== 'visible') return false;
    if (clipPath !== 'none' || (position === 'fixed' && transform !== 'none')) return false;
  }
  return true;
}).map((node) => node.outerHTML.slice(0, 160))"""


async def nothing_sticks_out(page: Page) -> None:
    """Fail with the beginning of each element that does."""
    found: list[str] = await page.evaluate(_STICKS_OUT)
    assert found == [], f"{page.url}:\n" + "\n".join(found)
    wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"
