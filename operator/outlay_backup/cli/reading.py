"""From options to what the program works with."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from outlay_backup import keys
from outlay_backup.checks import read_checks
from outlay_backup.errors import SettingsError
from outlay_backup.places import open_store
from outlay_backup.prune import Retention
from outlay_backup.rules import Policy
from outlay_backup.store import Store
from outlay_backup.verify import Trial

RULES: Final = ("last", "daily", "weekly", "monthly", "yearly")
# Without a deadline of its own, a run may take a day.
DAY: Final = 86_400.0


def store_of(given: dict[str, Any], *, make: bool = False) -> Store:
    options: dict[str, str] = {}
    for setting in given["store_settings"]:
        name, equals, value = setting.partition("=")
        if not equals:
            raise SettingsError(f"{setting!r} is no setting; give NAME=VALUE.")
        options[name] = value
    return open_store(
        given["location"], credentials=given["credentials"], options=options, make=make
    )


def recipients_of(texts: Sequence[str], files: Sequence[Path]) -> dict[str, keys.Recipient]:
    return keys.recipients(texts) | keys.recipients_of_files(files)


def trial_of(given: dict[str, Any], recipients: Sequence[keys.Recipient] = ()) -> Trial:
    checks = read_checks(given["checks_file"]) if given["checks_file"] else ()
    return Trial(
        scratch=given["scratch"],
        programs=tuple(given["places"]),
        checks=checks,
        recipients=tuple(recipients),
    )


def retention_of(given: dict[str, Any]) -> Retention:
    try:
        zone = ZoneInfo(given["time_zone"])
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"{given['time_zone']!r} is no time zone; give one such as Europe/Rome."
        ) from error
    policy = Policy(**{rule: given[f"keep_{rule}"] for rule in RULES})
    return Retention(policy, zone, timedelta(seconds=given["deadline"] or DAY))
