"""Why an archive is refused as a whole."""

from typing import ClassVar, Final

from outlay.errors import InvalidInput

MOST_ERRORS: Final = 20
"""How many mistakes are told at once."""


class ArchiveRefused(InvalidInput):
    """What was sent is no archive, or not the archive that was written."""

    type: ClassVar[str] = "archive-refused"
    title: ClassVar[str] = "This archive cannot be imported"
