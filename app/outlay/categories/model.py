"""A category as the API speaks it: two levels, for what is spent or for what comes in."""

import datetime as dt
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from outlay.writing import Done

CategoryKind = Literal["expense", "income"]


class CategoryInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a new category is to be.

    `kind` defaults to the parent's, then to expense; `hue` is one of eight colours (0 to 7); lists
    are sorted by `position`, then by name.
    """

    name: str
    kind: CategoryKind | None = None
    parent_id: UUID | None = None
    hue: int = 0
    icon: str = ""
    position: int = 0


class CategoryPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The fields to change; what is left out stays. An archived category keeps its expenses."""

    name: str | UnsetType = UNSET
    kind: CategoryKind | UnsetType = UNSET
    parent_id: UUID | None | UnsetType = UNSET
    hue: int | UnsetType = UNSET
    icon: str | UnsetType = UNSET
    position: int | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class CategoryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checked category as the database keeps it."""

    name: str
    kind: CategoryKind
    parent_id: UUID | None
    hue: int
    icon: str
    position: int


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """`etag` is what If-Match takes."""

    id: UUID
    parent_id: UUID | None
    name: str
    kind: CategoryKind
    hue: int
    icon: str
    position: int
    archived: bool
    archived_at: dt.datetime | None
    version: int
    etag: str
    created_at: dt.datetime
    updated_at: dt.datetime


class CountedCategory(Category, frozen=True, kw_only=True):
    """`entries` counts its own expenses outside the trash, without those of its sub-categories."""

    entries: int


class Categories(msgspec.Struct, frozen=True):
    """All of them, at most a thousand: each parent is followed by its sub-categories."""

    items: list[CountedCategory]


class MergeInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`into` is the category that stays."""

    into: UUID


class Merged(msgspec.Struct, frozen=True):
    """One category that goes: its `expenses`, and its `trashed` ones, become those of `into`."""

    id: UUID
    into: UUID
    expenses: int
    trashed: int


class MergePreview(msgspec.Struct, frozen=True):
    """What a merge would do: which categories go, and which only get `into` as their parent."""

    merged: list[Merged]
    moved: list[UUID]
    expenses: int
    trashed: int


class MergeDone(Done, frozen=True):
    """The merged category is gone until its change set is undone; `into` is the one that stays."""

    into: CountedCategory
