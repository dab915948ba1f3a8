"""What arrives with a transfer: as much as leaves, or said where the currencies differ."""

from typing import Any

from outlay.cli.errors import CommandError
from outlay.cli.names import Names
from outlay.cli.typed import typed_amount

Fields = dict[str, Any]


def arrival(names: Names, transfer: Fields, typed: str | None) -> Fields:
    """Return `to_amount` and `to_currency` of a new transfer, nothing for another kind.

    Raises CommandError where the currencies differ and nobody said how much arrives.
    """
    if transfer.get("to_account_id") is None:
        if typed:
            raise CommandError("Say with --to which account the money goes to")
        return {}
    there = _currency(names, transfer["to_account_id"])
    here = transfer.get("currency") or _currency(names, transfer.get("account_id"))
    if typed:
        return {"to_amount": typed_amount(typed), "to_currency": there}
    if here and there and here != there:
        raise CommandError(
            f"{here} leaves and {there} arrives: say how much arrives with --to-amount"
        )
    return {}


def new_arrival(names: Names, row: Fields, patch: Fields, typed: str | None) -> Fields:
    """Return the fields by which the arrival of a changed transfer changes.

    Within one currency as much arrives as leaves, unless less did before. Where the currencies
    differ only `typed` changes what arrives.
    """
    after = row | patch
    if after["kind"] != "transfer":
        if typed:
            raise CommandError("Only a transfer has --to-amount")
        return {}
    if typed:
        return arrival(names, after, typed)
    there = _currency(names, after["to_account_id"])
    if not patch or there is None or (there == row["to_currency"] and not _is_even(row, after)):
        return {}
    if there == after["currency"]:
        return {"to_amount": after["amount"], "to_currency": there}
    return arrival(names, after, None)


def _is_even(row: Fields, after: Fields) -> bool:
    """Whether as much arrives as leaves: as before, or for now being of one currency."""
    if row["currency"] != row["to_currency"]:
        return bool(after["currency"] == row["to_currency"])
    return bool(after["currency"] != row["currency"] or row["amount"] == row["to_amount"])


def _currency(names: Names, account: str | None) -> str | None:
    code = names.accounts.get(account or "", {}).get("currency")
    return None if code is None else str(code)
