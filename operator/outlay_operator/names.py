"""Names that follow from other names, so that the same thing is never made twice."""

import hashlib
from typing import Final

# A Job's name goes into a label of its pods.
JOB_LENGTH: Final = 63
# PostgreSQL cuts a name after 63 bytes.
_DATABASE_BYTES: Final = 63
_RESTORED: Final = "_restored"


def short(name: str, length: int) -> str:
    """Return the name, or its beginning and a hash where it is too long."""
    name = name.replace(".", "-")
    if len(name) <= length:
        return name
    return f"{name[: length - 9].rstrip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def job(task: str, name: str) -> str:
    """Return the name of the Job for a Backup or a Restore."""
    return short(f"{name}-{task}", JOB_LENGTH)


def restored(database: str) -> str:
    """Return the database that a backup is restored into before it is swapped in.

    The backup program's rule (docs/backups/program.md): a test holds both together.
    """
    room = _DATABASE_BYTES - len(_RESTORED)
    return database.encode()[:room].decode(errors="ignore") + _RESTORED
