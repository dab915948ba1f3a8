"""What holds after any history: sums equal their rows, and undo gives back what was."""

from typing import Any

from hypothesis import HealthCheck, example, given, settings

from ledger.household import FURNITURE, HISTORIES, Household
from world import World

# Each example has a ledger of its own in the one database of the test.
slow = settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PURGED = [("trash", 0, 0, 0), ("purge", 0, 0, 0)]
# A category goes, and its child of the same name takes its place.
NAMESAKES = [("add_category", 0, 0, 0), ("remove_category", 0, 0, 0)]
BEGUN = 2
"""The sets that made the ledger and its first member."""


async def live(world: World, history: list[Any]) -> Household:
    household = Household(await world.person(), world.service.pool)
    for op in (*FURNITURE, *history):
        await household.do(op)
    return household


@slow
@given(history=HISTORIES)
async def test_totals_and_rules_equal_the_rows(world: World, history: list[Any]) -> None:
    household = await live(world, history)
    assert await household.wrongs() == {}


@slow
@given(history=HISTORIES)
@example(history=NAMESAKES)
@example(history=PURGED)
async def test_undoing_the_newest_change_set_restores_every_row(
    world: World, history: list[Any]
) -> None:
    household = await live(world, history[:-1])
    before, start = await household.content(), await household.seq()
    await household.do(history[-1])
    after, seq = await household.content(), await household.seq()
    if seq != start + 1:
        return

    done = (await household.take_back(seq)).json()
    assert done["conflicts"] == []
    undone = await household.content()
    made = {key for key in undone.keys() - before.keys() if undone[key].get("deleted_at")}
    assert {key: row for key, row in undone.items() if key not in made} == before

    # Expenses that come back from a purge go to the trash when that is undone, if they are not there.
    again = await household.take_back(done["seq"])
    assert again.json().get("conflicts", []) == []
    redone = await household.content()
    trashed = {key for key in redone.keys() - after.keys() if redone[key].get("deleted_at")}
    assert {key: row for key, row in redone.items() if key not in trashed} == after
    assert await household.wrongs() == {}


@slow
@given(history=HISTORIES)
@example(history=NAMESAKES)
async def test_undoing_everything_from_the_newest_on_leaves_nothing(
    world: World, history: list[Any]
) -> None:
    household = await live(world, history)
    for seq in range(await household.seq(), BEGUN, -1):
        answer = await household.take_back(seq)
        assert answer.json().get("conflicts", []) == [], seq
    left = await household.content()
    assert [row for (entity, _), row in left.items() if entity in {"category", "tag"}] == []
    assert all(row["deleted_at"] for (entity, _), row in left.items() if entity == "expense")
    assert all(row["archived_at"] for (entity, _), row in left.items() if entity == "account")
    assert await household.wrongs() == {}
