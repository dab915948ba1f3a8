"""The program as a whole: its reference, its keys, the places it opens."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import asyncpg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from backup.parts import PROGRAM, Owner, backed_up, program
from outlay.migrations import runner
from outlay_backup import keys, runs
from outlay_backup.cli.main import cli
from outlay_backup.cli.reference import PLACE, reference
from outlay_backup.database import Database, locked
from outlay_backup.errors import KeyRefusedError, SettingsError
from outlay_backup.places import open_store
from outlay_backup.progress import Quiet
from outlay_backup.store import Store
from outlay_backup.verify import OWNERS_KEY, Trial, verify
from waiting import until

ROOT = Path(__file__).parents[2]
PEM = serialization.Encoding.PEM
PLAIN = serialization.NoEncryption()


def test_the_reference_in_docs_is_that_of_the_commands() -> None:
    assert (ROOT / PLACE).read_text(encoding="utf-8") == reference(), (
        "run `python -m outlay_backup.cli.reference`"
    )


async def test_a_whole_life_by_the_command_alone(dsn: str, tmp_path: Path) -> None:
    env = {"OUTLAY_DATABASE_URL": dsn, "OUTLAY_BACKUP_STORE": str(tmp_path / "store")}
    key = tmp_path / "keys" / "key.txt"
    made = json.loads(program("key", str(key), "--json").stdout)
    result_file = tmp_path / "result"
    done = await asyncio.to_thread(
        program, "create", "--recipient", made["recipient"], "--keep-daily", "1", "--json",
        "--result-file", str(result_file), "--log-format", "json", **env,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert json.loads(result_file.read_bytes())["run"] == result["run"]
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()][:2] == [
        "Dumping", "Fetching",
    ]  # fmt: skip
    drilled = await asyncio.to_thread(program, "drill", "--key", str(key), "--json", **env)
    assert json.loads(drilled.stdout)["run"] == result["run"]
    listed = json.loads(program("list", "--json", "--results", **env).stdout)["items"][0]
    assert (listed["result"]["run"], listed["drill"]["key"]) == (result["run"], "owner")
    later = await asyncio.to_thread(
        program, "create", "--recipient", made["recipient"], "--no-verify", "--json", **env
    )
    assert json.loads(later.stdout)["last_drill"] == listed["drill"]["at"]
    again = program("key", str(key), "--json")
    assert json.loads(again.stdout) == {**made, "made": False}


def test_also_a_setting_that_is_wrong_reaches_the_result(tmp_path: Path) -> None:
    told = tmp_path / "result"
    arguments = [
        "create",
        "--store",
        "ftp://x/y",
        "--recipient",
        "age1x",
        "--result-file",
        str(told),
    ]
    done = program(*arguments, OUTLAY_DATABASE_URL="postgresql://u@h/d")
    assert done.returncode == 2
    assert json.loads(told.read_bytes())["reason"] == "KeyRefused"


async def test_a_restore_tells_its_end_in_a_file_however_it_ended(
    target: str, tmp_path: Path, store: Store, owner: Owner
) -> None:
    run = (await backed_up(target, store, owner)).run
    told = tmp_path / "result"
    env = {"OUTLAY_DATABASE_URL": target, "OUTLAY_BACKUP_STORE": store.location,
           "OUTLAY_BACKUP_KEY": str(owner.key_file(tmp_path)),
           "OUTLAY_BACKUP_RESULT_FILE": str(told)}  # fmt: skip
    done = await asyncio.to_thread(program, "restore", run, "--steps", "swap", **env)
    assert done.returncode == 1
    assert json.loads(told.read_bytes())["reason"] == "RestoreRefused"
    done = await asyncio.to_thread(program, "restore", run, "--dry-run", "--no-migrate", **env)
    assert done.returncode == 0, done.stderr
    assert json.loads(told.read_bytes())["dry_run"] is True
    done = await asyncio.to_thread(program, "verify", run, **env)
    assert json.loads(told.read_bytes())["key"] == "owner"
    done = await asyncio.to_thread(program, "verify", "20200101T000000Z-00000000", **env)
    assert done.returncode == 6
    assert json.loads(told.read_bytes())["reason"] == "BackupNotFound"


async def test_an_ssh_key_opens_a_backup_too(dsn: str, store: Store, tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    file = tmp_path / "id_ed25519"
    file.write_bytes(private.private_bytes(PEM, serialization.PrivateFormat.OpenSSH, PLAIN))
    public = private.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )

    class Ssh(Owner):
        @property
        def recipients(self) -> dict[str, object]:
            return keys.recipients([public.decode()])

    run = (await backed_up(dsn, store, Ssh())).run
    assert runs.manifest(store, run).recipients == (public.decode(),)
    opened = keys.identities(file)
    assert (await verify(store, run, opened, Trial(), Quiet(), key=OWNERS_KEY)).run == run


def test_keys_that_cannot_be_used_are_refused_with_a_sentence(tmp_path: Path, owner: Owner) -> None:
    with pytest.raises(KeyRefusedError, match="private key was given where a public one belongs"):
        keys.recipients([str(owner.identity)])
    with pytest.raises(KeyRefusedError, match="is no public key of age"):
        keys.recipients(["age1notakey"])
    with pytest.raises(KeyRefusedError, match="cannot be read"):
        keys.identities(tmp_path / "none")
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(KeyRefusedError, match="holds no private key"):
        keys.identities(tmp_path / "empty")
    (tmp_path / "there").write_text("precious")
    with pytest.raises(KeyRefusedError, match="never replaced"):
        keys.new_key_file(tmp_path / "there")


def test_google_is_opened_by_a_service_account_s_file(tmp_path: Path) -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, PLAIN).decode()
    account = {
        "type": "service_account", "project_id": "p", "private_key_id": "1", "private_key": pem,
        "client_email": "a@p.iam.gserviceaccount.com",
    }  # fmt: skip
    (tmp_path / "key.json").write_text(json.dumps(account))
    opened = open_store("gs://bucket/home/backups", credentials=tmp_path)
    assert opened.location == "gs://bucket/home/backups"
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(SettingsError):
        open_store("gs://bucket/home", credentials=tmp_path)


async def test_a_migration_waits_for_a_backup_and_then_goes_on(dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    async with locked(Database(dsn), 5):
        migrating = asyncio.create_task(runner.migrate(db))
        await asyncio.wait({migrating}, timeout=1)
        assert not migrating.done()
    assert await migrating == []
    await db.close()


def test_every_option_of_what_a_job_runs_has_an_environment_variable() -> None:
    """And no two options of one command share one."""
    for name in ("create", "verify", "drill", "show", "restore", "release"):
        given = [each for each in cli.commands[name].params if each.name != "as_json"]
        variables = {each.name: each.envvar for each in given}
        assert all(variables.values()), (name, variables)
        assert len({*variables.values()}) == len(variables), (name, variables)


@pytest.mark.parametrize(
    "command", [("create",), ("show", "--run-id", "0badcafe"), ("restore",), ("drill",)]
)
async def test_a_stopped_program_says_so_before_a_store_that_hangs_is_waited_for(
    dsn: str, tmp_path: Path, owner: Owner, command: tuple[str, ...]
) -> None:
    """Kubernetes kills 30 seconds after SIGTERM: by then the message must be there."""
    told, [key] = tmp_path / "result", owner.recipients
    taken, closing = asyncio.Event(), asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.set()
        await closing.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    (tmp_path / "secret").mkdir()
    for name in ("access_key_id", "secret_access_key"):
        (tmp_path / "secret" / name).write_text("x")
    env = {
        "OUTLAY_DATABASE_URL": dsn,
        "OUTLAY_BACKUP_STORE": "s3://bucket/x",
        "OUTLAY_BACKUP_CREDENTIALS": str(tmp_path / "secret"),
        "OUTLAY_BACKUP_STORE_OPTIONS": f"endpoint=http://127.0.0.1:{port}",
        "OUTLAY_BACKUP_RECIPIENTS": key,
        "OUTLAY_BACKUP_KEY": str(owner.key_file(tmp_path)),
        "OUTLAY_BACKUP_RESULT_FILE": str(told),
    }
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *command, env=os.environ | env, stderr=subprocess.DEVNULL
    )
    await until(taken.is_set)
    process.terminate()
    await until(told.exists)
    assert json.loads(told.read_bytes())["reason"] == "Stopped"
    assert process.returncode is None
    process.kill()
    await process.wait()
    closing.set()
    server.close()
