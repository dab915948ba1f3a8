"""Many expenses at once: all of a request, in one transaction, or nothing of it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.errors import FieldError, InvalidInput
from outlay.expenses import rules
from outlay.expenses.filters import Filter
from outlay.expenses.model import ExpenseInput, ExpensePatch, ExpenseRow
from outlay.expenses.store import COLUMNS, values_of
from outlay.problems import to_problem

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_ROWS: Final = 10_000
MOST_ERRORS: Final = 100

Status = Literal["created", "changed", "trashed", "restored", "unchanged", "missing"]


class BulkItem(ExpenseInput, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An expense to create; without an id it gets one."""

    id: UUID | None = None


class Bulk(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing to do: `create`; or `change` with `add_tags` and `remove_tags`; or `trash`; or `restore`.

    All but `create` want the rows by `ids` or by `filter`.
    """

    create: tuple[BulkItem, ...] | None = None
    change: ExpensePatch | None = None
    add_tags: tuple[UUID, ...] = ()
    remove_tags: tuple[UUID, ...] = ()
    trash: bool = False
    restore: bool = False
    ids: tuple[UUID, ...] | None = None
    filter: Filter | None = None


class BulkResult(msgspec.Struct, frozen=True):
    id: UUID
    status: Status


class BulkAnswer(msgspec.Struct, frozen=True):
    """What became of every row, in the order asked for, and how many of each."""

    results: list[BulkResult]
    counts: dict[str, int]


class New(NamedTuple):
    id: UUID
    row: ExpenseRow


class Known(msgspec.Struct, frozen=True):
    """What rows of this ledger may name: categories, accounts with their currency, tags."""

    categories: frozenset[UUID]
    accounts: Mapping[UUID, str]
    tags: frozenset[UUID]

    def mistakes(self, row: ExpenseRow, at: str) -> Iterable[FieldError]:
        if row.category_id is not None and row.category_id not in self.categories:
            yield FieldError(f"{at}/category_id", "This ledger has no such category")
        for name, code in (("account_id", row.currency), ("to_account_id", row.to_currency)):
            account = getattr(row, name)
            if account is not None and self.accounts.get(account) != code:
                yield FieldError(f"{at}/{name}", "This ledger has no such account in that currency")
        if not self.tags.issuperset(row.tag_ids):
            yield FieldError(f"{at}/tag_ids", "This ledger has no such tag")


_ARRAYS: Final = """unnest($3::uuid[], $4::text[], $5::date[], $6::bigint[], $7::text[], $8::text[],
  $9::text[], $10::uuid[], $11::text[], $12::uuid[], $13::uuid[], $14::bigint[], $15::text[],
  $16::uuid[], $17::uuid[], $18::text[], $19::text[])
  as u (id, kind, date, amount, currency, description, note, category_id, tag_ids, account_id,
  to_account_id, to_amount, to_currency, purchase_id, refund_of, reference, source)"""
_INSERT: Final = f"""
with ready as materialized (select public.begin_write($1, $2) as ok)
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, note,
  category_id, tag_ids, account_id, to_account_id, to_amount, to_currency, purchase_id, refund_of,
  reference, source, created_by)
select $1, u.id, u.kind, u.date, u.amount, u.currency, u.description, u.note, u.category_id,
  u.tag_ids::uuid[], u.account_id, u.to_account_id, u.to_amount, u.to_currency, u.purchase_id,
  u.refund_of, u.reference, u.source, $20
from ready, {_ARRAYS}
where not exists (select from public.change_log l
  where l.ledger_id = $1 and l.entity = 'expense' and l.entity_id = u.id)
order by (u.refund_of is not null)
on conflict (ledger_id, id) do nothing
returning id
"""
_UPDATE: Final = f"""
with ready as materialized (select public.begin_write($1, $2) as ok)
update public.expenses e
set kind = u.kind, date = u.date, amount = u.amount, currency = u.currency,
  description = u.description, note = u.note, category_id = u.category_id,
  tag_ids = u.tag_ids::uuid[], account_id = u.account_id, to_account_id = u.to_account_id,
  to_amount = u.to_amount, to_currency = u.to_currency, purchase_id = u.purchase_id,
  refund_of = u.refund_of, reference = u.reference
from ready, {_ARRAYS}
where e.ledger_id = $1 and e.id = u.id
"""
_SET_TRASHED: Final = """
with ready as materialized (select public.begin_write($1, $2) as ok)
update public.expenses e set deleted_at = case when $4 then now() end
from ready
where e.ledger_id = $1 and e.id = any($3::uuid[]) and (e.deleted_at is null) = $4
returning e.id
"""
_KNOWN: Final = """
select (select array_agg(id) from public.categories where ledger_id = $1) as categories,
  (select array_agg(id) from public.accounts where ledger_id = $1) as accounts,
  (select array_agg(currency) from public.accounts where ledger_id = $1) as currencies,
  (select array_agg(id) from public.tags where ledger_id = $1) as tags
"""


async def known(db: Connection, ledger: UUID) -> Known:
    row = await db.fetchrow(_KNOWN, ledger)
    if row is None:
        raise AssertionError("a select without a table has one row")
    accounts = zip(row["accounts"] or (), row["currencies"] or (), strict=True)
    return Known(frozenset(row["categories"] or ()), dict(accounts), frozenset(row["tags"] or ()))


def _columns(rows: Sequence[New]) -> list[list[Any]]:
    values = [(new.id, *values_of(new.row), new.row.source) for new in rows]
    columns: list[list[Any]] = [list(column) for column in zip(*values, strict=True)]
    columns[8] = ["{" + ",".join(map(str, tags)) + "}" for tags in columns[8]]
    return columns


async def insert(
    db: Connection, ledger: UUID, context: str, rows: Sequence[New], actor: UUID
) -> set[UUID]:
    """Create the rows and return the ids of those that were new."""
    if not rows:
        return set()
    made = await db.fetch(_INSERT, ledger, context, *_columns(rows), actor)
    return {record["id"] for record in made}


async def update(db: Connection, ledger: UUID, context: str, rows: Sequence[New]) -> None:
    if rows:
        await db.execute(_UPDATE, ledger, context, *_columns(rows))


async def set_trashed(
    db: Connection, ledger: UUID, context: str, ids: Sequence[UUID], *, trashed: bool
) -> set[UUID]:
    """Move rows to the trash or back; the ids that were not there already."""
    moved = await db.fetch(_SET_TRASHED, ledger, context, list(ids), trashed)
    return {record["id"] for record in moved}


async def load(db: Connection, ledger: UUID, ids: Sequence[UUID]) -> dict[UUID, asyncpg.Record]:
    """Those of the rows that exist, in the trash or not."""
    rows = await db.fetch(
        f"select {COLUMNS} from public.expenses where ledger_id = $1 and id = any($2::uuid[])",
        ledger,
        list(ids),
    )
    return {row["id"]: row for row in rows}


@contextmanager
def pointing(places: Mapping[UUID, str]) -> Iterator[None]:
    """Where the database refuses rows, point to the one it names; `places` by its id or its refund's."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        problem = to_problem(error)
        named = map(UUID, _UUID.findall(str(getattr(error, "detail", ""))))
        at = next((places[id_] for id_ in named if id_ in places), "")
        problem.errors = tuple(FieldError(at + e.pointer, e.detail) for e in problem.errors)
        raise problem from error


def places(rows: Iterable[tuple[str, New]]) -> dict[UUID, str]:
    """The pointer of each row, by its id and by that of the expense it refunds."""
    found: dict[UUID, str] = {}
    for at, new in rows:
        found[new.id] = at
        if new.row.refund_of is not None:
            found.setdefault(new.row.refund_of, at)
    return found


def refuse(errors: Sequence[FieldError]) -> None:
    """Raise InvalidInput for the first hundred mistakes, if there are any."""
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InvalidInput(
            f"{errors[0].detail}{more}; nothing was changed", errors=errors[:MOST_ERRORS]
        )


def changed_rows(
    rows: Mapping[UUID, asyncpg.Record], wanted: Bulk, have: Known, at: Mapping[UUID, str]
) -> list[New]:
    """The rows that the change really changes; raises InvalidInput for those it would make wrong."""
    changed: list[New] = []
    errors: list[FieldError] = []
    for id_, record in rows.items():
        current = rules.row_of(record)
        try:
            row = _changed(current, wanted, at[id_])
        except InvalidInput as error:
            errors += error.errors
            continue
        mistakes = list(have.mistakes(row, at[id_]))
        if mistakes:
            errors += mistakes
        elif not rules.same_row(current, row):
            changed.append(New(id_, row))
    refuse(errors)
    return changed


def _changed(current: ExpenseRow, wanted: Bulk, at: str) -> ExpenseRow:
    asked = rules.patched(current, wanted.change or ExpensePatch())
    kept = [tag for tag in asked.tag_ids if tag not in wanted.remove_tags]
    asked = msgspec.structs.replace(asked, tag_ids=(*kept, *wanted.add_tags))
    return rules.check(
        asked, today=current.date, currency=current.currency, source=current.source, at=at
    )
