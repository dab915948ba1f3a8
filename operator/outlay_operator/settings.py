"""What the operator is told by its installation: a JSON file that the chart writes."""

from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from outlay_operator.model.base import Model
from outlay_operator.model.parts import Database
from outlay_operator.model.restore import Admin

_RESOURCES: Final = {
    "requests": {"cpu": "100m", "memory": "256Mi"},
    "limits": {"memory": "1Gi"},
}


class SettingsError(Exception):
    """The file is missing or wrong; the sentence names it and the field."""


class Release(Model, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Outlay that this operator was installed with: the database of whoever names none."""

    namespace: str
    database: Database | UnsetType = UNSET
    admin: Admin | UnsetType = UNSET


class Settings(Model, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`namespace` empty: the whole cluster. `resources` are those of a Job's container by default."""

    namespace: str = ""
    operator_image: str
    service_image: str
    image_pull_policy: str = "IfNotPresent"
    image_pull_secrets: tuple[str, ...] = ()
    service_version: str = ""
    service_account: str = "default"
    allowed_service_accounts: tuple[str, ...] = ()
    pod_labels: dict[str, str] = {}
    resources: dict[str, Any] = msgspec.field(default_factory=lambda: dict(_RESOURCES))
    release: Release | UnsetType = UNSET
    state_config_map: str = "outlay-backup-state"
    host: str = ""
    port: int = 9000

    def account(self, namespace: str) -> str:
        """Return the account of the Jobs in a namespace: the installation's own is in its own only."""
        release = self.release
        if not self.namespace and isinstance(release, Release) and release.namespace != namespace:
            return "default"
        return self.service_account


def read(path: Path) -> Settings:
    """Read the file; SettingsError with a sentence."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{path} is wrong: {error}.") from error
