"""Walk over records in the order of their amounts, a batch at a time."""

from typing import Any, Final

import asyncpg
from asyncpg.cursor import Cursor

_FETCH: Final = 2_000


class Walk:
    """Records of a cursor that is sorted by `amount`; equal amounts are never parted."""

    def __init__(self, cursor: "Cursor[asyncpg.Record]") -> None:
        self._cursor = cursor
        self._held: list[Any] = []
        self._at = 0
        self._is_over = False

    async def batch(self, least: int) -> list[Any]:
        """The next `least` records or more; none at the end."""
        found: list[Any] = []
        while len(found) < least and await self._fill():
            found += await self.up_to(self._held[self._at]["amount"])
        return found

    async def up_to(self, amount: int) -> list[Any]:
        """The next records of no more than `amount`."""
        found: list[Any] = []
        while await self._fill():
            start = self._at
            while self._at < len(self._held) and self._held[self._at]["amount"] <= amount:
                self._at += 1
            found += self._held[start : self._at]
            if self._at < len(self._held):
                break
        return found

    async def is_empty(self) -> bool:
        return not await self._fill()

    async def _fill(self) -> bool:
        if self._at == len(self._held) and not self._is_over:
            self._held, self._at = await self._cursor.fetch(_FETCH), 0
            self._is_over = not self._held
        return not self._is_over
