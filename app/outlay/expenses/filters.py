"""Which expenses are meant: one filter for the list, the sums, bulk changes and exports."""

import datetime as dt
import re
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from outlay.errors import FieldError, InvalidInput
from outlay.expenses.model import FIRST_DATE, LAST_DATE, Kind
from outlay.money.rules import MoneyError, exponent, parse_signed
from outlay.texts import check_text

NONE: Final = "none"
MAX_QUERY: Final = 200


class Filter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"from_": "from"}
):
    """What all wanted expenses have in common; nothing given means every live expense.

    `min` and `max` are decimal amounts of `currency`; `category` and `tag` also take "none".
    """

    from_: Annotated[dt.date | None, Meta(description="First date")] = None
    to: Annotated[dt.date | None, Meta(description="Last date, included")] = None
    category: Annotated[
        str | None, Meta(description="Category with those under it, or none for uncategorised rows")
    ] = None
    account: Annotated[UUID | None, Meta(description="Account paid from or to")] = None
    tag: Annotated[str | None, Meta(description="Tag, or none")] = None
    kind: Annotated[Kind | None, Meta(description="expense, income or transfer")] = None
    currency: Annotated[str | None, Meta(description="ISO 4217 code")] = None
    min: Annotated[str | None, Meta(description="Least amount; wants currency")] = None
    max: Annotated[str | None, Meta(description="Largest amount; wants currency")] = None
    q: Annotated[str | None, Meta(description="Words of description and note")] = None
    purchase: Annotated[UUID | None, Meta(description="Parts of one split purchase")] = None
    import_id: Annotated[UUID | None, Meta(description="Rows of one import")] = None
    trashed: Annotated[bool, Meta(description="The trash instead of the ledger")] = False

    @property
    def from_rollup(self) -> bool:
        """Whether the daily totals can answer for it."""
        return self.tag is None and self._is_of_totals

    @property
    def from_tag_totals(self) -> bool:
        """Whether the daily totals of its one tag can answer for it."""
        return self.tag_id is not None and self.category is None and self._is_of_totals

    @property
    def _is_of_totals(self) -> bool:
        others = (self.account, self.min, self.max, self.q, self.purchase, self.import_id)
        return not self.trashed and all(value is None for value in others)

    @property
    def is_inverted(self) -> bool:
        """Whether it asks for words or tags, which have no order by date."""
        return self.q is not None or self.tag_id is not None

    @property
    def category_id(self) -> UUID | None:
        return None if self.category in {None, NONE} else UUID(self.category)

    @property
    def tag_id(self) -> UUID | None:
        return None if self.tag in {None, NONE} else UUID(self.tag)


_ID: Final = re.compile(r"none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def checked(given: Filter, at: str = "") -> Filter:
    """The filter itself, or InvalidInput with every mistake in it."""
    errors: list[FieldError] = []
    if given.from_ and given.to and given.from_ > given.to:
        errors.append(FieldError(f"{at}/from", "The first date is after the last"))
    errors += [
        FieldError(f"{at}/{name}", "Dates run from 1900-01-01 to 2200-12-31")
        for name, date in (("from", given.from_), ("to", given.to))
        if date is not None and not FIRST_DATE <= date <= LAST_DATE
    ]
    errors += [
        FieldError(f"{at}/{name}", "Give an id, or none")
        for name, text in (("category", given.category), ("tag", given.tag))
        if text is not None and not _ID.fullmatch(text)
    ]
    if given.currency is not None:
        errors += _money(given, at)
    elif given.min is not None or given.max is not None:
        errors.append(FieldError(f"{at}/currency", "Amounts compare within one currency; name it"))
    if given.q is not None:
        errors += check_text(f"{at}/q", given.q, most=MAX_QUERY)
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return given


def _money(given: Filter, at: str) -> list[FieldError]:
    try:
        exponent(given.currency or "")
    except MoneyError as error:
        return [FieldError(f"{at}/currency", str(error))]
    errors = []
    for name, text in (("min", given.min), ("max", given.max)):
        try:
            parse_signed("0" if text is None else text, given.currency or "")
        except MoneyError as error:
            errors.append(FieldError(f"{at}/{name}", str(error)))
    return errors


class Where:
    """SQL conditions on `public.expenses e` with their parameters; $1 is the ledger."""

    def __init__(self, ledger: UUID, params: list[Any] | None = None) -> None:
        self.params: list[Any] = [ledger] if params is None else params
        self.parts = ["e.ledger_id = $1"]

    def param(self, value: Any) -> str:
        self.params.append(value)
        return f"${len(self.params)}"

    def add(self, condition: str, *values: Any) -> None:
        """Add a condition; each `{}` in it becomes a parameter."""
        self.parts.append(condition.format(*(self.param(value) for value in values)))

    def copy(self) -> "Where":
        other = Where(self.params[0])
        other.params, other.parts = list(self.params), list(self.parts)
        return other

    @property
    def sql(self) -> str:
        return " and ".join(self.parts)


CHILDREN: Final = "(select c.id from public.categories c where c.ledger_id = $1 and (c.id = {0} or c.parent_id = {0}))"


def plain_where(
    ledger: UUID,
    wanted: Filter,
    *,
    category: bool = True,
    account: bool = True,
    params: list[Any] | None = None,
) -> Where:
    """Every condition but words and tags; `category` and `account` leave theirs to the caller.

    `params` are those of another part of the same statement, to be shared with it.
    """
    where = Where(ledger, params)
    where.add("e.deleted_at is not null" if wanted.trashed else "e.deleted_at is null")
    if wanted.from_:
        where.add("e.date >= {}", wanted.from_)
    if wanted.to:
        where.add("e.date <= {}", wanted.to)
    if wanted.kind:
        where.add(f"e.kind = '{wanted.kind}'")
    _add_money(where, wanted)
    if wanted.purchase:
        where.add("e.purchase_id = {}", wanted.purchase)
    if wanted.import_id:
        where.add("e.import_id = {}", wanted.import_id)
    if wanted.tag == NONE:
        where.add("e.tag_ids = '{{}}'")
    if category:
        _add_category(where, wanted)
    if wanted.account and account:
        where.add("(e.account_id = {0} or e.to_account_id = {0})", wanted.account)
    return where


def _add_money(where: Where, wanted: Filter) -> None:
    if wanted.currency is None:
        return
    where.add("e.currency = {}", wanted.currency)
    for text, comparison in ((wanted.min, ">="), (wanted.max, "<=")):
        if text is not None:
            where.add(f"e.amount {comparison} {{}}", parse_signed(text, wanted.currency))


def _add_category(where: Where, wanted: Filter) -> None:
    if wanted.category == NONE:
        where.add("e.category_id is null and e.kind <> 'transfer'")
    elif wanted.category_id:
        where.add(f"e.category_id in {CHILDREN}", wanted.category_id)


def inverted(where: Where, wanted: Filter, words: str | None) -> str:
    """The conditions on words (a tsquery text, None for no search) and tags, as SQL."""
    parts = []
    if words is not None:
        parts.append(f"e.search @@ {where.param(words)}::tsquery")
    if wanted.tag_id:
        # The index holds tagged rows only, and the planner wants to be told that these are.
        tag = where.param(wanted.tag_id)
        parts.append(f"e.tag_ids @> array[{tag}::uuid] and e.tag_ids <> '{{}}'")
    return " and ".join(parts) or "true"


def full_where(ledger: UUID, wanted: Filter, words: str | None) -> Where:
    """Every condition of the filter."""
    where = plain_where(ledger, wanted)
    if wanted.is_inverted:
        where.parts.append(inverted(where, wanted, words))
    return where
