"""Numbers and names that the program and the service share without importing each other."""

import asyncpg

from outlay import __version__
from outlay.cli import errors as cli_errors
from outlay.migrations.runner import LOCK
from outlay_backup import __version__ as backup_version
from outlay_backup import database, errors, service, tables

# Of a household, and yet not for a spreadsheet: secrets, answers to requests, uploaded files, and
# what is only derived from the others.
WITHOUT_CSV = {
    "links", "idempotency_keys", "import_files", "words", "daily_totals", "monthly_totals",
    "account_totals", "tag_totals", "daily_tag_totals", "ledger_seqs",
}  # fmt: skip


def test_backup_and_migration_take_the_same_lock() -> None:
    assert database.LOCK == LOCK


def test_the_exit_codes_are_those_of_the_command_line() -> None:
    ours = {
        errors.FAILED: cli_errors.REFUSED,
        errors.USAGE: cli_errors.USAGE,
        errors.UNREACHABLE: cli_errors.UNREACHABLE,
        errors.NOT_ALLOWED: cli_errors.NOT_ALLOWED,
        errors.CONFLICT: cli_errors.CONFLICT,
        errors.NOT_FOUND: cli_errors.NOT_FOUND,
        errors.CANNOT_START: cli_errors.CANNOT_START,
        errors.INTERRUPTED: cli_errors.INTERRUPTED,
    }
    assert all(code == theirs for code, theirs in ours.items())
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    assert {kind.exit_code for kind in kinds} <= set(cli_errors.EXIT_CODES)
    reasons = [kind.reason for kind in kinds]
    assert len(reasons) == len(set(reasons))


def test_both_have_one_version() -> None:
    assert backup_version == __version__


async def test_every_table_of_a_household_is_exported_or_left_out_for_a_reason(
    db: asyncpg.Connection,
) -> None:
    found = await db.fetch(
        "select distinct table_name as name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'ledger_id'"
    )
    households = {row["name"] for row in found} | {"ledgers"}
    assert set(tables.EXPORTED) | WITHOUT_CSV == households
    assert not set(tables.EXPORTED) & (WITHOUT_CSV | {"users", "sessions", "api_tokens"})


async def test_who_may_enter_is_read_from_the_service_s_own_tables(
    db: asyncpg.Connection,
) -> None:
    """Every table that lets somebody in is either carried over by a restore or emptied by it."""
    found = await db.fetch(
        "select distinct table_name as name from information_schema.columns"
        " where table_schema = 'public' and column_name in ('token_hash', 'password_hash')"
    )
    assert {row["name"] for row in found} == {"users", "sessions", "api_tokens", "links"}
    async with db.transaction():
        entry = await service.hold_entry(db)
    assert not entry.known
    assert set(entry.rows) == {"users", "tokens", "links", "members"}
