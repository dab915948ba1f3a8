"""How many of something heavy may run at once in this process."""

from collections.abc import Iterator
from contextlib import contextmanager

from outlay.errors import Unavailable


class Slots:
    """A number of places; whoever finds none is told to come back."""

    def __init__(self, most: int, sentence: str, *, retry_seconds: int = 10) -> None:
        self.most = most
        self.used = 0
        self._sentence = sentence
        self._retry = str(retry_seconds)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raises Unavailable when all are taken."""
        if self.used >= self.most:
            raise Unavailable(self._sentence, headers={"Retry-After": self._retry})
        self.used += 1
        try:
            yield
        finally:
            self.used -= 1
