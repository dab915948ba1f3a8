"""Somebody with one of everything, so that no route answers merely that there is nothing."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from world import Person, World

NEW = {"If-None-Match": "*"}


@dataclass
class Resident:
    """An owner and administrator, and the ids of what they have, by the path's word for it."""

    person: Person
    known: dict[str, list[str]] = field(default_factory=dict)

    def some(self, template: str) -> list[str]:
        """Known ids for the last placeholder of a route."""
        steps = [step for step in template.split("/") if not step.startswith("{")]
        return next((self.known[step] for step in reversed(steps) if step in self.known), [])


async def resident(world: World) -> Resident:
    person = await world.person(is_admin=True)
    made = Resident(person)
    other = await world.person("Bea", ledger=person.ledger, role="editor")
    made.known["members"] = made.known["users"] = [str(other.id)]
    made.known["ledgers"] = [str(person.ledger)]
    made.known["categories"] = [
        await _put(person, "categories", {"name": f"category {n}"}) for n in range(2)
    ]
    made.known["tags"] = [await _put(person, "tags", {"name": f"tag {n}"}) for n in range(2)]
    made.known["accounts"] = [
        await _put(person, "accounts", {"name": f"account {n}", "currency": "EUR"})
        for n in range(2)
    ]
    made.known["expenses"] = await _expenses(made)
    made.known["changes"] = ["1", "5", "9"]
    made.known["tokens"] = [await _posted(person, "/tokens", {"name": "spare", "scopes": ["read"]})]
    made.known["invitations"] = [
        await _posted(person, "/ledgers/default/invitations", {"role": "viewer"})
    ]
    made.known["imports"] = [
        await _imported(person, body) for body in (CSV, CSV.replace(b"bus", b"tram"))
    ]
    made.known["import-profiles"] = [
        await _posted(
            person, f"/ledgers/default/imports/{made.known['imports'][0]}/profile", {"name": "bank"}
        )
    ]
    return made


CSV = b"Date;Description;Amount\n02.01.2026;bus;-3,20\n03.01.2026;coffee;-4,20\n04.01.2026;salary;1.900,00\n"


async def _imported(person: Person, content: bytes) -> str:
    answer = await person.call("POST", "/ledgers/default/imports", content=content, status=201)
    return str(UUID(answer.json()["id"]))


async def _put(person: Person, kind: str, body: dict[str, object]) -> str:
    made = str(uuid4())
    await person.call("PUT", f"/ledgers/default/{kind}/{made}", json=body, headers=NEW, status=201)
    return made


async def _posted(person: Person, path: str, body: dict[str, object]) -> str:
    answer = (await person.call("POST", path, json=body, status=201)).json()
    shown = next(
        part for part in (answer, *answer.values()) if isinstance(part, dict) and "id" in part
    )
    return str(UUID(shown["id"]))


async def _expenses(made: Resident) -> list[str]:
    """One with everything on it, its refund, a transfer and one in the trash."""
    person, known = made.person, made.known
    full = await person.expense(
        "12.50", "coffee and cake", note="with Bea", category_id=known["categories"][0],
        tag_ids=known["tags"], account_id=known["accounts"][0],
    )  # fmt: skip
    back = await person.expense("2", "deposit", kind="income", refund_of=full["id"])
    moved = await person.expense(
        "5", kind="transfer", account_id=known["accounts"][0], to_account_id=known["accounts"][1]
    )
    gone = await person.expense("1", "twice by mistake")
    await person.call(
        "DELETE", f"/ledgers/default/expenses/{gone['id']}", headers={"If-Match": gone["etag"]}, status=200
    )  # fmt: skip
    return [row["id"] for row in (full, back, moved, gone)]
