"""A database without room, as PostgreSQL reports it."""

from world import World

FULL = """
create function public.no_room() returns trigger language plpgsql as $$
begin raise exception using errcode = 'disk_full', message = 'could not extend file'; end $$;
create trigger no_room before insert on public.expenses for each row execute function public.no_room();
"""


async def test_a_full_disk_is_said_and_healed(world: World) -> None:
    ada = await world.person()
    await world.service.pool.execute(FULL)
    refused = await ada.call("POST", "/ledgers/default/expenses", json={"amount": "1"}, status=503)
    assert "no room left" in refused.json()["detail"]
    assert refused.headers["retry-after"]
    await world.service.pool.execute("drop trigger no_room on public.expenses")
    await ada.call("POST", "/ledgers/default/expenses", json={"amount": "1"}, status=201)
