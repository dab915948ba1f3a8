"""The marker that says whose backups lie under a prefix, so that two never share one."""

import msgspec

from outlay_backup.errors import OwnedByOtherError
from outlay_backup.layout import MARKER
from outlay_backup.model import Marker, encode
from outlay_backup.store import Store
from outlay_backup.times import now


def claim(store: Store, owner: str) -> None:
    """Make the place ours, or raise OwnedByOtherError where it is somebody else's."""
    mine = Marker(owner, now())
    if store.put_new(MARKER, encode(mine)):
        return
    found = read(store)
    if found is None or found.owner != owner:
        raise OwnedByOtherError(
            f"{store.location} belongs to the backups of {found.owner if found else 'another'}, not"
            f" of {owner}. Choose another prefix; or, when the other one is gone for good, say"
            f" --owner {found.owner if found else '...'} to carry on with its backups."
        )


def read(store: Store) -> Marker | None:
    """Return whose the place is; None for nobody's."""
    data = store.get(MARKER)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Marker)
    except msgspec.MsgspecError as error:
        raise OwnedByOtherError(
            f"{MARKER} in {store.location} cannot be read: {error}. Choose another prefix."
        ) from error
