"""How a member's row becomes one of the API."""

from typing import Final

from outlay.access import Call, Role
from outlay.etags import etag
from outlay.members.model import Invitation, Member
from outlay.rows import Row

MOST_MEMBERS: Final = 200
MOST_INVITATIONS: Final = 50


def to_api(record: Row, call: Call) -> Member:
    """The member as the caller may see them."""
    is_me = record["user_id"] == call.caller.user_id
    sees_email = is_me or call.ledger.role is Role.owner
    return Member(
        user_id=record["user_id"],
        name=record["name"],
        email=record["email"] if sees_email else None,
        role=record["role"],
        is_me=is_me,
        is_placeholder=record["is_placeholder"],
        is_disabled=record["is_disabled"],
        version=record["version"],
        etag=etag(call.epoch, record["version"]),
        created_at=record["created_at"],
        updated_at=record["updated_at"],
    )


def invitation_to_api(record: Row) -> Invitation:
    return Invitation(**{name: record[name] for name in Invitation.__struct_fields__})
