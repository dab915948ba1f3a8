"""What tells live connections of new members, and ends those of whoever lost the right to them."""

from typing import Protocol
from uuid import UUID

from outlay.access import AnyRequest


class Hub(Protocol):
    """The part of the event hub that whoever gives or takes rights has to tell, after the commit."""

    def touch(self, ledger_id: UUID) -> None: ...
    def revoke_session(self, session_id: UUID) -> None: ...
    def revoke_token(self, token_id: UUID) -> None: ...
    def revoke_user(self, user_id: UUID) -> None: ...
    def revoke_member(self, ledger_id: UUID, user_id: UUID) -> None: ...


def hub_of(request: AnyRequest) -> Hub:
    return request.app.state.hub  # type: ignore[no-any-return]
