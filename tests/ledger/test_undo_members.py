from ledger.making import HOME, items, last_seq, match, undo
from world import Person, World


async def test_only_owners_undo_settings_and_members(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    writer = await world.person("Wil", ledger=ada.ledger, scopes=("read", "write"))
    ledger = (await ada.call("GET", HOME, status=200)).json()
    await ada.call("PATCH", HOME, json={"name": "Castle"}, headers=match(ledger), status=200)
    seq = await last_seq(ada)
    await undo(bob, seq, status=403)
    await undo(writer, seq, status=403)
    await undo(ada, seq)
    assert (await ada.call("GET", HOME, status=200)).json()["name"] == "Home"


async def test_the_beginning_of_a_ledger_is_not_undone(world: World) -> None:
    ada = await world.person()
    made = await ada.call("POST", "/ledgers", json={"name": "New", "currency": "EUR"}, status=201)
    path = f"/ledgers/{made.json()['id']}/changes"
    seq = (await ada.call("GET", path, status=200)).json()["items"][-1]["seq"]
    await ada.call("POST", f"{path}/{seq}/undo", status=409)


async def _member_seq(ada: Person) -> int:
    return (await items(ada, "changes", entity="member", limit=1))[0]["seq"]


async def test_a_removed_member_comes_back_only_by_undoing_the_removal(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    path = f"{HOME}/members/{bob.id}"
    member = (await ada.call("GET", path, status=200)).json()
    await ada.call("PATCH", path, json={"role": "editor"}, headers=match(member), status=200)
    raised = await _member_seq(ada)
    await ada.call("DELETE", path, headers={"If-Match": "*"}, status=204)
    removed = await _member_seq(ada)
    (conflict,) = (await undo(ada, raised, force=[f"member/{bob.id}"]))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("gone", False)
    await ada.call("GET", path, status=404)
    await undo(ada, removed)
    assert (await ada.call("GET", path, status=200)).json()["role"] == "editor"


async def test_a_disabled_person_does_not_become_a_member_again(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    await ada.call("DELETE", f"{HOME}/members/{bob.id}", headers={"If-Match": "*"}, status=204)
    removed = await _member_seq(ada)
    await world.service.pool.execute(
        "update public.users set disabled_at = now() where id = $1", bob.id
    )
    assert (await undo(ada, removed))["conflicts"][0]["reason"] == "missing"


async def test_undo_never_takes_the_last_owner(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="viewer")
    path = f"{HOME}/members/{bob.id}"
    await ada.call("PATCH", path, json={"role": "owner"}, headers={"If-Match": "*"}, status=200)
    seq = await _member_seq(ada)
    await bob.call(
        "PATCH", f"{HOME}/members/{ada.id}", json={"role": "editor"}, headers={"If-Match": "*"},
        status=200,
    )  # fmt: skip
    (conflict,) = (await undo(bob, seq, force=[f"member/{bob.id}"]))["conflicts"]
    assert (conflict["reason"], conflict["can_force"]) == ("last_owner", False)


async def test_undoing_a_membership_ends_it(world: World) -> None:
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    await undo(ada, await _member_seq(ada))
    await bob.call("GET", f"/ledgers/{ada.ledger}/expenses", status=404)
