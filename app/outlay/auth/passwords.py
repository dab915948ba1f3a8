"""Passwords as argon2id hashes, computed by a few threads that never take the whole machine."""

import asyncio
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ClassVar, Final, TypeVar

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from outlay.errors import Problem

T = TypeVar("T")

# Above the least that OWASP's password storage cheat sheet asks for argon2id (19 MiB, 2, 1): 32 MiB
# a thread keep the memory of two at once within the service's own budget.
TIME_COST: Final = 2
MEMORY_KIB: Final = 32 * 1024
THREADS: Final = 2
# Those who wait hold a request, some also a database connection: few enough for a pool of 16.
WAITING: Final = 6


class Busy(Problem):
    """More passwords to check than the threads and the queue before them take."""

    status: ClassVar[int] = 503
    type: ClassVar[str] = "busy"
    title: ClassVar[str] = "Many people sign in at this moment; try again in a second"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class Verdict(msgspec.Struct, frozen=True):
    """Whether the password is right, and its new hash where the kept one is of weaker cost."""

    right: bool
    better_hash: str | None = None


def default_hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1)


class Passwords:
    """Hashes and checks passwords; raises Busy instead of letting a queue grow.

    A tried account that does not exist, or has no password, costs the same work as one that does.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        threads: int = THREADS,
        waiting: int = WAITING,
    ) -> None:
        self._hasher = hasher or default_hasher()
        self._slots = threading.BoundedSemaphore(threads + waiting)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._decoy: Future[str] = self._threads.submit(self._hasher.hash, "nobody's password")

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return await self._run(lambda: self._hasher.hash(_bytes(password)))

    async def verify(self, kept: str | None, password: str) -> Verdict:
        """Compare with the kept hash; None stands for an account that has no password."""
        return await self._run(lambda: self._verify(kept, _bytes(password)))

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _verify(self, kept: str | None, password: bytes) -> Verdict:
        try:
            self._hasher.verify(kept or self._decoy.result(), password)
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        if kept is None:
            return Verdict(right=False)
        if self._hasher.check_needs_rehash(kept):
            return Verdict(right=True, better_hash=self._hasher.hash(password))
        return Verdict(right=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._slots.acquire(blocking=False):
            raise Busy
        future = self._threads.submit(work)
        # The slot is free when the thread is, not when a caller has given up.
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.wrap_future(future)


def _bytes(password: str) -> bytes:
    """The same characters give the same bytes, however a keyboard composes its accents."""
    return unicodedata.normalize("NFC", password).encode()
