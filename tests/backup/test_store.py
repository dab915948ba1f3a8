"""Folders and S3 alike: what is stored, what is refused, what prune may touch."""

import base64
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from backup.parts import KEEPS_ALL, Owner, backed_up, tried
from backup.stores import (
    azure,
    azure_store,
    make_bucket,
    make_container,
    s3,
    s3_store,
    wire,
)
from outlay_backup import layout, owner, places, runs
from outlay_backup.errors import (
    OwnedByOtherError,
    SettingsError,
    StoreDeniedError,
    StoreMissingError,
    StoreUnreachableError,
)
from outlay_backup.places import open_store
from outlay_backup.prune import Retention, prune
from outlay_backup.rules import Policy
from outlay_backup.store import MIB, Store
from outlay_backup.times import now

ACCOUNT = "outlaytests"
AZURITE = Path(__file__).parent / "azurite/node_modules/azurite/dist/src/blob/main.js"
KEEPS_ONE = Retention(Policy(last=1), ZoneInfo("UTC"), timedelta(hours=1))


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3(tmp_path_factory.mktemp("s3") / "log") as url:
        make_bucket(url, "backups")
        yield url


@pytest.fixture(scope="module")
def azure_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """An Azure Blob store's address, and its account's key."""
    if not AZURITE.exists():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("`make azurite` installs what this needs")
    key = base64.b64encode(os.urandom(64)).decode()
    with azure(AZURITE, tmp_path_factory.mktemp("azure"), ACCOUNT, key) as url:
        make_container(url, ACCOUNT, key, "backups")
        yield url, key


@pytest.fixture(params=["folder", "s3", "azure"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return open_store(str(tmp_path / "store"), make=True)
    if request.param == "azure":
        url, key = request.getfixturevalue("azure_at")
        return azure_store(url, tmp_path / "secret", f"backups/{uuid4().hex}", ACCOUNT, key)
    url = request.getfixturevalue("s3_url")
    return s3_store(url, tmp_path / "secret", f"backups/{uuid4().hex}")


def test_what_is_stored_comes_back_and_is_listed(any_store: Store) -> None:
    any_store.put("a/small", b"x")
    parts = [bytes([n]) * MIB for n in range(20)]
    any_store.put_stream("a/large", iter(parts), 20 * MIB)
    assert b"".join(any_store.stream("a/large")) == b"".join(parts)
    assert {(each.path, each.bytes) for each in any_store.entries()} == {
        ("a/small", 1), ("a/large", 20 * MIB),
    }  # fmt: skip
    any_store.delete(["a/small", "a/large", "a/never"])
    assert any_store.entries() == []
    assert any_store.get("a/small") is None


def test_only_the_first_of_two_creates_wins(any_store: Store) -> None:
    assert any_store.put_new("marker", b"one")
    assert not any_store.put_new("marker", b"two")
    assert any_store.get("marker") == b"one"


def test_an_upload_whose_source_fails_leaves_nothing(any_store: Store) -> None:
    def failing() -> Iterator[bytes]:
        yield b"x" * 9 * MIB
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        any_store.put_stream("a/dump", failing(), 20 * MIB)
    assert any_store.entries() == []
    assert any_store.leftovers() == []


async def test_a_whole_run_on_any_store(any_store: Store, dsn: str, owner: Owner) -> None:
    result = await backed_up(dsn, any_store, owner, verify=True)
    assert result.verified
    assert result.location == f"{any_store.location}/{result.run}"


async def test_prune_keeps_the_newest_verified_and_touches_nothing_else(
    any_store: Store, dsn: str, owner: Owner
) -> None:
    made = [(await backed_up(dsn, any_store, owner)).run for _ in range(2)]
    for run in made:
        any_store.put(layout.at(run, layout.VERIFIED), b"{}")
    made.sort()
    foreign = ["notes.txt", "20200101T000000Z-nothex00/dump.pgc.zst.age", "other/manifest.json"]
    for path in foreign:
        any_store.put(path, b"precious")
    lost = "20200101T000000Z-0123abcd"
    any_store.put(layout.at(lost, layout.BEGUN), b"{}")
    any_store.put(layout.at(lost, "csv/half"), b"x")
    dry = prune(any_store, "the tests", KEEPS_ONE, dry_run=True)
    assert (dry.plan.incomplete, dry.plan.delete, dry.removed) == ((lost,), (made[0],), ())
    assert len(runs.all_runs(any_store)) == 3
    done = prune(any_store, "the tests", KEEPS_ONE, dry_run=False)
    assert set(done.removed) == {lost, made[0]}
    assert [run.name for run in runs.all_runs(any_store)] == [made[1]]
    assert {each.path for each in any_store.entries()} >= set(foreign)
    with pytest.raises(OwnedByOtherError):
        prune(any_store, "another", KEEPS_ONE, dry_run=False)


async def test_retention_of_a_run_is_told_in_its_result(
    store: Store, dsn: str, owner: Owner
) -> None:
    first = await backed_up(dsn, store, owner, verify=True)
    second = await backed_up(dsn, store, owner, verify=True, retention=KEEPS_ONE)
    assert second.removed == (first.run,)
    third = await backed_up(dsn, store, owner, verify=True, retention=KEEPS_ALL)
    assert third.removed == ()


class Locked(Store):
    """A store whose credentials cannot delete."""

    __slots__ = ()

    def delete(self, paths: object) -> None:
        for path in paths:
            raise StoreDeniedError(f"no deleting of {path}")


async def test_a_store_that_forbids_deleting_is_told_about_and_fails_no_backup(
    store: Store, dsn: str, owner: Owner
) -> None:
    await backed_up(dsn, store, owner, verify=True)
    locked = Locked(store.opened, store.location, store.folder)
    result, failure = await tried(dsn, locked, owner, verify=True, retention=KEEPS_ONE)
    assert failure is None
    assert (result.verified, result.removed) == (True, ())
    assert "Nothing can be deleted" in result.notes[0]


def test_what_a_killed_upload_left_in_a_folder_goes_later(store: Store, tmp_path: Path) -> None:
    run = "20200101T000000Z-0123abcd"
    folder = tmp_path / "store" / run
    folder.mkdir()
    left = folder / f"{layout.DUMP}#1"
    left.write_bytes(b"half")
    prune(store, "the tests", KEEPS_ONE, dry_run=False)
    assert left.exists()
    old = now().timestamp() - 3 * 3600
    os.utime(left, (old, old))
    assert prune(store, "the tests", KEEPS_ONE, dry_run=False).leftovers == 1
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_volume_s_own_closed_folder_is_left_alone(store: Store, tmp_path: Path) -> None:
    closed = tmp_path / "store" / "lost+found"
    closed.mkdir(mode=0)
    assert store.entries() == []
    run = tmp_path / "store" / "20200101T000000Z-0123abcd"
    run.mkdir(mode=0)
    with pytest.raises(StoreDeniedError):
        store.entries()
    closed.chmod(0o700)
    run.chmod(0o700)


async def test_a_missing_bucket_is_told_as_such(
    s3_url: str, tmp_path: Path, dsn: str, owner: Owner
) -> None:
    store = s3_store(s3_url, tmp_path / "secret", "nowhere/at-all")
    result, failure = await tried(dsn, store, owner)
    assert isinstance(failure, StoreMissingError)
    assert "make the bucket first" in result.message


async def test_azure_tells_a_missing_container_and_a_wrong_key_alike(
    azure_at: tuple[str, str], tmp_path: Path, dsn: str, owner: Owner
) -> None:
    url, key = azure_at
    store = azure_store(url, tmp_path / "secret", "nowhere/x", ACCOUNT, key)
    _, failure = await tried(dsn, store, owner)
    assert isinstance(failure, StoreMissingError)
    wrong = base64.b64encode(os.urandom(64)).decode()
    store = azure_store(url, tmp_path / "secret", "backups/x", ACCOUNT, wrong)
    result, failure = await tried(dsn, store, owner)
    assert isinstance(failure, StoreDeniedError)
    assert wrong not in result.message


async def test_wrong_credentials_are_told_as_such(tmp_path: Path, dsn: str, owner: Owner) -> None:
    # The first look whether it answers, and the bucket; everything after is checked.
    with s3(tmp_path / "log", INITIAL_NO_AUTH_ACTION_COUNT="2") as url:
        make_bucket(url, "backups")
        store = s3_store(url, tmp_path / "secret", "backups/x", key="AKIAWRONG", secret="wr0ng")
        result, failure = await tried(dsn, store, owner)
    assert isinstance(failure, StoreDeniedError)
    assert "refuses these credentials" in result.message
    assert "wr0ng" not in result.message


async def test_a_network_cut_in_the_middle_of_an_upload_leaves_no_backup(
    s3_url: str, tmp_path: Path, dsn: str, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(places.RETRIES, "max_retries", 1)
    await random_bytes(dsn, 20)
    place = f"backups/{uuid4().hex}"
    async with wire(s3_url, 9 * MIB) as (url, cut):
        store = s3_store(url, tmp_path / "secret", place)
        result, failure = await tried(dsn, store, owner)
    assert cut.is_cut
    assert isinstance(failure, StoreUnreachableError), result
    assert not result.complete
    again = s3_store(s3_url, tmp_path / "secret", place)
    assert [run.complete for run in runs.all_runs(again)] == [False]
    assert (await backed_up(dsn, again, owner)).complete


async def random_bytes(dsn: str, mib: int) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("create table noise (n int, raw bytea)")
    await db.execute("alter table noise alter column raw set storage external")
    await db.execute(
        "insert into noise select n, (select string_agg(sha512((n || ' ' || m)::text::bytea), '')"
        " from generate_series(1, 16384) m) from generate_series(1, $1) n",
        mib,
    )
    await db.close()


@pytest.mark.parametrize(
    ("place", "options", "message"),
    [
        ("ftp://host/x", {}, "no place to store"),
        ("s3://user:secret@bucket/x", {}, "no place to store"),
        ("s3://bucket/a/../b", {}, r"empty, \. or \.\. part"),
        ("s3://bucket/x", {"secret_access_key": "s3cret"}, "is a secret and does not belong"),
        ("s3://bucket/x", {"colour": "red"}, "no setting of that name"),
    ],
)
def test_a_wrong_place_is_refused_with_a_sentence(
    place: str, options: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message) as told:
        open_store(place, options=options)
    assert "s3cret" not in str(told.value)
    assert "secret@" not in str(told.value)


def test_a_folder_that_is_not_there_is_only_made_for_a_backup(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="There is no folder"):
        open_store(str(tmp_path / "gone"))
    assert owner.read(open_store(f"file://{tmp_path}/made", make=True)) is None
