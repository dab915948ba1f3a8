"""Files as a person brings them: chosen in the browser's dialog, or dropped on the page."""

from base64 import b64encode
from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

BANKS: Final = Path(__file__).parents[1] / "imports" / "files"

# Whether a file over the page would be taken, which it is once what takes it was loaded.
_TAKEN: Final = """() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(['x'], 'x.csv'));
  const event = new DragEvent('dragover', { dataTransfer, bubbles: true, cancelable: true });
  const isLeft = document.querySelector('h1').dispatchEvent(event);
  dispatchEvent(new DragEvent('dragleave', { dataTransfer }));
  return !isLeft;
}"""
_DROP: Final = """
async ([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
    document.querySelector('h1').dispatchEvent(event);
  }
}
"""


def bank(name: str) -> bytes:
    """A file in the layout of a real bank."""
    return (BANKS / f"{name}.csv").read_bytes()


def csv(*lines: str) -> bytes:
    """A file with the columns Date, What and Amount."""
    return "".join(f"{line}\n" for line in ("Date,What,Amount", *lines)).encode()


async def choose(page: Page, content: bytes, name: str = "bank.csv") -> None:
    """Choose a file on the page of imports."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Choose a").click()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    await (await chooser.value).set_files(file)  # type: ignore[arg-type]


async def drop(
    page: Page, content: bytes, name: str = "bank.csv", *, is_taken: bool = True
) -> None:
    """Drop a file on the page, once there is something that takes it."""
    await page.locator("h1").first.wait_for()
    if is_taken:
        await page.wait_for_function(_TAKEN)
    await page.evaluate(_DROP, [name, b64encode(content).decode()])


async def look_at(page: Page, content: bytes, name: str = "bank.csv") -> None:
    """Bring a file in and wait for its preview."""
    if not page.url.endswith("/import"):
        await page.goto("/import")
    await choose(page, content, name)
    await expect(page.get_by_role("heading", name="Rows of the file")).to_be_visible()
