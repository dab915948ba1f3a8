"""A row of the database as pure rules see it."""

from typing import Any, Protocol


class Row(Protocol):
    """Whatever gives a column's value by its name."""

    def __getitem__(self, key: str, /) -> Any: ...
