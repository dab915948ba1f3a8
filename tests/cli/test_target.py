"""Which service, with which token, and what happens when it is away."""

import logging
import socket
from pathlib import Path

import pytest

from cli.terminal import Terminal
from outlay.server.clientfile import NAME, Client, write_client


async def test_without_any_service_it_says_how_to_get_one(ada: Terminal) -> None:
    done = await ada.run("list", code=3, OUTLAY_URL="")
    assert "outlay serve" in done.err


async def test_the_note_of_this_machine_is_enough(ada: Terminal, url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    write_client(tmp_path / "data" / NAME, Client(url, ada.person.token))
    await ada.run("list", OUTLAY_URL="", OUTLAY_TOKEN="")
    await ada.run("list", "--url", url + "/", OUTLAY_URL="", OUTLAY_TOKEN="")
    await ada.run("list", code=4, OUTLAY_URL="", OUTLAY_TOKEN="wrong")


async def test_a_token_file_has_to_be_private(ada: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(ada.person.token + "\n")
    file.chmod(0o640)
    refused = await ada.run("list", code=4, OUTLAY_TOKEN="", OUTLAY_TOKEN_FILE=str(file))
    assert "chmod 600" in refused.err
    file.chmod(0o600)
    await ada.run("list", OUTLAY_TOKEN="", OUTLAY_TOKEN_FILE=str(file))
    gone = await ada.run("list", code=4, OUTLAY_TOKEN="", OUTLAY_TOKEN_FILE=str(tmp_path / "no"))
    assert "No such file" in gone.err


async def test_without_a_terminal_no_token_is_asked_for(ada: Terminal) -> None:
    done = await ada.run("list", code=4, OUTLAY_TOKEN="")
    assert "OUTLAY_TOKEN_FILE" in done.err


async def test_an_address_that_is_none_is_a_mistake_of_usage(ada: Terminal) -> None:
    assert "write http" in (await ada.run("list", "--url", "localhost:8000", code=2)).err


async def test_a_service_that_is_away_is_exit_code_3_and_named(ada: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = await ada.run("list", code=3, OUTLAY_URL=f"http://127.0.0.1:{port}")
    assert f"127.0.0.1, port {port} cannot be reached" in done.err


async def test_an_error_names_the_run_under_which_the_service_logged_it(
    ada: Terminal, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "outlay.request")
    done = await ada.run("show", "01900000-0000-7000-8000-000000000000", code=6)
    run = done.err.splitlines()[-1].removeprefix("Run ")
    assert [record.fields["request_id"] for record in caplog.records] == [f"{run}-1"]
