"""What undo asks and writes, a statement for all rows of a kind at once.

Parameters: $1 the ledger, $2 the seq of the change set that is taken back.
"""

from typing import Final

from outlay.changes.kinds import Kind

# What a row says, apart from what every change moves on. The time of trashing is no content: a row
# that an undo trashes gets its thirty days anew.
_IGNORED: Final = "array['version', 'updated_at', 'deleted_at']"

VERDICTS: Final = (
    "undone", "settled", "create", "restore", "remove", "changed", "gone",
)  # fmt: skip


def _same(a: str, b: str) -> str:
    return (
        f"({a} - {_IGNORED} = {b} - {_IGNORED} "
        f"and ({a} ->> 'deleted_at' is null) = ({b} ->> 'deleted_at' is null))"
    )


def verdicts(kind: Kind) -> str:
    """What is to be done with each row of the set.

    $3 is the root of its chain of undo and redo, $4 its depth there, $5 the ids that are forced.
    undone: taken back before; settled: as wanted already; create, restore, remove: to be done;
    changed, gone: something else happened to the row since.
    """
    absent = f"t.{kind.key} is null"
    if kind.entity == "expense":
        absent += " or t.deleted_at is not null"
    forced = "l.entity_id = any($5::uuid[])"
    again = "false" if kind.entity == "member" else forced
    return f"""
with judged as (
  select l.entity_id as id, case
    when (last.depth - $4::integer) % 2 <> 0 then 'undone'
    when l.before is null and (l.after is null or {absent}) then 'settled'
    when l.before is null then case
      when t.version = (l.after ->> 'version')::integer or {forced}
        or {_same(kind.image, "l.after")} then 'remove'
      else 'changed' end
    when t.{kind.key} is null then
      case when l.after is null or {again} then 'create' else 'gone' end
    when t.version = (l.after ->> 'version')::integer then 'restore'
    when {_same(kind.image, "l.before")} then 'settled'
    when {forced} or {_same(kind.image, "l.after")} then 'restore'
    else 'changed' end as verdict
  from public.change_log l
  {kind.now}
  left join lateral (
    select s.undo_depth as depth from public.change_log x
    join public.change_sets s on s.ledger_id = $1 and s.seq = x.seq and s.undo_root = $3
    where x.ledger_id = $1 and x.entity = l.entity and x.entity_id = l.entity_id and x.seq > $2
    order by x.seq desc limit 1) last on true
  where l.ledger_id = $1 and l.seq = $2 and l.entity = '{kind.entity}'
)
select verdict, array_agg(id order by id) as ids from judged group by verdict
"""


def _from_log(kind: Kind) -> str:
    """The wished rows `b` of the ids $3, beside what they are now."""
    return f"""
from public.change_log l
{kind.now}
cross join lateral jsonb_populate_record(null::{kind.table}, l.before) b
where l.ledger_id = $1 and l.seq = $2 and l.entity = '{kind.entity}'
  and l.entity_id = any($3::uuid[])"""


def wanted(kind: Kind, columns: str) -> str:
    """Columns of the rows $3 as they were before (`b`) and are now (`t`)."""
    return f"select {columns} {_from_log(kind)}"


def _value(column: str, now: str = "t") -> str:
    if column == "deleted_at":
        return f"case when b.deleted_at is not null then coalesce({now}.deleted_at, now()) end"
    return f"b.{column}"


def create(kind: Kind) -> str:
    """Bring rows back that are gone; their version goes on from the last that the log knows."""
    copied = (*kind.columns, *kind.kept)
    return f"""
insert into {kind.table} (ledger_id, {kind.key}, {", ".join(copied)}, version)
select $1, l.entity_id, {", ".join(_value(name) for name in copied)},
  (select (coalesce(x.after, x.before) ->> 'version')::integer + 1 from public.change_log x
   where x.ledger_id = $1 and x.entity = '{kind.entity}' and x.entity_id = l.entity_id
   order by x.seq desc limit 1)
{_from_log(kind)}
"""


def restore(kind: Kind) -> str:
    """Give rows their former content, what its image lacks apart; each looks its own image up."""
    own = "" if kind.entity == "ledger" else "r.ledger_id = $1 and "
    return f"""
update {kind.table} r set ({", ".join(kind.columns)}) = (
  select {", ".join(_value(name, "r") for name in kind.columns)}
  from public.change_log l cross join lateral jsonb_populate_record(r, l.before) b
  where l.ledger_id = $1 and l.entity = '{kind.entity}' and l.entity_id = r.{kind.key} and l.seq = $2)
where {own}r.{kind.key} = any($3::uuid[])
"""


def remove(kind: Kind) -> str:
    """Take back a creation: expenses go to the trash, other rows go for good."""
    if kind.entity == "expense":
        return """
update public.expenses set deleted_at = now()
where ledger_id = $1 and id = any($2::uuid[]) and deleted_at is null
"""
    return f"delete from {kind.table} where ledger_id = $1 and {kind.key} = any($2::uuid[])"


def images(kind: Kind) -> str:
    """The rows $3 as they are and as they were before the set."""
    return f"""
select l.entity_id as id, l.before, case when t.{kind.key} is not null then {kind.image} end as current
from public.change_log l {kind.now}
where l.ledger_id = $1 and l.seq = $2 and l.entity = '{kind.entity}'
  and l.entity_id = any($3::uuid[])
"""


NAMES: Final = {
    "category": "{0}.id, {0}.parent_id, {0}.kind, lower({0}.name) as name, "
    "{0}.archived_at is null as is_live",
    "account": "{0}.id, null::uuid as parent_id, '' as kind, lower({0}.name) as name, "
    "{0}.archived_at is null as is_live",
    "tag": "{0}.id, null::uuid as parent_id, '' as kind, lower({0}.name) as name, true as is_live",
}

# $3 the rows to be written, $4 to $6 the categories, accounts and tags that are about to go.
MISSING: Final = """
select l.entity_id as id from public.change_log l
cross join lateral jsonb_populate_record(null::public.expenses, l.before) b
where l.ledger_id = $1 and l.seq = $2 and l.entity = 'expense' and l.entity_id = any($3::uuid[])
  and ((b.category_id is not null and not exists (select from public.categories c
      where c.ledger_id = $1 and c.id = b.category_id and c.id <> all($4::uuid[])))
    or (b.account_id is not null and not exists (select from public.accounts a
      where a.ledger_id = $1 and a.id = b.account_id and a.currency = b.currency
        and a.id <> all($5::uuid[])))
    or (b.to_account_id is not null and not exists (select from public.accounts a
      where a.ledger_id = $1 and a.id = b.to_account_id and a.currency = b.to_currency
        and a.id <> all($5::uuid[])))
    or (b.tag_ids <> '{}' and exists (select from unnest(b.tag_ids) as used (id)
      where not exists (select from public.tags g
        where g.ledger_id = $1 and g.id = used.id and g.id <> all($6::uuid[]))))
    or (b.refund_of is not null and not exists (select from public.expenses e
      where e.ledger_id = $1 and e.id = b.refund_of) and b.refund_of <> all($3::uuid[])))
"""

_REFUND_COLUMNS: Final = (
    "{0}.id, {0}.kind, {0}.currency, {0}.amount, {0}.refund_of, {0}.deleted_at is null as is_live"
)
# Rows of $3 (to be written) that are refunds or have some, and what they would be.
REFUNDS_WANTED: Final = f"""
select {_REFUND_COLUMNS.format("b")}
from public.change_log l
cross join lateral jsonb_populate_record(null::public.expenses, l.before) b
where l.ledger_id = $1 and l.seq = $2 and l.entity = 'expense' and l.entity_id = any($3::uuid[])
  and (l.before ->> 'refund_of' is not null or l.entity_id in (
    select r.refund_of from public.expenses r where r.ledger_id = $1 and r.refund_of is not null))
"""
# Rows of $2 that have refunds.
REFUNDED: Final = """
select distinct r.refund_of as id from public.expenses r
where r.ledger_id = $1 and r.refund_of is not null and r.refund_of = any($2::uuid[])
"""
# The rows $2 and all their refunds, as they are now.
REFUNDS_NOW: Final = f"""
select {_REFUND_COLUMNS.format("e")} from public.expenses e
where e.ledger_id = $1 and e.id = any($2::uuid[])
union
select {_REFUND_COLUMNS.format("e")} from public.expenses e
where e.ledger_id = $1 and e.refund_of is not null and e.refund_of = any($2::uuid[])
"""

USED_CATEGORIES: Final = """
select c.id from unnest($2::uuid[]) as c (id)
where exists (select from public.expenses e
    where e.ledger_id = $1 and e.category_id = c.id and e.deleted_at is null)
  or exists (select from public.categories k
    where k.ledger_id = $1 and k.parent_id = c.id and k.id <> all($2::uuid[]))
"""
# Of the categories $2 those that stay in use when the rows $3 have been written.
HELD_CATEGORIES: Final = """
select c.id from unnest($2::uuid[]) as c (id)
where exists (select from public.expenses e where e.ledger_id = $1 and e.category_id = c.id
    and e.deleted_at is null and e.id <> all($3::uuid[]))
  or exists (select from public.categories k where k.ledger_id = $1 and k.parent_id = c.id
    and k.id <> all($2::uuid[]) and k.id <> all($3::uuid[]))
"""
USED_TAGS: Final = """
select t.id from unnest($2::uuid[]) as t (id)
where exists (select from public.tag_totals n
  where n.ledger_id = $1 and n.tag_id = t.id and n.entries > 0)
"""
USED_ACCOUNTS: Final = """
select a.id from unnest($2::uuid[]) as a (id)
where exists (select from public.expenses e
    where e.ledger_id = $1 and e.account_id = a.id and e.deleted_at is null)
  or exists (select from public.expenses e
    where e.ledger_id = $1 and e.to_account_id = a.id and e.deleted_at is null)
"""
TRASHED_ACCOUNTS: Final = """
select a.id from unnest($2::uuid[]) as a (id)
where exists (select from public.expenses e
  where e.ledger_id = $1 and a.id in (e.account_id, e.to_account_id) and e.deleted_at is not null)
"""
ARCHIVE_ACCOUNTS: Final = """
update public.accounts set archived_at = now()
where ledger_id = $1 and id = any($2::uuid[]) and archived_at is null
"""

BEGAN_LEDGER: Final = """
select exists (select from public.change_log
  where ledger_id = $1 and seq = $2 and entity = 'ledger' and before is null)
"""
OWNERS: Final = """
select m.user_id as id, m.role = 'owner' as is_owner from public.members m where m.ledger_id = $1
"""
CAN_SIGN_IN: Final = """
select id from public.users
where id = any($1::uuid[]) and disabled_at is null and not is_placeholder
"""
