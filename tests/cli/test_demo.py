from cli.terminal import Terminal


async def test_a_demo_is_made_looked_at_and_removed(ada: Terminal) -> None:
    done = await ada.run("demo")
    assert "outlay demo --remove" in done.err
    assert "Groceries" in (await ada.run("summary", "last-month", "--ledger", "Demo")).out
    assert (await ada.json("list"))["items"] == []
    assert "already" in (await ada.run("demo", code=5)).err
    await ada.run("demo", "--remove", input="n\n", code=130)
    await ada.run("demo", "--remove", input="y\n")
    assert "Demo" not in (await ada.run("ledgers", "list")).out
    assert "outlay demo" in (await ada.run("demo", "--remove", code=6)).err


async def test_a_demo_can_be_made_and_removed_by_a_script(ada: Terminal) -> None:
    assert (await ada.json("demo"))["is_demo"] is True
    await ada.run("demo", "--remove", "--json", code=2)
    await ada.run("demo", "--remove", "--yes")
