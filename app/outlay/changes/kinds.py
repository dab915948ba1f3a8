"""The kinds of rows that undo can write, in the order in which they lean on each other."""

from typing import Final, NamedTuple

from outlay.changes.model import Entity


class Kind(NamedTuple):
    """`columns` are those that a before-image gives back; `kept` those that only a new row takes."""

    entity: Entity
    table: str
    key: str
    columns: tuple[str, ...]
    kept: tuple[str, ...] = ("created_at",)

    @property
    def now(self) -> str:
        """Joins row `t` as it is now to line `l` of the log; `t.whole` is all of it.

        Each is looked up by its key, whatever the planner thinks: of rows that came a moment ago it
        has no statistics, takes them for one, and would read the whole ledger for each.
        """
        own = "" if self.entity == "ledger" else "x.ledger_id = l.ledger_id and "
        key = "l.ledger_id" if self.entity == "ledger" else "l.entity_id"
        return (
            f"left join lateral (select x.*, x as whole from {self.table} x"
            f" where {own}x.{self.key} = {key} offset 0) t on true"
        )

    @property
    def image(self) -> str:
        """The JSON that the log keeps of row `t`."""
        return f"{'public.expense_json' if self.entity == 'expense' else 'to_jsonb'}(t.whole)"


LEDGER: Final = Kind(
    "ledger", "public.ledgers", "id",
    ("name", "currency", "time_zone", "first_day_of_month", "first_day_of_week"),
)  # fmt: skip
CATEGORY: Final = Kind(
    "category", "public.categories", "id",
    ("name", "kind", "parent_id", "hue", "icon", "position", "archived_at"),
)  # fmt: skip
ACCOUNT: Final = Kind(
    "account", "public.accounts", "id",
    ("name", "kind", "currency", "opening_balance", "position", "archived_at"),
)  # fmt: skip
TAG: Final = Kind("tag", "public.tags", "id", ("name",))
EXPENSE: Final = Kind(
    "expense", "public.expenses", "id",
    ("kind", "date", "amount", "currency", "description", "note", "category_id", "tag_ids",
     "account_id", "to_account_id", "to_amount", "to_currency", "purchase_id", "refund_of",
     "reference", "source", "import_id", "deleted_at"),
    ("created_at", "created_by"),
)  # fmt: skip
MEMBER: Final = Kind("member", "public.members", "user_id", ("role",))

KINDS: Final = (LEDGER, CATEGORY, ACCOUNT, TAG, EXPENSE, MEMBER)
OWNERS_ONLY: Final = frozenset({"ledger", "member"})
