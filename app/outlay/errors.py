"""What can go wrong, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One mistake: a JSON pointer into the body, or a parameter's name, and what to do."""

    pointer: str
    detail: str


class Problem(Exception):
    """An answer other than the wished one; subclasses fix status, type and title."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong here"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = members

    def body(self) -> dict[str, Any]:
        return {
            "type": f"urn:outlay:problem:{self.type}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": self.errors,
            **self.members,
        }


class BadRequest(Problem):
    status = 400
    type = "bad-request"
    title = "The request cannot be read"


class InvalidInput(Problem):
    """A body or a parameter that can be read but not accepted."""

    status = 422
    type = "invalid-input"
    title = "Some of the input is not valid"

    @classmethod
    def field(cls, pointer: str, detail: str) -> "InvalidInput":
        return cls(detail, errors=[FieldError(pointer, detail)])


class Unauthenticated(Problem):
    status = 401
    type = "sign-in-needed"
    title = "Sign in first"


class Forbidden(Problem):
    status = 403
    type = "not-allowed"
    title = "You may not do this"


class NotFound(Problem):
    status = 404
    type = "not-found"
    title = "There is nothing here"


class MethodNotAllowed(Problem):
    status = 405
    type = "method-not-allowed"
    title = "This address does not take that method"


class Conflict(Problem):
    status = 409
    type = "conflict"
    title = "It clashes with what is there already"


class Stale(Problem):
    """The row changed since it was read; `current` carries it as it is now."""

    status = 412
    type = "changed-meanwhile"
    title = "It was changed meanwhile"


class TooLarge(Problem):
    status = 413
    type = "too-large"
    title = "The request is too large"


class UnsupportedMedia(Problem):
    status = 415
    type = "unsupported-media-type"
    title = "This kind of content is not taken here"


class PreconditionNeeded(Problem):
    status = 428
    type = "precondition-needed"
    title = "Say which version you change: send If-Match"


class TooManyRequests(Problem):
    status = 429
    type = "too-many-requests"
    title = "Too many tries; wait a while"


class TimedOut(Problem):
    status = 408
    type = "timed-out"
    title = "The request took too long to arrive"


class Unavailable(Problem):
    status = 503
    type = "unavailable"
    title = "The database cannot be reached just now; try again shortly"


class Overloaded(Unavailable):
    type = "overloaded"
    title = "More is asked at once than can be answered; try again shortly"
