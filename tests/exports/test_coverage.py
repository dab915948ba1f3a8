"""The archive keeps up with the database: no table and no column is left out by accident."""

from typing import get_args

import asyncpg
import pytest

from outlay.archives.frame import SECTIONS
from outlay.archives.model import Entity, ExpenseImage
from outlay.archives.staging import STAGES

# What an archive leaves out, and why.
LEFT_OUT = {
    "ledger_seqs": "the number of the last set",
    "words": "made from the expenses",
    "daily_totals": "made from the expenses",
    "monthly_totals": "made from the expenses",
    "account_totals": "made from the expenses",
    "tag_totals": "made from the expenses",
    "daily_tag_totals": "made from the expenses",
    "links": "secrets",
    "idempotency_keys": "answers to requests of this installation",
    "imports": "what happened to a file, not to the ledger",
    "import_files": "what happened to a file, not to the ledger",
    "import_rows": "what happened to a file, not to the ledger",
}
# Columns that are made from others, or that a line says by other means.
MADE = {
    "expenses": {"search"},
    "change_sets": {"undo_root", "undo_depth"},
    "change_log": {"entity_id"},
}


async def test_every_table_of_a_ledger_is_archived_or_left_out_with_a_reason(
    db: asyncpg.Connection,
) -> None:
    rows = await db.fetch(
        "select table_name from information_schema.columns c join information_schema.tables t "
        "using (table_schema, table_name) where table_schema = 'public' and column_name = 'ledger_id' "
        "and table_type = 'BASE TABLE'"
    )
    tables = {row["table_name"] for row in rows} | {"ledgers"}
    archived = {stage.table for stage in STAGES} - {"users"}
    assert tables == archived | set(LEFT_OUT)


@pytest.mark.parametrize("stage", [s for s in STAGES if s.table != "users"], ids=lambda s: s.table)
async def test_every_column_is_archived(db: asyncpg.Connection, stage) -> None:
    rows = await db.fetch(
        "select column_name from information_schema.columns "
        "where table_schema = 'public' and table_name = $1",
        stage.table,
    )
    columns = {row["column_name"] for row in rows} - MADE.get(stage.table, set()) - {"ledger_id"}
    if stage.table == "ledgers":
        columns.remove("id")
    told = set(stage.columns) - ({"id"} if stage.table == "change_log" else set())
    assert told == columns


async def test_an_image_of_an_expense_has_what_the_log_keeps_of_one(db: asyncpg.Connection) -> None:
    keys = await db.fetch(
        "select jsonb_object_keys(public.expense_json(null::public.expenses)) as key"
    )
    logged = {row["key"] for row in keys}
    assert set(ExpenseImage.__struct_fields__) == logged - {"ledger_id", "id"}


async def test_every_kind_of_entity_that_is_logged_can_be_in_a_history(
    db: asyncpg.Connection,
) -> None:
    rows = await db.fetch(
        "select distinct split_part(encode(tgargs, 'escape'), '\\000', 1) as entity "
        "from pg_trigger where tgname = 'log_inserted'"
    )
    assert {row["entity"] for row in rows} | {"expense"} == set(get_args(Entity))


def test_stages_follow_the_order_of_an_archive() -> None:
    assert tuple(stage.name.removeprefix("archive_") for stage in STAGES) == SECTIONS
