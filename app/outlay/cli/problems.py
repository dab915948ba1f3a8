"""What a refusing answer of the service means at the command line."""

from typing import Any, Final

import msgspec

from outlay.cli.errors import (
    CommandError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    UnreachableError,
)

_KINDS: Final[dict[int, type[CommandError]]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
    429: UnreachableError,
    502: UnreachableError,
    503: UnreachableError,
    504: UnreachableError,
}


class FieldProblem(msgspec.Struct, frozen=True):
    pointer: str = ""
    detail: str = ""


class ProblemBody(msgspec.Struct, frozen=True):
    """The parts of `application/problem+json` that a person is told."""

    title: str = ""
    detail: str = ""
    errors: list[FieldProblem] = []


def refusal(status: int, body: bytes) -> CommandError:
    """The error that tells a person what the service refused, and where."""
    kind = _KINDS.get(status, CommandError)
    try:
        problem = msgspec.json.decode(body, type=ProblemBody)
    except msgspec.DecodeError:
        return kind(f"The service answered with status {status} and no explanation")
    return kind("\n".join([problem.detail or problem.title, *_places(problem)]))


def _places(problem: ProblemBody) -> list[str]:
    """A line for each field; none when the only one would repeat the sentence."""
    lines = [
        f"  {in_words(each.pointer)}: {each.detail}" for each in problem.errors if each.pointer
    ]
    if len(lines) == 1 and problem.errors[0].detail == problem.detail:
        return [f"  (in {in_words(problem.errors[0].pointer)})"]
    return lines


def in_words(pointer: str) -> str:
    """Turn /create/3/category_id into "create, row 4, category id"."""
    words: list[Any] = []
    for part in pointer.strip("/").split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        words.append(f"row {int(step) + 1}" if step.isdigit() else step.replace("_", " "))
    return ", ".join(words)
