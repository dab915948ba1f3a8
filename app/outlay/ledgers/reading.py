"""A ledger as the API shows it, for features that make one."""

from uuid import UUID

from outlay.access import Call
from outlay.errors import NotFound
from outlay.ledgers import rules, store
from outlay.ledgers.model import Ledger


async def ledger_of(call: Call, ledger: UUID) -> Ledger:
    """Raises NotFound unless the caller is a member."""
    row = await store.get(call.db, call.caller.user_id, ledger)
    if row is None:
        raise NotFound("There is no such ledger")
    return rules.to_api(row, call.epoch)
