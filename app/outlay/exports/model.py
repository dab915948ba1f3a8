"""How bytes flow from what makes them to what sends them."""

from collections.abc import Callable, Coroutine
from typing import Any

Write = Callable[[bytes], Coroutine[Any, Any, None]]
"""Takes a piece and returns when there is room for the next."""
Produce = Callable[[Write], Coroutine[Any, Any, None]]
"""Makes all pieces, one after the other."""
