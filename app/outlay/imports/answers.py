"""What the API says of imports and profiles, and what it is told."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from outlay.imports.detect.notices import Notice
from outlay.imports.layout import Layout

Verdict: TypeAlias = Literal["new", "duplicate", "error", "skipped"]
Status: TypeAlias = Literal["preview", "committed", "reverted"]

if TYPE_CHECKING:
    LayoutChange: TypeAlias = Layout
else:
    LayoutChange = msgspec.defstruct(
        "LayoutChange",
        [(field.name, field.type | UnsetType, UNSET) for field in msgspec.structs.fields(Layout)],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
        module=__name__,
    )
    LayoutChange.__doc__ = "The fields of a layout to set; what is left out stays as it is."


def set_fields(change: msgspec.Struct) -> dict[str, Any]:
    """The fields that were given."""
    values = ((name, getattr(change, name)) for name in change.__struct_fields__)
    return {name: value for name, value in values if value is not UNSET}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What detection said of the file.

    `confidence` is from 0 to 1 for each field of the layout that was decided; `rows` are the first
    ones as they stand in the file, `preamble` the lines above the header.
    """

    confidence: dict[str, float] = {}
    notices: tuple[Notice, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    preamble: tuple[str, ...] = ()


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    new: int = 0
    duplicate: int = 0
    error: int = 0
    skipped: int = 0


class ImportSums(msgspec.Struct, frozen=True):
    """What a commit would add in one currency, as decimal text."""

    currency: str
    spent: str
    income: str
    count: int


class Named(msgspec.Struct, frozen=True):
    """A name in the file, how many rows have it, and what in the ledger it is; null for nothing."""

    name: str
    kind: str
    count: int
    id: UUID | None


class ProfileName(msgspec.Struct, frozen=True):
    id: UUID
    name: str


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """One uploaded file. `selected` rows would be (or were) added; a preview ends at `expires_at`.

    `seq` is the change set of the commit, `revert_seq` that of the revert.
    """

    id: UUID
    name: str
    status: Status
    bytes: int
    counts: Counts
    selected: int
    sums: list[ImportSums]
    first_date: dt.date | None
    last_date: dt.date | None
    account_id: UUID | None
    category_id: UUID | None
    profile: ProfileName | None
    version: int
    etag: str
    created_by: UUID
    created_at: dt.datetime
    expires_at: dt.datetime | None
    committed_at: dt.datetime | None
    committed_by: UUID | None
    seq: int | None
    revert_seq: int | None


class ImportDetail(Import, frozen=True, kw_only=True):
    """With the layout, what detection said, and the names that the file uses (the 200 commonest)."""

    layout: Layout
    found: Found
    categories: list[Named]
    accounts: list[Named]
    tags: list[Named]


class Imports(msgspec.Struct, frozen=True):
    """Newest first; `next` is what `before` takes for the following page."""

    items: list[Import]
    next: UUID | None


class StagedExpense(msgspec.Struct, frozen=True, kw_only=True):
    """The expense that a row becomes, under the id that it gets."""

    id: UUID
    date: dt.date
    kind: Literal["expense", "income"]
    amount: str
    currency: str
    description: str
    note: str
    category_id: UUID | None
    category_name: str
    account_id: UUID | None
    account_name: str
    tags: list[str]
    reference: str


class Original(msgspec.Struct, frozen=True):
    """The row of the ledger that a row of the file repeats, as it is now; purged ones are gone."""

    id: UUID
    state: Literal["live", "trashed", "gone"]
    date: dt.date | None
    description: str


class RowProblem(msgspec.Struct, frozen=True):
    """`column` is its header's name, or empty; `expected` says what would be right."""

    code: str
    column: str
    message: str
    expected: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file; `line` counts physical lines from 1.

    `include` is what somebody chose, null for "as the verdict says"; `selected` what follows.
    `chosen_category` likewise: null for what the file and the import's default say.
    """

    line: int
    verdict: Verdict
    include: bool | None
    selected: bool
    chosen_category: UUID | None
    expense: StagedExpense | None
    duplicate_of: Original | None
    why: str
    problem: RowProblem | None


class Rows(msgspec.Struct, frozen=True):
    """In the order of the file; `next` is what `after` takes for the following page."""

    items: list[Row]
    next: int | None


class ImportPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Defaults for rows that name no account or category that the ledger knows."""

    name: str | UnsetType = UNSET
    account_id: UUID | None | UnsetType = UNSET
    category_id: UUID | None | UnsetType = UNSET


class RowsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows by `lines`, by `verdict`, or `like` the row of a line: of its kind and description.

    `include`: true takes them in, false leaves them out, null undoes that. `category_id` files them
    there, null as the file and the import's default say.
    """

    include: bool | None | UnsetType = UNSET
    category_id: UUID | None | UnsetType = UNSET
    lines: tuple[int, ...] | None = None
    verdict: Literal["new", "duplicate"] | None = None
    like: int | None = None


class CommitInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`create_categories` makes the categories and tags that the file names and the ledger lacks."""

    create_categories: bool = False


class LeftOut(msgspec.Struct, frozen=True):
    """A row that turned out to be a duplicate after the preview was made."""

    line: int
    why: str


class Committed(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit did. Lists are cut at 100, numbers are not.

    `turned_duplicate` rows were new in the preview and are left out, `turned_new` ones the other
    way round. `uncategorised` names were not found; `ignored_tags` likewise.
    """

    id: UUID
    created: int
    counts: Counts
    excluded: int
    turned_duplicate: int
    turned_new: int
    left_out: list[LeftOut]
    created_categories: list[str]
    created_tags: list[str]
    uncategorised: list[Named]
    ignored_tags: list[Named]
    seq: int | None


class RevertInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`force` takes rows too that were changed since they were imported."""

    force: bool = False


class Kept(msgspec.Struct, frozen=True):
    id: UUID
    date: dt.date
    description: str
    version: int


class Reverted(msgspec.Struct, frozen=True):
    """`trashed` rows went to the trash; `kept` ones were changed since (the list is cut at 100)."""

    id: UUID
    trashed: int
    kept_count: int
    kept: list[Kept]
    seq: int | None


class ProfileInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: str
    layout: Layout
    account_id: UUID | None = None
    category_id: UUID | None = None


class ProfileFrom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Saves the layout and the defaults of an import under a name."""

    name: str


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A named layout, used by itself on the next file that it fits."""

    id: UUID
    name: str
    layout: Layout
    account_id: UUID | None
    category_id: UUID | None
    version: int
    etag: str
    created_at: dt.datetime
    updated_at: dt.datetime


class Profiles(msgspec.Struct, frozen=True):
    """All of them, at most a hundred, by name."""

    items: list[Profile]
