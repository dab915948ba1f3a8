"""Recording, finding, changing and summing up from the command line."""

from cli.terminal import Terminal


async def test_an_amount_and_words_are_enough_to_record_an_expense(ada: Terminal) -> None:
    done = await ada.run("add", "12,50+3*2", "coffee", "and", "cake")
    assert "18.50 EUR" in done.out
    assert "coffee and cake" in done.out
    (row,) = (await ada.json("list"))["items"]
    assert (row["amount"], row["description"], row["source"]) == ("18.50", "coffee and cake", "cli")


async def test_json_is_all_that_stdout_gets(ada: Terminal) -> None:
    done = await ada.run("add", "3", "tea", "--json")
    assert done.data["amount"] == "3.00"
    assert done.err == ""


async def test_the_list_takes_filters_and_says_how_much_is_left(ada: Terminal) -> None:
    for number in range(1, 6):
        await ada.add(f"{number}", f"thing {number}", "-d", "2026-10-05")
    await ada.add("9", "other", "-d", "2026-09-05")
    done = await ada.run("list", "2026-10", "--limit", "2")
    assert len(done.lines) == 3
    assert "2 of 5" in done.err
    everything = await ada.json("list", "--all", "--min", "4", "--currency", "eur")
    assert {row["amount"] for row in everything["items"]} == {"4.00", "5.00", "9.00"}


async def test_a_list_longer_than_a_page_is_read_to_its_end(ada: Terminal) -> None:
    rows = [{"id": f"0190{n:04x}-0000-7000-8000-000000000000", "amount": "1"} for n in range(700)]
    await ada.person.call(
        "POST", "/ledgers/default/expenses/bulk", json={"create": rows}, status=200
    )
    found = await ada.json("list", "--all")
    assert len({row["id"] for row in found["items"]}) == 700
    assert found["next"] is None
    assert [day["count"] for day in found["days"]] == [700]


async def test_show_edit_delete_and_restore_take_the_end_of_an_id(ada: Terminal) -> None:
    made = await ada.add("5", "bread", "-n", "rye")
    end = made["id"][-6:]
    assert "rye" in (await ada.run("show", end)).out
    changed = await ada.json("edit", end, "--amount", "5,50", "--description", "good bread")
    assert (changed["amount"], changed["note"]) == ("5.50", "rye")
    await ada.run("delete", end)
    assert (await ada.json("list"))["items"] == []
    assert (await ada.json("list", "--trashed"))["items"][0]["id"] == made["id"]
    assert "good bread" in (await ada.run("restore", end)).out


async def test_an_end_that_no_id_has_is_exit_code_6(ada: Terminal) -> None:
    await ada.add("5")
    done = await ada.run("show", "zzzz", code=1)
    assert "not an id" in done.err
    done = await ada.run("show", "0000abcd0000", code=6)
    assert "outlay list --ids" in done.err


async def test_edit_without_a_change_is_refused(ada: Terminal) -> None:
    made = await ada.add("5")
    assert "Say what to change" in (await ada.run("edit", made["id"], code=1)).err


async def test_purging_asks_first_and_nothing_brings_it_back(ada: Terminal) -> None:
    made = await ada.add("5")
    await ada.run("delete", made["id"])
    await ada.run("delete", "--purge", made["id"], input="n\n", code=130)
    await ada.run("delete", "--purge", made["id"], input="y\n")
    await ada.run("show", made["id"], code=6)


async def test_what_the_service_refuses_is_said_with_its_place_and_the_run(ada: Terminal) -> None:
    done = await ada.run("add", "12.345", code=1)
    assert "EUR has 2 decimals" in done.err
    assert "amount" in done.err
    assert "Run cli-" in done.err


async def test_a_refusal_in_json_mode_is_the_problem_itself(ada: Terminal) -> None:
    done = await ada.run("add", "12.345", "--json", code=1)
    assert done.data["type"] == "urn:outlay:problem:invalid-input"
    assert done.data["errors"][0]["pointer"] == "/amount"


async def test_dates_are_those_of_the_ledgers_calendar(ada: Terminal) -> None:
    today = (await ada.add("1"))["date"]
    assert (await ada.add("1", "-d", "today"))["date"] == today
    assert (await ada.add("1", "-d", "yesterday"))["date"] < today
    assert (await ada.add("1", "-d", "2020-02-29"))["date"] == "2020-02-29"
    assert "not in the calendar" in (await ada.run("add", "1", "-d", "2021-02-29", code=1)).err


async def test_a_summary_has_bars_and_the_period_before(ada: Terminal) -> None:
    await ada.add("30", "-d", "2026-10-05")
    await ada.add("10", "-d", "2026-10-07")
    await ada.add("20", "-d", "2026-09-07")
    done = await ada.run("summary", "2026-10", "--by", "day")
    assert done.lines[0] == "2026-10-01 to 2026-10-31"
    by_day = {line.split()[0]: line for line in done.lines}
    assert "30.00" in by_day["2026-10-05"]
    assert by_day["2026-10-05"].count("█") == 24
    assert by_day["2026-10-07"].count("█") == 8
    assert "Spent 40.00 EUR (20.00 before)" in done.out
    data = await ada.json("summary", "2026-10", "--by", "day")
    assert data["totals"][0]["spent"] == "40.00"


async def test_a_summary_by_description_names_those_without_one(ada: Terminal) -> None:
    await ada.add("30", "Market", "-d", "2026-10-05")
    await ada.add("10", "market", "-d", "2026-10-07")
    await ada.add("5", "-d", "2026-10-07")
    done = await ada.run("summary", "2026-10", "--by", "description")
    assert "40.00" in next(line for line in done.lines if line.startswith("market"))
    assert "5.00" in next(line for line in done.lines if line.startswith("(no description)"))


async def test_a_narrow_terminal_gets_the_columns_that_matter(ada: Terminal) -> None:
    await ada.add("5", "a rather long description that does not fit")
    done = await ada.run("list", COLUMNS="40")
    assert all(len(line) <= 40 for line in done.lines)
    assert "5.00 EUR" in done.out
    assert "Category" not in done.out
