"""Opens a place to store: a folder, S3 and what speaks like it, Azure Blob, Google Cloud Storage.

Credentials come from files in a folder (a mounted Secret: one file a key), else from the
environment or the machine's own identity; never from the command line.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError, UnknownConfigurationKeyError
from obstore.store import AzureStore, GCSStore, LocalStore, S3Store

from outlay_backup.errors import SettingsError, StoreError, StoreMissingError
from outlay_backup.store import Store

_CLOUDS: Final = {"s3": S3Store, "az": AzureStore, "gs": GCSStore}
_HELP: Final = "a folder, s3://bucket/prefix, az://container/prefix or gs://bucket/prefix"
_SECRET_WORDS: Final = ("secret", "key", "token", "password", "sas", "credential")
_NOT_SECRET: Final = frozenset({"sse_kms_key_id", "access_key_id", "federated_token_file"})
# A file of this kind is used where it lies: Google's libraries want the path.
_GOOGLE_KEY: Final = ("key.json", "credentials.json", "service-account.json", "service_account")

# A stored key must not outlive its rotation by much, so retries end within minutes.
RETRIES: Final[Any] = {"max_retries": 6, "retry_timeout": timedelta(minutes=2)}


def open_store(
    location: str,
    *,
    credentials: Path | None = None,
    options: Mapping[str, str] | None = None,
    make: bool = False,
) -> Store:
    """Open a place; `make` makes a folder that is not there.

    `options` are settings of the store that are no secret, such as endpoint or region. Raises
    SettingsError for what is wrong in them, StoreMissingError for a folder that is not there.
    """
    parts = urlsplit(location)
    if parts.scheme in {"", "file"}:
        return _folder(location, parts.path, make=make)
    kind = _CLOUDS.get(parts.scheme)
    if kind is None or not parts.netloc or "@" in parts.netloc or parts.query:
        raise SettingsError(f"{_shown(location)} is no place to store; give {_HELP}.")
    config = _config(credentials) | _options(options or {})
    prefix = unquote(parts.path).strip("/")
    _refuse_odd(prefix, location)
    # A store of one's own network may have no TLS; whoever writes http:// says so.
    plain = _endpoint(config).startswith("http://")
    client: Any = {"allow_http": plain, "connect_timeout": "10s", "timeout": "300s"}
    try:
        opened: Any = kind(
            parts.netloc,
            prefix=prefix or None,
            config=config,
            client_options=client,
            retry_config=RETRIES,
        )
    except UnknownConfigurationKeyError as error:
        raise SettingsError(f"The store has no setting of that name: {_first(error)}") from error
    except (BaseError, ValueError) as error:
        raise SettingsError(f"{location} cannot be used: {_first(error)}") from error
    return Store(opened, location.rstrip("/"))


def _endpoint(config: Mapping[str, Any]) -> str:
    found = [config.get(name) for name in ("endpoint", "endpoint_url", "base_url")]
    found += [os.environ.get(name) for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")]
    return str(next(filter(None, found), ""))


def _folder(location: str, path: str, *, make: bool) -> Store:
    folder = Path(unquote(path) if location.startswith("file:") else location).expanduser()
    if make:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder} cannot be made: {error.strerror}.") from error
    if not folder.is_dir():
        raise StoreMissingError(f"There is no folder {folder}. Make it, or mount its volume.")
    return Store(LocalStore(folder.absolute()), str(folder.absolute()), folder.absolute())


def _config(credentials: Path | None) -> dict[str, Any]:
    if credentials is None:
        return {}
    found: dict[str, Any] = {}
    try:
        for file in sorted(credentials.iterdir()):
            if file.name.startswith(".") or not file.is_file():
                continue
            if file.name in _GOOGLE_KEY:
                found["service_account"] = str(file)
            else:
                found[_key(file.name)] = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"The store's credentials in {credentials} cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"A file in {credentials} is no text in UTF-8.") from error
    return found


def _options(options: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in options.items():
        key = _key(name)
        if any(word in key for word in _SECRET_WORDS) and key not in _NOT_SECRET:
            raise SettingsError(
                f"{name} is a secret and does not belong on a command line: put it into a file"
                " of that name in the folder of the credentials."
            )
        found[key] = value
    return found


def _key(name: str) -> str:
    key = name.lower().replace("-", "_")
    for prefix in ("aws_", "azure_storage_", "azure_", "google_"):
        key = key.removeprefix(prefix)
    return key


def _refuse_odd(prefix: str, location: str) -> None:
    if any(part in {"", ".", ".."} for part in prefix.split("/")) and prefix:
        raise SettingsError(f"{location} has an empty, . or .. part; give {_HELP}.")


def _shown(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0]
