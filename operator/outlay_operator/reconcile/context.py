"""What every reconcile works with."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from msgspec import UnsetType

from outlay_operator import kinds
from outlay_operator.api import Api
from outlay_operator.book import Book
from outlay_operator.kinds import Kind
from outlay_operator.labels import JOB_NAME
from outlay_operator.model.parts import Database, JobOptions
from outlay_operator.queue import Key, Queue
from outlay_operator.settings import Release, Settings

Object = dict[str, Any]
T = TypeVar("T")


class RefusedError(Exception):
    """It cannot be done as it is written; `reason` is one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(slots=True)
class Context:
    """The cluster, the settings, and what is remembered between two looks."""

    api: Api
    settings: Settings
    book: Book = field(default_factory=Book)
    queue: Queue | None = None

    def wake(self, kind: Kind, namespace: str, name: str, delay: float = 0.0) -> None:
        if self.queue is not None:
            self.queue.add(Key(kind.name, namespace, name), delay)

    async def pods_of(self, namespace: str, job: str) -> list[Object]:
        return await self.api.all(kinds.PODS, namespace, f"{JOB_NAME}={job}")

    def database(self, given: Database | UnsetType, namespace: str) -> Database:
        """Return the database that is meant; RefusedError where none is named and none is known."""
        if not isinstance(given, UnsetType):
            return given
        release = self.settings.release
        if (
            isinstance(release, Release)
            and release.namespace == namespace
            and isinstance(release.database, Database)
        ):
            return release.database
        raise RefusedError(
            "DatabaseUnknown",
            "Name the database (spec.database): this namespace is not that of an Outlay whose"
            " database the operator knows.",
        )

    def refuse_account(self, options: JobOptions | UnsetType) -> None:
        """Nobody gets the rights of a service account by writing its name into a schedule."""
        if isinstance(options, UnsetType) or not options.service_account_name:
            return
        allowed = {self.settings.service_account, *self.settings.allowed_service_accounts}
        if options.service_account_name not in allowed:
            raise RefusedError(
                "ServiceAccountNotAllowed",
                f"The service account {options.service_account_name} is not among those that the"
                " operator allows (operator.allowedServiceAccounts).",
            )


def spec_of(found: Object, kind: type[T]) -> T:
    return msgspec.convert(found["spec"], kind)


def status_of(found: Object, kind: type[T]) -> T:
    return msgspec.convert(found.get("status") or {}, kind)


def owned(found: Object, owner: Object) -> bool:
    """Tell whether an object was made for another one: what was not is never touched."""
    uid = owner["metadata"]["uid"]
    return any(each["uid"] == uid for each in found["metadata"].get("ownerReferences", ()))


async def keep_status(api: Api, kind: Kind, found: Object, status: msgspec.Struct) -> bool:
    """Write a status that differs from what is there; tell whether it did."""
    # As the API server gives it back: lists, and what is UNSET left out.
    wanted = msgspec.json.decode(msgspec.json.encode(status))
    if wanted == (found.get("status") or {}):
        return False
    meta = found["metadata"]
    # The UID keeps one of the same name that was made meanwhile from getting it.
    made = {"metadata": {"name": meta["name"], "uid": meta["uid"]}, "status": wanted}
    await api.apply(kind, meta["namespace"], made, status=True)
    return True
