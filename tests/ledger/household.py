"""A household that does whatever it is told, so that laws can be tried on random histories."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
from hypothesis import strategies as st

from ledger.making import CREATE, HOME
from world import Person

ANY = {"If-Match": "*"}
NAMES = ("food", "Fun", "home", "trip")
DATES = ("2026-01-31", "2026-02-01", "2026-02-28")

OPS = st.tuples(
    st.sampled_from(
        [
            "spend", "spend", "earn", "refund", "refund", "transfer", "edit", "edit", "trash",
            "restore", "purge", "bulk_category", "bulk_tag", "bulk_trash", "add_category",
            "add_category", "change_category", "remove_category", "merge_category", "add_account",
            "change_account", "remove_account", "add_tag", "add_tag", "rename_tag", "remove_tag",
            "merge_tag", "undo", "undo", "force",
        ]
    ),
    st.integers(0, 5),
    st.integers(0, 5),
    st.integers(0, 5),
)  # fmt: skip
# Every history begins with something to work on.
FURNITURE = (
    ("add_category", 0, 3, 0), ("add_category", 1, 0, 0), ("add_category", 2, 3, 0),
    ("add_account", 0, 2, 0), ("add_account", 1, 4, 0), ("add_tag", 0, 0, 0), ("add_tag", 1, 0, 0),
    ("spend", 5, 1, 0), ("spend", 4, 0, 1), ("refund", 0, 1, 1), ("transfer", 0, 1, 2),
)  # fmt: skip
HISTORIES = st.lists(OPS, min_size=1, max_size=12)

_CONTENT = """
select 'expense' as entity, id, public.expense_json(e) as image from public.expenses e where ledger_id = $1
union all select 'category', id, to_jsonb(c) from public.categories c where ledger_id = $1
union all select 'account', id, to_jsonb(a) from public.accounts a where ledger_id = $1
union all select 'tag', id, to_jsonb(t) from public.tags t where ledger_id = $1
"""
_WRONG = {
    "daily totals": """
        select day, category_id, currency, kind, sum(amount), sum(entries) from (
          select day, category_id, currency, kind, amount, entries
          from public.daily_totals where ledger_id = $1
          union all
          select date, coalesce(category_id, '00000000-0000-0000-0000-000000000000'), currency,
            case when refund_of is null then kind else 'refund' end, -amount, -1
          from public.expenses where ledger_id = $1 and deleted_at is null) cells
        group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(entries) <> 0""",
    "monthly totals": """
        select month, category_id, currency, kind, sum(amount), sum(entries) from (
          select month, category_id, currency, kind, amount, entries
          from public.monthly_totals where ledger_id = $1
          union all
          select public.month_of(e.date, l.first_day_of_month),
            coalesce(e.category_id, '00000000-0000-0000-0000-000000000000'), e.currency,
            case when e.refund_of is null then e.kind else 'refund' end, -e.amount, -1
          from public.expenses e join public.ledgers l on l.id = e.ledger_id
          where e.ledger_id = $1 and e.deleted_at is null) cells
        group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(entries) <> 0""",
    "account totals": """
        select account_id, day, sum(amount), sum(entries) from (
          select account_id, day, amount, entries from public.account_totals where ledger_id = $1
          union all
          select account_id, date, case kind when 'income' then -amount else amount end, -1
          from public.expenses where ledger_id = $1 and deleted_at is null and account_id is not null
          union all
          select to_account_id, date, -to_amount, -1
          from public.expenses where ledger_id = $1 and deleted_at is null
            and to_account_id is not null) cells
        group by 1, 2 having sum(amount) <> 0 or sum(entries) <> 0""",
    "tag totals": """
        select tag_id, sum(entries) from (
          select tag_id, entries from public.tag_totals where ledger_id = $1
          union all
          select tag, -1 from public.expenses, unnest(tag_ids) as tag
          where ledger_id = $1 and deleted_at is null) cells
        group by 1 having sum(entries) <> 0""",
    "daily tag totals": """
        select tag_id, day, currency, kind, sum(amount), sum(entries) from (
          select tag_id, day, currency, kind, amount, entries
          from public.daily_tag_totals where ledger_id = $1
          union all
          select tag, date, currency, case when refund_of is null then kind else 'refund' end, -amount, -1
          from public.expenses, unnest('00000000-0000-0000-0000-000000000000'::uuid || tag_ids) as tag
          where ledger_id = $1 and deleted_at is null and tag_ids <> '{}') cells
        group by 1, 2, 3, 4 having sum(amount) <> 0 or sum(entries) <> 0""",
    "refunds": """
        select r.id from public.expenses r
        left join public.expenses t on t.ledger_id = r.ledger_id and t.id = r.refund_of
        where r.ledger_id = $1 and r.refund_of is not null and (
          t.category_id is distinct from r.category_id or (r.deleted_at is null and (
            t.deleted_at is not null or t.kind <> 'expense' or t.currency <> r.currency
            or t.amount < (select sum(amount) from public.expenses x
              where x.ledger_id = $1 and x.refund_of = t.id and x.deleted_at is null))))""",
    "tags": """
        select e.id from public.expenses e, unnest(e.tag_ids) as tag
        where e.ledger_id = $1 and not exists (select from public.tags t
          where t.ledger_id = $1 and t.id = tag)""",
    "change sets": """
        select s.seq from public.change_sets s
        left join public.change_log l on l.ledger_id = s.ledger_id and l.seq = s.seq
        where s.ledger_id = $1 group by s.ledger_id, s.seq
        having s.entities <> count(l.entity) or not (s.kinds @> array_agg(distinct l.entity)
          and s.kinds <@ array_agg(distinct l.entity))""",
}  # fmt: skip


@dataclass
class Household:
    """Rows are picked by number among all that were ever made; refusals are part of life."""

    person: Person
    pool: asyncpg.Pool
    rows: dict[str, list[str]] = field(
        default_factory=lambda: {"expenses": [], "categories": [], "accounts": [], "tags": []}
    )

    async def do(self, op: tuple[str, int, int, int]) -> None:
        name, *picks = op
        await getattr(self, name)(*picks)

    async def content(self) -> dict[tuple[str, Any], Any]:
        """Every row but its version; the time of trashing counts as a yes or no."""
        found = {}
        for row in await self.pool.fetch(_CONTENT, self.person.ledger):
            image = json.loads(row["image"])
            for moved in ("version", "updated_at"):
                image.pop(moved)
            if "deleted_at" in image:
                image["deleted_at"] = image["deleted_at"] is not None
            found[row["entity"], row["id"]] = image
        return found

    async def wrongs(self) -> dict[str, list[Any]]:
        """What the ledger's sums and rules say that its rows do not."""
        found = {}
        for what, sql in _WRONG.items():
            found[what] = [tuple(row) for row in await self.pool.fetch(sql, self.person.ledger)]
        return {what: rows for what, rows in found.items() if rows}

    async def seq(self) -> int:
        return await self.pool.fetchval(
            "select seq from public.ledger_seqs where ledger_id = $1", self.person.ledger
        )

    async def take_back(self, seq: int, *force: str) -> Any:
        """Undo answers with what it did, or that nothing is left to do: never with a broken rule."""
        answer = await self.call("POST", f"/changes/{seq}/undo", json={"force": force})
        assert answer.status_code in {200, 409}, answer.text
        if answer.status_code == 409:
            assert answer.json()["detail"].startswith(("It was undone already", "Nothing is left"))
        return answer

    async def call(self, method: str, path: str, **more: Any) -> Any:
        answer = await self.person.call(method, HOME + path, headers=ANY, **more)
        assert answer.status_code < 500, answer.text
        return answer

    async def add(self, what: str, **body: Any) -> None:
        id = str(uuid4())
        self.rows[what].append(id)
        answer = await self.person.call("PUT", f"{HOME}/{what}/{id}", json=body, headers=CREATE)
        assert answer.status_code < 500, answer.text

    def pick(self, what: str, number: int) -> str:
        rows = self.rows[what]
        return rows[number % len(rows)] if rows else str(uuid4())

    def maybe(self, what: str, number: int) -> str | None:
        """One of the latest three, or none."""
        rows = self.rows[what][-3:]
        return rows[number % 4] if number % 4 < len(rows) else None

    async def spend(self, a: int, b: int, c: int) -> None:
        tag = self.maybe("tags", c)
        await self.add(
            "expenses", amount=f"{a + 1}", date=DATES[b % 3], category_id=self.maybe("categories", b),
            account_id=self.maybe("accounts", a), tag_ids=[tag] if tag else [],
            description=NAMES[c % 4],
        )  # fmt: skip

    async def earn(self, a: int, b: int, c: int) -> None:
        await self.add(
            "expenses", kind="income", amount=f"{a + 1}", date=DATES[b % 3],
            account_id=self.maybe("accounts", c),
        )  # fmt: skip

    async def refund(self, a: int, b: int, c: int) -> None:
        await self.add(
            "expenses", kind="income", amount=f"{b % 3 + 1}", date=DATES[c % 3],
            refund_of=self.pick("expenses", a),
        )  # fmt: skip

    async def transfer(self, a: int, b: int, c: int) -> None:
        await self.add(
            "expenses", kind="transfer", amount=f"{c + 1}", date=DATES[c % 3],
            account_id=self.pick("accounts", a), to_account_id=self.pick("accounts", b),
        )  # fmt: skip

    async def edit(self, a: int, b: int, c: int) -> None:
        tag = self.maybe("tags", c)
        body = [
            {"amount": f"{c + 1}"}, {"date": DATES[c % 3]}, {"tag_ids": [tag] if tag else []},
            {"category_id": self.maybe("categories", c)}, {"account_id": self.maybe("accounts", c)},
            {"kind": "income", "refund_of": self.pick("expenses", c)},
        ][b]  # fmt: skip
        await self.call("PATCH", f"/expenses/{self.pick('expenses', a)}", json=body)

    async def trash(self, a: int, b: int, c: int) -> None:
        await self.call("DELETE", f"/expenses/{self.pick('expenses', a)}")

    async def restore(self, a: int, b: int, c: int) -> None:
        await self.call("POST", f"/expenses/{self.pick('expenses', a)}/restore")

    async def purge(self, a: int, b: int, c: int) -> None:
        await self.call("DELETE", f"/expenses/{self.pick('expenses', a)}", params={"purge": "true"})

    async def bulk(self, a: int, **body: Any) -> None:
        await self.call(
            "POST",
            "/expenses/bulk",
            json={"ids": sorted({*self.rows["expenses"][a % 3 :]}), **body},
        )

    async def bulk_category(self, a: int, b: int, c: int) -> None:
        await self.bulk(a, change={"category_id": self.maybe("categories", b)})

    async def bulk_tag(self, a: int, b: int, c: int) -> None:
        await self.bulk(a, change={}, add_tags=[self.pick("tags", b)])

    async def bulk_trash(self, a: int, b: int, c: int) -> None:
        await self.bulk(a, **{"trash" if b % 2 else "restore": True})

    async def add_category(self, a: int, b: int, c: int) -> None:
        await self.add("categories", name=NAMES[a % 4], parent_id=self.maybe("categories", b))

    async def change_category(self, a: int, b: int, c: int) -> None:
        body = [
            {"name": NAMES[c % 4]}, {"archived": c % 2 == 0},
            {"parent_id": self.maybe("categories", c)},
        ][b % 3]  # fmt: skip
        await self.call("PATCH", f"/categories/{self.pick('categories', a)}", json=body)

    async def remove_category(self, a: int, b: int, c: int) -> None:
        await self.call("DELETE", f"/categories/{self.pick('categories', a)}")

    async def merge_category(self, a: int, b: int, c: int) -> None:
        path = f"/categories/{self.pick('categories', a)}/merge"
        await self.call("POST", path, json={"into": self.pick("categories", b)})

    async def add_account(self, a: int, b: int, c: int) -> None:
        await self.add("accounts", name=NAMES[a % 4], opening_balance=str(b - 2))

    async def change_account(self, a: int, b: int, c: int) -> None:
        body = [{"name": NAMES[c % 4]}, {"archived": c % 2 == 0}, {"opening_balance": str(c)}][
            b % 3
        ]
        await self.call("PATCH", f"/accounts/{self.pick('accounts', a)}", json=body)

    async def remove_account(self, a: int, b: int, c: int) -> None:
        await self.call("DELETE", f"/accounts/{self.pick('accounts', a)}")

    async def add_tag(self, a: int, b: int, c: int) -> None:
        await self.add("tags", name=NAMES[a % 4])

    async def rename_tag(self, a: int, b: int, c: int) -> None:
        await self.call("PATCH", f"/tags/{self.pick('tags', a)}", json={"name": NAMES[c % 4]})

    async def remove_tag(self, a: int, b: int, c: int) -> None:
        await self.call("DELETE", f"/tags/{self.pick('tags', a)}")

    async def merge_tag(self, a: int, b: int, c: int) -> None:
        path = f"/tags/{self.pick('tags', a)}/merge"
        await self.call("POST", path, json={"into": self.pick("tags", b)})

    async def undo(self, a: int, b: int, c: int) -> None:
        await self.take_back(max(3, await self.seq() - a))

    async def force(self, a: int, b: int, c: int) -> None:
        """Undo with every conflict forced."""
        seq = max(3, await self.seq() - a)
        answer = await self.take_back(seq)
        if answer.status_code == 200 and answer.json()["conflicts"]:
            names = [f"{c['entity']}/{c['id']}" for c in answer.json()["conflicts"]]
            await self.take_back(seq, *names)
