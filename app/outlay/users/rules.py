"""What makes a person right, and how a row becomes one of the API."""

from typing import Any, Final
from uuid import UUID

from msgspec import UNSET

from outlay.auth.rules import check_email, check_name, check_password, clean_email, refuse
from outlay.etags import etag
from outlay.rows import Row
from outlay.users.model import Me, MePatch, User, UserInput, UserPatch, UserRow

ERASED_NAME: Final = "Former member"


def check_new(given: UserInput) -> UserInput:
    """Return the person as they are to be kept; raises InvalidInput with every mistake."""
    errors = check_name("/name", given.name) + check_email("/email", clean_email(given.email))
    if given.password is not None:
        errors += check_password("/password", given.password, of=(given.name, given.email))
    refuse(errors)
    return UserInput(
        name=given.name.strip(),
        email=clean_email(given.email),
        password=given.password,
        is_admin=given.is_admin,
    )


def check_patch(patch: MePatch | UserPatch) -> None:
    """Raise InvalidInput for what a name or an address cannot be."""
    errors = []
    if patch.name is not UNSET:
        errors += check_name("/name", patch.name)
    if patch.email is not UNSET:
        errors += check_email("/email", clean_email(patch.email))
    refuse(errors)


def name_and_email(current: Row, patch: MePatch | UserPatch) -> dict[str, Any]:
    return {
        "name": current["name"] if patch.name is UNSET else patch.name.strip(),
        "email": current["email"] if patch.email is UNSET else clean_email(patch.email),
    }


def patched_me(current: Row, patch: MePatch) -> tuple[str, str | None, UUID | None]:
    """Name, address and default ledger after the patch."""
    both = name_and_email(current, patch)
    default = patch.default_ledger_id
    return (
        both["name"],
        both["email"],
        current["default_ledger_id"] if default is UNSET else default,
    )


def patched_user(current: Row, patch: UserPatch) -> UserRow:
    return UserRow(
        **name_and_email(current, patch),
        is_admin=current["is_admin"] if patch.is_admin is UNSET else patch.is_admin,
        is_disabled=current["is_disabled"] if patch.is_disabled is UNSET else patch.is_disabled,
    )


def me_to_api(record: Row, epoch: str) -> Me:
    names = [n for n in Me.__struct_fields__ if n != "etag"]
    return Me(**{n: record[n] for n in names}, etag=etag(epoch, record["version"]))


def user_to_api(record: Row, epoch: str) -> User:
    names = [n for n in User.__struct_fields__ if n != "etag"]
    return User(**{n: record[n] for n in names}, etag=etag(epoch, record["version"]))
