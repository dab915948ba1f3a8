"""The demo household written down: a ledger, and one statement for each kind of its rows."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

import msgspec

from outlay.db import Connection
from outlay.demo import store
from outlay.demo.model import AccountName, DemoRow, Household
from outlay.errors import Conflict
from outlay.expenses import bulk
from outlay.expenses.bulk import New
from outlay.expenses.model import ExpenseRow
from outlay.ids import uuid7
from outlay.ledgers.defaults import default_categories
from outlay.ledgers.making import make_ledger
from outlay.ledgers.membership import refuse_one_more
from outlay.ledgers.model import LedgerRow

SEED: Final = 1


class Names(msgspec.Struct, frozen=True):
    """The ids of what rows name."""

    categories: Mapping[str, UUID]
    accounts: Mapping[AccountName, UUID]
    tags: Mapping[str, UUID]
    purchases: Mapping[str, UUID]


async def make_demo(
    db: Connection, ledger: UUID, row: LedgerRow, made: Household, *, owner: UUID, context: str
) -> None:
    """Make it inside the caller's transaction, as one change set; `context` is for begin_write().

    Raises Conflict for a person who owns a demo ledger, or has too many ledgers.
    """
    # The person is locked before the question, so that of two requests at once the second sees it.
    await refuse_one_more(db, owner)
    if await store.owned_demo(db, owner) is not None:
        raise Conflict("You have a demo ledger already; delete it to make a new one")
    categories = list(default_categories())
    await make_ledger(
        db, ledger, row, owner=owner, context=context, categories=categories, is_demo=True
    )
    names = Names(
        {category.name: category.id for category in categories if category.parent_id is not None},
        {account.key: uuid7() for account in made.accounts},
        {tag: uuid7() for tag in made.tags},
        {each.purchase: uuid7() for each in made.rows if each.purchase},
    )
    await store.insert_accounts(db, ledger, names.accounts, made.accounts)
    await store.insert_tags(db, ledger, names.tags)
    await bulk.insert(db, ledger, context, list(_rows(made, names)), owner)


def _rows(made: Household, names: Names) -> Iterator[New]:
    ids = [uuid7() for _ in made.rows]
    for id_, row in zip(ids, made.rows, strict=True):
        refunded = None if row.refund_of is None else ids[row.refund_of]
        yield New(id_, _expense(row, names, refunded))


def _expense(row: DemoRow, names: Names, refunded: UUID | None) -> ExpenseRow:
    return ExpenseRow(
        kind=row.kind,
        date=row.date,
        amount=row.amount,
        currency=row.currency,
        description=row.description,
        note=row.note,
        category_id=names.categories[row.category] if row.category else None,
        tag_ids=tuple(names.tags[tag] for tag in row.tags),
        account_id=names.accounts[row.account],
        to_account_id=names.accounts[row.to_account] if row.to_account else None,
        to_amount=row.to_amount,
        to_currency=row.to_currency,
        purchase_id=names.purchases[row.purchase] if row.purchase else None,
        refund_of=refunded,
        reference="",
        source="demo",
    )
