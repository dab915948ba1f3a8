"""What the tests of imports share."""

from typing import Any

from playwright.async_api import Locator, Page

from world import Person

TEA = "2026-03-05,Tea at Rossi,-3.50"
RENT = "2026-03-01,Rent,-900.00"
PAY = "2026-03-02,Pay,2500.00"


def row(page: Page, text: str) -> Locator:
    """The row of the file that says so."""
    return page.locator("tbody tr", has_text=text)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    answer = await person.call("GET", "/ledgers/default/expenses", params=params, status=200)
    return answer.json()["items"]  # type: ignore[no-any-return]


async def descriptions(person: Person) -> list[str]:
    return sorted(each["description"] for each in await listed(person))


async def made(person: Person, place: str, **body: Any) -> str:
    answer = await person.call("POST", f"/ledgers/default/{place}", json=body, status=201)
    return answer.json()["id"]  # type: ignore[no-any-return]
