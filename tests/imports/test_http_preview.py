"""A preview: what is shown of a file, and what a person may change before the commit."""

from uuid import uuid4

from imports.uploading import PATH, account, bank, category, commit, imported, listed, rows, upload
from world import World

TEA = "2026-03-05,Tea,-3.50"
RENT = "2026-03-01,Rent,-900.00"
PAY = "2026-03-02,Pay,2500.00"


async def test_a_preview_shows_layout_rows_and_sums_and_changes_nothing(world: World) -> None:
    ada = await world.person()
    data = bank(TEA, RENT, PAY, "2026-02-30,Never,-1.00", "2026-03-03,Nothing,0.00")
    answer = await ada.call(
        "POST", PATH, content=data, headers={"X-File-Name": "M%C3%A4rz.csv"}, status=201
    )
    preview = answer.json()
    assert answer.headers["location"].endswith(f"/imports/{preview['id']}")
    assert answer.headers["etag"] == preview["etag"]
    assert (preview["name"], preview["status"], preview["bytes"]) == (
        "März.csv",
        "preview",
        len(data),
    )
    assert preview["counts"] == {"new": 3, "duplicate": 0, "error": 1, "skipped": 1}
    assert preview["sums"] == [
        {"currency": "EUR", "spent": "903.50", "income": "2500.00", "count": 3}
    ]
    assert (preview["first_date"], preview["last_date"]) == ("2026-03-01", "2026-03-05")
    assert preview["layout"]["delimiter"] == ","
    assert preview["found"]["header"] == ["Date", "What", "Amount"]
    assert 0 < preview["found"]["confidence"]["date"] <= 1
    assert preview["expires_at"] > preview["created_at"]
    assert (await ada.call("GET", f"{PATH}/{preview['id']}", status=200)).json() == preview
    assert await listed(ada) == []


async def test_rows_come_in_the_order_of_the_file_page_by_page(world: World) -> None:
    ada = await world.person()
    preview = await upload(
        ada, bank(*(f"2026-03-{n % 28 + 1:02},Shop {n},-{n + 1}.00" for n in range(25)))
    )
    whole = await rows(ada, preview, limit=500)
    assert [row["line"] for row in whole] == list(range(2, 27))
    assert await rows(ada, preview, limit=7) == whole
    assert await rows(ada, preview, verdict="error") == []


async def test_an_error_names_line_column_and_what_was_expected(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, "2026-03-06,Tea,1e5", "2026-02-30,Tea,-1.00"))
    amount, date = await rows(ada, preview, verdict="error")
    assert (amount["line"], amount["problem"]["column"], amount["problem"]["code"]) == (
        3,
        "Amount",
        "amount_format",
    )
    assert (date["line"], date["problem"]["column"]) == (4, "Date")
    assert all(row["problem"]["expected"] and row["problem"]["message"] for row in (amount, date))
    assert all(row["expense"] is None and not row["selected"] for row in (amount, date))


async def test_rows_are_taken_in_and_left_out_by_line_and_by_verdict(world: World) -> None:
    ada = await world.person()
    await imported(ada, bank(TEA))
    preview = await upload(ada, bank(TEA, RENT, PAY))
    path = f"{PATH}/{preview['id']}/rows"
    forced = await ada.call("PATCH", path, json={"include": True, "lines": [2]}, status=200)
    assert forced.json()["selected"] == 3
    left = await ada.call("PATCH", path, json={"include": False, "verdict": "new"}, status=200)
    assert left.json()["selected"] == 1
    back = await ada.call("PATCH", path, json={"include": None, "lines": [4]}, status=200)
    assert back.json()["selected"] == 2
    assert [r["include"] for r in await rows(ada, preview)] == [True, False, None]
    done = await commit(ada, preview)
    assert (done["created"], done["excluded"]) == (2, 1)
    assert sorted(e["description"] for e in await listed(ada)) == ["Pay", "Tea", "Tea"]


async def test_only_rows_that_could_be_read_can_be_taken(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA, "never,Tea,-1.00"))
    path = f"{PATH}/{preview['id']}/rows"
    for body, pointer in [
        ({"include": True, "lines": [2, 3]}, "/lines/1"),
        ({"include": True, "lines": [0]}, "/lines/0"),
        ({"include": True, "lines": list(range(1, 10_002))}, "/lines"),
        ({"include": True, "verdict": "error"}, "/verdict"),
    ]:
        answer = await ada.call("PATCH", path, json=body, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer
    for body in ({"include": True}, {"include": True, "lines": [2], "verdict": "new"}):
        await ada.call("PATCH", path, json=body, status=422)


async def test_another_layout_reads_the_kept_file_again(world: World) -> None:
    ada = await world.person()
    data = bank("05/03/2026,Tea,-3.50", "06/03/2026,Rent,-900.00")
    preview = await upload(ada, data)
    assert preview["layout"]["date_order"] in {"dmy", "mdy"}
    assert "date_order_ambiguous" in {n["code"] for n in preview["found"]["notices"]}
    path = f"{PATH}/{preview['id']}/layout"
    for order, first in (("mdy", "2026-05-03"), ("dmy", "2026-03-05")):
        changed = await ada.call("PUT", path, json={"date_order": order}, status=200)
        assert changed.json()["layout"]["date_order"] == order
        assert (await rows(ada, preview))[0]["expense"]["date"] == first
    assert "date_order_ambiguous" not in {n["code"] for n in changed.json()["found"]["notices"]}
    turned = await ada.call("PUT", path, json={"spending": "positive"}, status=200)
    assert turned.json()["sums"][0]["income"] == "903.50"


async def test_another_delimiter_finds_the_columns_anew(world: World) -> None:
    ada = await world.person()
    data = b"When;What, where;How much\n2026-03-05;Tea, Rome;-3,50\n2026-03-06;Bread, Rome;-2,10\n"
    preview = await upload(ada, data, layout={"delimiter": ","})
    changed = await ada.call(
        "PUT", f"{PATH}/{preview['id']}/layout", json={"delimiter": ";"}, status=200
    )
    layout = changed.json()["layout"]
    assert (layout["delimiter"], layout["width"], layout["decimal"]) == (";", 3, ",")
    assert changed.json()["counts"]["new"] == 2
    assert (await rows(ada, preview))[0]["expense"]["description"] == "Tea, Rome"


async def test_lines_to_skip_say_where_the_table_begins(world: World) -> None:
    ada = await world.person()
    old = "Date,What,Amount\n2026-01-01,Old,-1.00\n"
    new = "Day,Text,Sum\n2026-03-05,Tea,-3.50\n2026-03-06,Bread,-2.00\n"
    preview = await upload(ada, (old + new).encode())
    path = f"{PATH}/{preview['id']}/layout"
    changed = (await ada.call("PUT", path, json={"skip_lines": 2}, status=200)).json()
    assert changed["layout"]["header"] == ["Day", "Text", "Sum"]
    assert changed["counts"] == {"new": 2, "duplicate": 0, "error": 0, "skipped": 0}
    bare = (await ada.call("PUT", path, json={"skip_lines": 3}, status=200)).json()
    assert (bare["layout"]["header"], bare["counts"]["new"]) == ([], 2)
    await ada.call("PUT", path, json={"skip_lines": 5}, status=422)


async def test_what_is_said_with_the_upload_stands(world: World) -> None:
    ada = await world.person()
    data = bank("05/03/2026,Tea,-3.50")
    first = await upload(ada, data, layout={"date_order": "mdy", "currency": "USD"})
    (row,) = await rows(ada, first)
    assert (row["expense"]["date"], row["expense"]["currency"]) == ("2026-05-03", "USD")
    for layout, pointer in [
        ('{"date": 7}', "/layout/date"),
        ('{"delimiter": "::"}', "/layout/delimiter"),
        ('{"colour": 1}', "/layout/colour"),
        ("{", "/layout"),
    ]:
        problem = await upload(ada, data, status=422, layout=layout)
        assert problem["errors"][0]["pointer"] == pointer


async def test_a_layout_that_cannot_be_is_refused_field_by_field(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    path = f"{PATH}/{preview['id']}/layout"
    for change, pointer in [
        ({"date": None}, "/date"),
        ({"amount": 9}, "/amount"),
        ({"currency": "XYZ"}, "/currency"),
        ({"encoding": "klingon"}, "/encoding"),
        ({"header": ["Date"]}, "/header"),
    ]:
        answer = await ada.call("PUT", path, json=change, status=422)
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert (await ada.call("GET", f"{PATH}/{preview['id']}", status=200)).json() == preview


async def test_a_file_without_a_recognisable_date_waits_for_its_layout(world: World) -> None:
    ada = await world.person()
    data = b"A,B,C\nfive,Tea,-3.50\nsix,Rent,-900.00\n"
    preview = await upload(ada, data)
    assert "no_date" in {notice["code"] for notice in preview["found"]["notices"]}
    assert preview["counts"] == {"new": 0, "duplicate": 0, "error": 0, "skipped": 0}
    path = f"{PATH}/{preview['id']}/layout"
    problem = await ada.call("PUT", path, json={"date": 0}, status=422)
    assert problem.json()["errors"][0]["pointer"] == "/amount"
    changed = await ada.call("PUT", path, json={"date": 0, "amount": 2}, status=200)
    assert [r["problem"]["column"] for r in await rows(ada, preview)] == ["column 1"] * 3
    assert changed.json()["counts"]["error"] == 3


async def test_a_profile_is_used_by_itself_on_the_next_file_it_fits(world: World) -> None:
    ada = await world.person()
    giro = await account(ada, "Giro")
    data = bank("05/03/2026,Tea,-3.50")
    first = await upload(ada, data, layout={"date_order": "mdy"}, account=giro)
    saved = await ada.call(
        "POST", f"{PATH}/{first['id']}/profile", json={"name": "My bank"}, status=201
    )
    following = b"preamble\n\nWhat,Date,Amount\nBread,06/03/2026,-2.00\n"
    second = await upload(ada, following)
    assert second["profile"] == {"id": saved.json()["id"], "name": "My bank"}
    assert second["account_id"] == giro
    (row,) = await rows(ada, second)
    assert (row["expense"]["date"], row["expense"]["account_id"]) == ("2026-06-03", giro)
    assert (await upload(ada, following, profile="none"))["profile"] is None
    other = b"Booked;Text;Sum\n2026-03-05;Tea;-3,50\n"
    assert (await upload(ada, other))["profile"] is None
    refused = await upload(ada, other, profile=saved.json()["id"], status=422)
    assert refused["code"] == "profile"


async def test_a_profile_without_a_header_does_not_take_files_that_have_one(world: World) -> None:
    ada = await world.person()
    headless = b"2026-03-05,Tea,-3.50\n2026-03-06,Bread,-2.00\n"
    first = await upload(ada, headless)
    assert first["layout"]["header"] == []
    await ada.call("POST", f"{PATH}/{first['id']}/profile", json={"name": "Plain"}, status=201)
    assert (await upload(ada, headless))["profile"]["name"] == "Plain"
    assert (await upload(ada, bank(TEA)))["profile"] is None


async def test_profiles_are_kept_under_unique_names(world: World) -> None:
    ada = await world.person()
    layout = (await upload(ada, bank(TEA)))["layout"]
    path = f"/ledgers/default/import-profiles/{uuid4()}"
    body = {"name": "Bank", "layout": layout}
    create = {"If-None-Match": "*"}
    made = await ada.call("PUT", path, json=body, headers=create, status=201)
    assert (
        await ada.call("PUT", path, json=body, headers=create, status=200)
    ).json() == made.json()
    await ada.call("PUT", path, json={**body, "name": "Other"}, headers=create, status=409)
    second = f"/ledgers/default/import-profiles/{uuid4()}"
    same = await ada.call("PUT", second, json={**body, "name": "BANK"}, headers=create, status=409)
    assert same.json()["errors"][0]["pointer"] == "/name"
    tag = {"If-Match": made.headers["etag"]}
    renamed = await ada.call("PUT", path, json={**body, "name": "Card"}, headers=tag, status=200)
    await ada.call("PUT", path, json=body, headers=tag, status=412)
    await ada.call("PUT", path, json=body, status=428)
    wrong = {**body, "layout": {**layout, "date": None}}
    answer = await ada.call("PUT", second, json=wrong, headers=create, status=422)
    assert answer.json()["errors"][0]["pointer"] == "/layout/date"
    names = (await ada.call("GET", "/ledgers/default/import-profiles", status=200)).json()["items"]
    assert [each["name"] for each in names] == ["Card"]
    await ada.call("DELETE", path, headers={"If-Match": renamed.headers["etag"]}, status=204)
    await ada.call("GET", path, status=404)


async def test_a_ledger_holds_a_hundred_profiles(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    await world.service.pool.execute(
        "insert into import_profiles (ledger_id, id, name, layout) "
        "select $1, gen_random_uuid(), 'Bank ' || n, '{}' from generate_series(1, 100) n",
        ada.ledger,
    )
    path = f"{PATH}/{preview['id']}/profile"
    answer = await ada.call("POST", path, json={"name": "One more"}, status=409)
    assert "100" in answer.json()["detail"]
    await ada.call("POST", path, json={"name": ""}, status=422)


async def test_a_discarded_preview_leaves_nothing(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    await ada.call("DELETE", f"{PATH}/{preview['id']}", status=204)
    await ada.call("GET", f"{PATH}/{preview['id']}", status=404)
    await ada.call("POST", f"{PATH}/{preview['id']}/commit", json={}, status=404)
    for table in ("imports", "import_files", "import_rows"):
        assert await world.service.pool.fetchval(f"select count(*) from {table}") == 0


async def test_an_expired_preview_is_gone_before_it_is_swept(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    await world.service.pool.execute("update imports set expires_at = now() - interval '1 s'")
    await ada.call("GET", f"{PATH}/{preview['id']}", status=404)
    await ada.call("POST", f"{PATH}/{preview['id']}/commit", json={}, status=404)
    assert (await ada.call("GET", PATH, status=200)).json()["items"] == []


async def test_imports_are_listed_newest_first(world: World) -> None:
    ada = await world.person()
    made = [(await upload(ada, bank(TEA), name=f"{n}.csv"))["id"] for n in range(5)]
    first = (await ada.call("GET", PATH, params={"limit": 3}, status=200)).json()
    rest = await ada.call("GET", PATH, params={"limit": 3, "before": first["next"]}, status=200)
    assert [i["id"] for i in first["items"] + rest.json()["items"]] == made[::-1]
    assert rest.json()["next"] is None


async def test_a_stale_change_of_a_preview_is_told(world: World) -> None:
    ada = await world.person()
    preview = await upload(ada, bank(TEA))
    path, tag = f"{PATH}/{preview['id']}", {"If-Match": preview["etag"]}
    await ada.call("PATCH", path, json={"name": "march"}, headers=tag, status=200)
    stale = await ada.call("PATCH", path, json={"name": "april"}, headers=tag, status=412)
    assert stale.json()["current"]["name"] == "march"
    await ada.call("POST", f"{path}/commit", json={}, headers=tag, status=412)
    await ada.call("PUT", f"{path}/layout", json={}, headers=tag, status=412)


async def test_the_import_of_another_ledger_does_not_exist(world: World) -> None:
    ada, eve = await world.person(), await world.person("Eve")
    preview = await upload(ada, bank(TEA))
    for method, path, body in [
        ("GET", "", None),
        ("GET", "/rows", None),
        ("PUT", "/layout", {}),
        ("PATCH", "", {}),
        ("PATCH", "/rows", {"include": True, "lines": [2]}),
        ("POST", "/commit", {}),
        ("POST", "/revert", {}),
        ("POST", "/profile", {"name": "x"}),
        ("DELETE", "", None),
    ]:
        await eve.call(method, f"{PATH}/{preview['id']}{path}", json=body, status=404)
    assert (await eve.call("GET", PATH, status=200)).json()["items"] == []
    for params in ({"account": str(uuid4())}, {"category": await category(ada, "Food")}):
        problem = await upload(eve, bank(TEA), status=422, **params)
        assert problem["errors"][0]["pointer"] in {"/account_id", "/category_id"}


async def test_a_viewer_looks_and_changes_nothing(world: World) -> None:
    ada = await world.person()
    vic = await world.person("Vic", ledger=ada.ledger, role="viewer")
    preview = await upload(ada, bank(TEA))
    assert (await vic.call("GET", f"{PATH}/{preview['id']}", status=200)).json() == preview
    await upload(vic, bank(TEA), status=403)
    await vic.call("POST", f"{PATH}/{preview['id']}/commit", json={}, status=403)
