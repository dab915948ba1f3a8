"""What the routes of people share beyond a request: settings, passwords, the cookie's name."""

from dataclasses import dataclass
from typing import Final, Literal

from litestar.datastructures import Cookie

from outlay.access import AnyRequest
from outlay.auth.passwords import Passwords
from outlay.gate import read_cookie, refuse_foreign_origin
from outlay.settings import Settings

Page = Literal["sign-in", "join", "reset"]


@dataclass(frozen=True, slots=True)
class Desk:
    """One running service's own; kept in the application's state."""

    settings: Settings
    passwords: Passwords
    cookie_name: str

    @property
    def over_https(self) -> bool:
        return (self.settings.public_url or "").startswith("https://")

    def cookie(self, secret: str) -> Cookie:
        """The session cookie; an empty secret removes it.

        Strict: the pages need no cookie to load, and their own requests carry it.
        """
        return Cookie(
            key=self.cookie_name,
            value=secret,
            path="/",
            httponly=True,
            samesite="strict",
            secure=self.over_https,
            max_age=self.settings.session_days * 86_400 if secret else 0,
        )

    def shown_secret(self, request: AnyRequest) -> str:
        """The session secret that came with the request, or an empty text."""
        return read_cookie(headers_of(request).get(b"cookie", b""), self.cookie_name)


def desk_of(request: AnyRequest) -> Desk:
    return request.app.state.desk  # type: ignore[no-any-return]


def headers_of(request: AnyRequest) -> dict[bytes, bytes]:
    return dict(request.scope["headers"])


def from_own_page(request: AnyRequest) -> None:
    """Refuse what another site's page sent: it could sign its visitor in as somebody else."""
    refuse_foreign_origin(headers_of(request), request.scope)


def link_url(request: AnyRequest, page: Page, secret: str) -> str:
    """The address that carries a link's secret in its fragment, which no server or log sees."""
    base = desk_of(request).settings.public_url or str(request.base_url)
    return link_at(base, page, secret)


def link_at(base: str, page: Page, secret: str) -> str:
    return f"{base.rstrip('/')}/{page}#token={secret}"


PRIVATE: Final = {"Cache-Control": "no-store"}
