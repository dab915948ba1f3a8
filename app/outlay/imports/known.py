"""What the ledger has already, beside the staged rows of a file, in SQL."""

import datetime as dt
from typing import Any, Final, NamedTuple
from uuid import UUID

from outlay.db import Connection
from outlay.imports.duplicates import Candidate, Known
from outlay.imports.fingerprint import fingerprint, reference_key
from outlay.imports.summary import TAKEN

DAYS_AROUND: Final = 10
"""Banks move a booking's day between two exports by a few days; its reference still tells it."""


class Money(NamedTuple):
    """Rows that may be one booking have all of this in common."""

    amount: int
    currency: str
    kind: str


# An account named in the file counts by its name, whatever the file's default was; a name that the
# ledger does not know says nothing.
_ACCOUNT: Final = """
left join (select distinct on (lower(name), currency) id, lower(name) as name, currency
    from public.accounts where ledger_id = $1
    order by lower(name), currency, archived_at nulls first, id) named
  on named.name = lower(r.account_name) and named.currency = r.currency
left join public.accounts chosen
  on chosen.ledger_id = $1 and chosen.id = i.account_id and chosen.currency = r.currency
"""
OF_MONEY: Final = """($3::bigint[] is null or (r.amount, r.currency, r.kind) in
  (select * from unnest($3::bigint[], $4::text[], $5::text[])))"""

SPAN: Final = f"""
select count(*) as rows, min(r.date) as first, max(r.date) as last from public.import_rows r
where r.ledger_id = $1 and r.import_id = $2 and r.date is not null and {OF_MONEY}
"""
ROWS: Final = f"""
select r.line, r.verdict, r.amount, r.content, r.reference_key, r.duplicate_of,
  coalesce(named.id, chosen.id)::text as account
from public.import_rows r
join public.imports i on i.ledger_id = $1 and i.id = r.import_id
{_ACCOUNT}
where r.ledger_id = $1 and r.import_id = $2 and r.date is not null and {OF_MONEY}
order by r.amount, r.line
"""

# Three kinds of known rows: those that no import brought, as they are now; those of standing
# imports, as they came (whatever became of them since); and of reverted imports those that are in
# the ledger all the same.
# The order makes the planner read by date, also where it has no statistics yet.
_ORDINARY: Final = """
select e.id, null::bytea as content, null::bytea as reference_key, e.date, e.amount, e.currency,
  e.kind, e.description, e.reference, e.account_id::text as account, e.trashed
from (
  select id, date, amount, currency, kind, description, reference, account_id, import_id,
    deleted_at is not null as trashed
  from public.expenses
  where ledger_id = $1 and date between $6 and $7 and kind <> 'transfer' and deleted_at is {}
  order by date desc, id desc
) e
where not exists (select from brought b where b.id = e.import_id)
  and (e.amount, e.currency, e.kind) in (select amount, currency, kind from wanted)
"""
KNOWN: Final = f"""
with wanted as materialized (
  select distinct r.amount, r.currency, r.kind from public.import_rows r
  where r.ledger_id = $1 and r.import_id = $2 and r.date is not null and {OF_MONEY}
), brought as materialized (
  select i.id, i.account_id, public.import_status(i) = 'committed' as stands
  from public.imports i where i.ledger_id = $1 and i.committed_at is not null and i.id <> $2
)
select * from (
{_ORDINARY.format("null")} union all {_ORDINARY.format("not null")}
union all
select r.expense_id, r.content, r.reference_key, r.date, r.amount, r.currency, r.kind,
  r.description, r.reference, coalesce(named.id, chosen.id)::text, false
from public.import_rows r
join brought i on i.id = r.import_id
{_ACCOUNT}
where r.ledger_id = $1 and r.date between $6 and $7 and {TAKEN}
  and (r.amount, r.currency, r.kind) in (select amount, currency, kind from wanted)
  and (i.stands or exists (select from public.expenses e
    where e.ledger_id = $1 and e.id = r.expense_id and e.deleted_at is null))
) known
order by amount, id
"""

# What changed since a change set, as the money that rows had before or have now.
CHANGED: Final = """
select distinct (image ->> 'amount')::bigint as amount, image ->> 'currency' as currency,
  image ->> 'kind' as kind
from public.change_log l, lateral (values (l.before), (l.after)) as images (image)
where l.ledger_id = $1 and l.seq > $2 and l.entity = 'expense' and image is not null
"""
ACCOUNTS_CHANGED: Final = """
select exists (select from public.change_log
  where ledger_id = $1 and seq > $2 and entity = 'account')
"""
SEQ: Final = "select seq from public.ledger_seqs where ledger_id = $1"


async def seq_of(db: Connection, ledger: UUID) -> int:
    """The ledger's last change set that is committed."""
    found: int | None = await db.fetchval(SEQ, ledger)
    return found or 0


async def changed_since(db: Connection, ledger: UUID, seq: int) -> list[Money] | None:
    """The money of every expense that changed after `seq`; None for "anything may be different"."""
    if await db.fetchval(ACCOUNTS_CHANGED, ledger, seq):
        return None
    return [Money(*row) for row in await db.fetch(CHANGED, ledger, seq)]


def known_of(row: Any) -> Known[UUID]:
    """A row of `KNOWN` as the rule compares it."""
    content, reference = row["content"], row["reference_key"]
    if content is None:
        content = fingerprint(
            row["date"], row["amount"], row["currency"], row["kind"], row["description"]
        )
        reference = reference_key(row["reference"], row["amount"], row["currency"], row["kind"])
    return Known(
        row["id"],
        content,
        row["date"],
        row["description"],
        reference,
        row["account"],
        row["trashed"],
    )


def candidate_of(row: Any) -> Candidate:
    return Candidate(row["content"], row["reference_key"], row["account"])


def around(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """The days between which a known row of the file may lie."""
    margin = dt.timedelta(days=DAYS_AROUND)
    return first - margin, last + margin
