"""What makes a category right, and what a merge or a removal means for the others."""

from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import UNSET

from outlay.categories.model import (
    Category,
    CategoryInput,
    CategoryPatch,
    CategoryRow,
    CountedCategory,
)
from outlay.errors import Conflict, FieldError, InvalidInput
from outlay.etags import etag
from outlay.rows import Row
from outlay.texts import check_text

MOST_CATEGORIES: Final = 1000
MOST_POSITION: Final = 1_000_000


class MergePlan(NamedTuple):
    """`merged` maps each category that goes to the one that takes its expenses."""

    merged: dict[UUID, UUID]
    moved: list[UUID]


def check(given: CategoryInput, parent: Row | None) -> CategoryRow:
    """Turn what a person said into a row; raises InvalidInput with every mistake.

    `parent` is the row that `parent_id` names, None if there is none of that id.
    """
    errors = check_text("/name", given.name, most=100, least=1)
    errors += check_text("/icon", given.icon, most=16)
    if not 0 <= given.hue <= 7:
        errors.append(FieldError("/hue", "Colours are numbered 0 to 7"))
    if not 0 <= given.position <= MOST_POSITION:
        errors.append(FieldError("/position", f"Give a whole number from 0 to {MOST_POSITION}"))
    kind = given.kind or (parent["kind"] if parent else "expense")
    if given.parent_id is not None and parent is None:
        errors.append(FieldError("/parent_id", "This ledger has no such category"))
    elif parent is not None and parent["kind"] != kind:
        errors.append(FieldError("/kind", "A sub-category is of its parent's kind"))
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return CategoryRow(
        name=given.name.strip(),
        kind=kind,
        parent_id=given.parent_id,
        hue=given.hue,
        icon=given.icon,
        position=given.position,
    )


def patched(current: Row, patch: CategoryPatch) -> CategoryInput:
    """The category that a patch asks for, ready to be checked like any other."""
    names = CategoryRow.__struct_fields__
    changes = {name: value for name in names if (value := getattr(patch, name)) is not UNSET}
    return CategoryInput(**{**{name: current[name] for name in names}, **changes})


def row_of(record: Row) -> CategoryRow:
    return CategoryRow(**{name: record[name] for name in CategoryRow.__struct_fields__})


def to_api(record: Row, epoch: str) -> Category:
    """A row of the database, or its image in the change log, as the API shows it."""
    return Category(**_fields(record, epoch))


def counted(record: Row, epoch: str) -> CountedCategory:
    """The same with the number of its expenses, from a row that has it."""
    return CountedCategory(**_fields(record, epoch), entries=record["entries"])


def _fields(record: Row, epoch: str) -> dict[str, Any]:
    names = set(Category.__struct_fields__) - {"etag", "archived"}
    return {
        **{name: record[name] for name in names},
        "archived": record["archived_at"] is not None,
        "etag": etag(epoch, record["version"]),
    }


def in_tree_order(categories: Iterable[CountedCategory]) -> list[CountedCategory]:
    """Expense before income, each parent followed by its own, by position and name."""
    rows = sorted(categories, key=lambda c: (c.position, c.name.casefold(), c.id))
    tops = sorted((c for c in rows if c.parent_id is None), key=lambda c: c.kind)
    children: dict[UUID, list[CountedCategory]] = {}
    for row in rows:
        if row.parent_id is not None:
            children.setdefault(row.parent_id, []).append(row)
    return [row for top in tops for row in (top, *children.get(top.id, ()))]


def check_kind_change(current: Row, row: CategoryRow, others: Collection[Row]) -> None:
    """Sub-categories keep their parent from changing its kind; raises InvalidInput."""
    if row.kind != current["kind"] and any(c["parent_id"] == current["id"] for c in others):
        raise InvalidInput.field("/kind", "Its sub-categories are of this kind; move them first")


def check_removal(removed: Row, others: Collection[Row]) -> None:
    """Raises Conflict when a sub-category, moving up a level, would meet its own name there."""
    top = {(c["kind"], _name(c)) for c in others if c["parent_id"] is None and _is_live(c)}
    top.discard((removed["kind"], _name(removed)))
    for child in others:
        if (
            child["parent_id"] == removed["id"]
            and _is_live(child)
            and (child["kind"], _name(child)) in top
        ):
            raise Conflict(
                f"Its sub-category {child['name']} would meet another of that name one level up; "
                "rename or merge it first"
            )


def merge_plan(source: Row, into: Row, others: Collection[Row]) -> MergePlan:
    """What merging `source` into `into` does to them and to the sub-categories of `source`.

    A sub-category whose name `into` has below it too is merged with that one; the rest move.
    Raises InvalidInput where the two do not fit.
    """
    _check_fit(source, into)
    theirs = {_name(c): c["id"] for c in others if c["parent_id"] == into["id"] and _is_live(c)}
    plan = MergePlan({source["id"]: into["id"]}, [])
    for child in (c for c in others if c["parent_id"] == source["id"]):
        if into["parent_id"] is not None:
            raise InvalidInput.field(
                "/into", "It has sub-categories, which cannot lie under a sub-category"
            )
        twin = theirs.get(_name(child)) if _is_live(child) else None
        if twin is None:
            plan.moved.append(child["id"])
        else:
            plan.merged[child["id"]] = twin
    return plan


def _check_fit(source: Row, into: Row) -> None:
    if source["id"] == into["id"]:
        raise InvalidInput.field("/into", "A category cannot be merged into itself")
    if source["kind"] != into["kind"]:
        raise InvalidInput.field("/into", "One is for what is spent, the other for what comes in")
    if not _is_live(into):
        raise InvalidInput.field("/into", "It is archived; take it out of the archive first")


def _name(record: Row) -> str:
    return str(record["name"]).lower()


def _is_live(record: Row) -> bool:
    return record["archived_at"] is None
