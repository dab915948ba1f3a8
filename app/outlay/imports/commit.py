"""A preview into the ledger: one INSERT ... SELECT, one change set."""

from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from outlay.db import Connection
from outlay.imports import known, matching, store
from outlay.imports.answers import Committed, LeftOut
from outlay.imports.settle import Settled, settle
from outlay.imports.staging import count_again
from outlay.imports.summary import TAKEN, Summary

COMMIT_SECONDS: Final = 900.0

# Maps of names come as JSON objects: they are looked up, whatever the planner thinks of the rows.
_INSERT: Final = f"""
insert into public.expenses (ledger_id, id, kind, date, amount, currency, description, note,
  category_id, tag_ids, account_id, reference, source, import_id, created_by)
select $1, r.expense_id, r.kind, r.date, r.amount, r.currency, r.description, r.note,
  coalesce((select c.id from public.categories c
      where c.ledger_id = $1 and c.id = r.chosen_category),
    ($4::jsonb ->> (r.kind || ' ' || r.category_name))::uuid,
    case when r.kind = $5 then $6::uuid end),
  case when r.tags is null then '{{}}' else array(select distinct ($7::jsonb ->> lower(tag))::uuid
    from unnest(r.tags) as tag where $7::jsonb ? lower(tag)) end,
  coalesce(($8::jsonb ->> (r.currency || ' ' || lower(r.account_name)))::uuid,
    case when r.currency = $9 then $10::uuid end),
  r.reference, 'import', $2, $3
from public.import_rows r
where r.ledger_id = $1 and r.import_id = $2 and {TAKEN}
order by r.line
"""
_DEFAULTS: Final = """
select c.kind, c.id as category, a.currency, a.id as account
from public.imports i
left join public.categories c on c.ledger_id = $1 and c.id = i.category_id
left join public.accounts a on a.ledger_id = $1 and a.id = i.account_id
where i.ledger_id = $1 and i.id = $2
"""
_DONE: Final = """
update public.imports
set committed_at = now(), committed_by = $3, expires_at = null, version = version + 1,
  commit_seq = public.held_change_set($1), result = $4
where ledger_id = $1 and id = $2
"""
_LEFT_OUT: Final = f"""
select line, message from public.import_rows
where ledger_id = $1 and import_id = $2 and line = any($3::integer[])
order by line limit {matching.MOST_TOLD}
"""
_EXCLUDED: Final = f"""
select count(*) from public.import_rows r
where r.ledger_id = $1 and r.import_id = $2 and r.verdict = 'new' and not {TAKEN}
"""


class Plan(NamedTuple):
    """What a commit needs to know beside the staged rows."""

    ledger: UUID
    import_id: UUID
    actor: UUID
    context: str
    create: bool


async def commit(db: Connection, plan: Plan, row: asyncpg.Record) -> Committed:
    """Bring the preview into the ledger, in the caller's transaction that holds its row.

    What can be decided before is decided before the ledger's lock is taken; under it only rows
    that somebody wrote since are compared.
    """
    names = plan.ledger, plan.import_id
    seq = await known.seq_of(db, plan.ledger)
    turned = await _settle_since(db, plan, row["settled_seq"], seq)
    used = await matching.used_names(db, *names)
    await store.remove_file(db, *names)
    await db.execute("select public.begin_write($1, $2)", plan.ledger, plan.context)
    late = await _settle_since(db, plan, seq, await known.seq_of(db, plan.ledger))
    if any(late):
        turned = _together(turned, late)
        used = await matching.used_names(db, *names)
    categories = await matching.match_categories(
        db, plan.ledger, used.categories, create=plan.create
    )
    tags = await matching.match_tags(db, plan.ledger, used.tags, create=plan.create)
    created = await _insert(db, plan, categories.ids, tags.ids)
    summary = msgspec.json.decode(row["summary"], type=Summary)
    if any(turned):
        summary = await count_again(db, *names, seq)
    result = await _result(db, plan, summary, turned, created, categories, tags)
    await db.execute(_DONE, *names, plan.actor, store.encoded(result))
    return result


async def _settle_since(db: Connection, plan: Plan, since: int, until: int) -> Settled:
    if since == until:
        return Settled([], [])
    money = await known.changed_since(db, plan.ledger, since)
    return await settle(db, plan.ledger, plan.import_id, money)


def _together(early: Settled, late: Settled) -> Settled:
    """What became of the rows in the end; one that turned back did not turn."""
    duplicate, new = set(early.duplicate), set(early.new)
    for line in late.duplicate:
        new.discard(line) if line in new else duplicate.add(line)
    for line in late.new:
        duplicate.discard(line) if line in duplicate else new.add(line)
    return Settled(sorted(duplicate), sorted(new))


async def _insert(
    db: Connection, plan: Plan, categories: dict[str, UUID], tags: dict[str, UUID]
) -> int:
    default = await db.fetchrow(_DEFAULTS, plan.ledger, plan.import_id)
    if default is None:
        raise AssertionError("the caller holds the import's row")
    accounts = await matching.account_ids(db, plan.ledger)
    status = await db.execute(
        _INSERT, plan.ledger, plan.import_id, plan.actor, matching.as_json(categories),
        default["kind"], default["category"], matching.as_json(tags), matching.as_json(accounts),
        default["currency"], default["account"],
    )  # fmt: skip
    return int(status.rpartition(" ")[2])


async def _result(
    db: Connection, plan: Plan, summary: Summary, turned: Settled, created: int,
    categories: matching.Matched, tags: matching.Matched,
) -> Committed:  # fmt: skip
    names = plan.ledger, plan.import_id
    left_out: list[Any] = await db.fetch(_LEFT_OUT, *names, turned.duplicate)
    return Committed(
        id=plan.import_id,
        created=created,
        counts=summary.counts,
        excluded=await db.fetchval(_EXCLUDED, *names),
        turned_duplicate=len(turned.duplicate),
        turned_new=len(turned.new),
        left_out=[LeftOut(row["line"], row["message"]) for row in left_out],
        created_categories=categories.made[: matching.MOST_TOLD],
        created_tags=tags.made[: matching.MOST_TOLD],
        uncategorised=categories.missing,
        ignored_tags=tags.missing,
        seq=await db.fetchval("select public.held_change_set($1)", plan.ledger),
    )
