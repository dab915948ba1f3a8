"""A tag as the API speaks it: a word that any number of expenses may carry."""

import datetime as dt
from uuid import UUID

import msgspec

from outlay.writing import Done


class TagInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class TagPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """`etag` is what If-Match takes."""

    id: UUID
    name: str
    version: int
    etag: str
    created_at: dt.datetime
    updated_at: dt.datetime


class CountedTag(Tag, frozen=True, kw_only=True):
    """`entries` counts the expenses outside the trash that carry it."""

    entries: int


class Tags(msgspec.Struct, frozen=True):
    """All of them, at most two thousand, by name."""

    items: list[CountedTag]


class TagMergeInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`into` is the tag that stays."""

    into: UUID


class TagMergeDone(Done, frozen=True):
    """The merged tag is gone until its change set is undone; `into` is the one that stays."""

    into: CountedTag
