"""Random ledgers with a random past: whatever the database can come to hold."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
from hypothesis import strategies as st

from outlay.db import Connection, acquire
from outlay.imports.layout import Layout
from outlay.money.currencies import EXPONENTS
from outlay.money.rules import MAX_MINOR
from world import Person, World

PLAIN = st.characters(exclude_categories=["Cs", "Cc"])
TEXTS = st.one_of(
    st.text(PLAIN, max_size=12),
    st.sampled_from(
        ["=1+1", "+39 02", "-20%", "@home", "'=x", "''quoted", "\\.", "\\N", "a,b", 'say "hi"', "x\\ny",
         "ß Ünïcode 🧾", "null", "\u2028", "{}", "%s", "$1"]
    ),
)  # fmt: skip
NOTES = st.one_of(TEXTS, st.sampled_from(["line\nline", "\tindented", "=a\n=b", "\n", "x" * 600]))
NUMBERS = st.integers(0, 1000)


@dataclass(frozen=True)
class Step:
    """One thing that happens: its name, two numbers to choose by, and two texts."""

    name: str
    first: int
    second: int
    text: str
    note: str


@dataclass
class Household:
    """A ledger under construction, and the ids that its steps can choose from."""

    ada: Person
    bob: Person
    db: Connection
    categories: list[UUID] = field(default_factory=list)
    accounts: list[tuple[UUID, str]] = field(default_factory=list)
    tags: list[UUID] = field(default_factory=list)
    expenses: list[UUID] = field(default_factory=list)
    gone: UUID = field(default_factory=uuid4)
    count: int = 0

    @property
    def ledger(self) -> UUID:
        return self.ada.ledger

    async def take(self, step: Step) -> None:
        """Do the step as one change set; what a rule of the database forbids does not happen."""
        self.count += 1
        actor = (self.ada.id, self.bob.id, self.gone, None)[step.second % 4]
        context = {"actor": actor and str(actor), "source": "api", "action": step.name}
        try:
            async with self.db.transaction():
                await self.run("select public.begin_write($1, $2)", json.dumps(context))
                await STEPS[step.name](self, step)
        except asyncpg.IntegrityConstraintViolationError:
            return

    async def run(self, sql: str, *values: Any) -> None:
        await self.db.execute(sql, self.ledger, *values)

    def one(self, ids: list[Any], number: int) -> Any:
        return ids[number % len(ids)] if ids else None

    def name(self, step: Step, most: int) -> str:
        return f"{self.count} {step.text}"[:most]

    def money(self, step: Step) -> tuple[int, str]:
        code = list(EXPONENTS)[step.second % len(EXPONENTS)]
        return (MAX_MINOR if step.first == 1000 else 1 + step.first * 37), code


async def _category(home: Household, step: Step) -> None:
    made, parent = uuid4(), self_or_none(home.categories, step)
    await home.run(
        "insert into categories (ledger_id, id, parent_id, name, hue, icon, position) "
        "values ($1, $2, $3, $4, $5, $6, $7)",
        made, parent, home.name(step, 100), step.first % 8, step.text[:16], step.first - 500,
    )  # fmt: skip
    home.categories.append(made)


def self_or_none(ids: list[UUID], step: Step) -> UUID | None:
    return ids[step.first % len(ids)] if ids and step.second % 2 else None


async def _account(home: Household, step: Step) -> None:
    made, (minor, code) = uuid4(), home.money(step)
    await home.run(
        "insert into accounts (ledger_id, id, name, kind, currency, opening_balance, archived_at) "
        "values ($1, $2, $3, $4, $5, $6, case when $7 then now() end)",
        made, home.name(step, 100), ("cash", "bank", "card")[step.first % 3], code,
        -minor if step.first % 2 else minor % 1000, step.first % 5 == 0,
    )  # fmt: skip
    home.accounts.append((made, code))


async def _tag(home: Household, step: Step) -> None:
    made = uuid4()
    await home.run(
        "insert into tags (ledger_id, id, name) values ($1, $2, $3)", made, home.name(step, 50)
    )
    home.tags.append(made)


_INSERT = """
insert into expenses (ledger_id, id, kind, date, amount, currency, description, note, category_id,
  tag_ids, account_id, to_account_id, to_amount, to_currency, purchase_id, refund_of, reference,
  source, import_id, created_by)
values ($1, $2, $3, date '2020-02-28' + $4::integer, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
  $15, $16, $17, $18, $19, $20)
"""


async def _record(home: Household, step: Step, kind: str, **more: Any) -> None:
    made, (minor, code) = uuid4(), home.money(step)
    account = home.one(home.accounts, step.first) if step.second % 3 else None
    tags = [tag for place, tag in enumerate(home.tags) if (step.first >> place) & 1][:5]
    row: dict[str, Any] = {
        "kind": kind, "days": step.first * 3 - 1000, "amount": minor,
        "currency": account[1] if account else code, "description": step.text, "note": step.note,
        "category": self_or_none(home.categories, step), "tags": tags,
        "account": account and account[0], "to_account": None, "to_amount": None,
        "to_currency": None, "purchase": uuid4() if step.first % 7 == 0 else None, "refund_of": None,
        "reference": step.text[:200], "source": ("web", "api", "cli", "import")[step.first % 4],
        "import": uuid4() if step.first % 4 == 3 else None,
        "by": (home.ada.id, home.bob.id, home.gone, None)[step.first % 4],
    }  # fmt: skip
    await home.run(_INSERT, made, *{**row, **more}.values())
    home.expenses.append(made)


async def _expense(home: Household, step: Step) -> None:
    await _record(home, step, "expense")


async def _income(home: Household, step: Step) -> None:
    await _record(home, step, "income")


async def _transfer(home: Household, step: Step) -> None:
    if len(home.accounts) < 2:
        return
    source = home.one(home.accounts, step.first)
    target = home.one(home.accounts, step.first + 1)
    await _record(
        home, step, "transfer", category=None, account=source[0], currency=source[1],
        to_account=target[0], to_currency=target[1], to_amount=1 + step.second,
    )  # fmt: skip


async def _refund(home: Household, step: Step) -> None:
    found = await home.db.fetchrow(
        "select id, currency from expenses where ledger_id = $1 and id = $2 and kind = 'expense'",
        home.ledger, home.one(home.expenses, step.first),
    )  # fmt: skip
    if found:
        more = {"currency": found["currency"], "account": None, "refund_of": found["id"]}
        await _record(home, step, "income", amount=1 + step.second % 40, **more)


async def _edit(home: Household, step: Step) -> None:
    await home.run(
        "update expenses set note = $3, description = $4, amount = amount + 1, category_id = "
        "case when kind = 'transfer' then null else $5::uuid end, tag_ids = $6 "
        "where ledger_id = $1 and id = $2",
        home.one(home.expenses, step.first), step.note, step.text,
        self_or_none(home.categories, step), home.tags[: step.second % 3],
    )  # fmt: skip


async def _trash(home: Household, step: Step) -> None:
    await home.run(
        "update expenses set deleted_at = now() where ledger_id = $1 and id = $2 and deleted_at is null",
        home.one(home.expenses, step.first),
    )


async def _restore(home: Household, step: Step) -> None:
    await home.run(
        "update expenses set deleted_at = null where ledger_id = $1 and id = $2",
        home.one(home.expenses, step.first),
    )


async def _purge(home: Household, step: Step) -> None:
    await home.run(
        "delete from expenses where ledger_id = $1 and id = $2 and deleted_at is not null",
        home.one(home.expenses, step.first),
    )


async def _remove_tag(home: Household, step: Step) -> None:
    gone = home.one(home.tags, step.first)
    await home.run("delete from tags where ledger_id = $1 and id = $2", gone)
    home.tags = [tag for tag in home.tags if tag != gone]


async def _archive(home: Household, step: Step) -> None:
    await home.run(
        "update categories set archived_at = now() where ledger_id = $1 and id = $2",
        home.one(home.categories, step.first),
    )


async def _remove_category(home: Household, step: Step) -> None:
    gone = home.one(home.categories, step.first)
    await home.run("delete from categories where ledger_id = $1 and id = $2", gone)
    home.categories = [id_ for id_ in home.categories if id_ != gone]


async def _profile(home: Household, step: Step) -> None:
    layout = Layout(date=0, amount=step.first % 3 + 1, width=4, header=("a", step.text, "ü", ""))
    account = home.one(home.accounts, step.first)
    await home.run(
        "insert into import_profiles (ledger_id, id, name, layout, account_id, category_id) "
        "values ($1, gen_random_uuid(), $2, $3, $4, $5)",
        home.name(step, 100), msgspec.json.encode(layout).decode(), account and account[0],
        self_or_none(home.categories, step),
    )  # fmt: skip


async def _rename(home: Household, step: Step) -> None:
    await home.run(
        "update ledgers set name = $2, first_day_of_month = $3 where id = $1",
        home.name(step, 100), 1 + step.first % 31,
    )  # fmt: skip


async def _member(home: Household, step: Step) -> None:
    if step.first % 3 == 0:
        await home.run("delete from members where ledger_id = $1 and user_id = $2", home.bob.id)
        return
    await home.run(
        "insert into members (ledger_id, user_id, role) values ($1, $2, $3) "
        "on conflict (ledger_id, user_id) do update set role = excluded.role",
        home.bob.id, ("owner", "editor", "viewer")[step.second % 3],
    )  # fmt: skip


async def _many(home: Household, step: Step) -> None:
    await home.run("update expenses set note = $2 where ledger_id = $1", step.note)
    await home.run("update tags set name = name || '!' where ledger_id = $1 and length(name) < 50")


STEPS: dict[str, Callable[[Household, Step], Awaitable[None]]] = {
    "category": _category, "account": _account, "tag": _tag, "expense": _expense, "income": _income,
    "transfer": _transfer, "refund": _refund, "edit": _edit, "trash": _trash, "restore": _restore,
    "purge": _purge, "remove_tag": _remove_tag, "archive": _archive,
    "remove_category": _remove_category, "profile": _profile, "rename": _rename, "member": _member, "many": _many,
}  # fmt: skip
ONE_STEP = st.builds(
    Step, st.sampled_from(sorted(STEPS)), NUMBERS, NUMBERS, st.one_of(TEXTS), st.one_of(NOTES)
)
# Something of everything first, so that later steps find what they act on.
BEGINNING = st.tuples(
    *(
        st.builds(Step, st.just(name), NUMBERS, NUMBERS, TEXTS, NOTES)
        for name in ("category", "category", "account", "account", "tag", "tag", "expense",
                     "profile", "transfer", "expense", "refund")
    )
)  # fmt: skip
LIVES = st.tuples(BEGINNING, st.lists(ONE_STEP, min_size=10, max_size=25)).map(
    lambda p: [*p[0], *p[1]]
)


async def lived(world: World, steps: list[Step]) -> Household:
    """A new ledger of Ada's, with Bob in it, after these steps."""
    ada = await world.person()
    bob = await world.person("Bob", ledger=ada.ledger, role="editor")
    async with acquire(world.service.pool) as db:
        home = Household(ada, bob, db)
        for step in steps:
            await home.take(step)
    return home
