"""What a name, an address and a password may be, and how those who try are told apart."""

import hashlib
import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from outlay.errors import FieldError, InvalidInput
from outlay.texts import check_text

# NIST SP 800-63B-4 asks for eight at least and takes no rules on kinds of characters; the rest of
# the length pays for having no list of leaked passwords here.
LEAST_PASSWORD: Final = 10
MOST_PASSWORD: Final = 512
MOST_EMAIL: Final = 254
MOST_NAME: Final = 100
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


def check_name(pointer: str, name: str, *, most: int = MOST_NAME) -> list[FieldError]:
    return check_text(pointer, name, most=most, least=1)


def check_email(pointer: str, email: str) -> list[FieldError]:
    """Mistakes in an address; whether mail arrives there is never needed."""
    if len(email) > MOST_EMAIL:
        return [FieldError(pointer, f"An address has {MOST_EMAIL} characters at most")]
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        return [FieldError(pointer, "Write an address such as ada@example.org")]
    return []


def check_password(pointer: str, password: str, *, of: tuple[str | None, ...]) -> list[FieldError]:
    """Mistakes in a new password of the person with the names and addresses `of`."""
    if len(password) < LEAST_PASSWORD:
        return [FieldError(pointer, f"A password has {LEAST_PASSWORD} characters or more")]
    if len(password) > MOST_PASSWORD:
        return [FieldError(pointer, f"A password has {MOST_PASSWORD} characters at most")]
    if len(set(password)) < 5:
        return [FieldError(pointer, "This repeats a few characters; take five different ones")]
    own = {part.casefold() for text in of if text for part in (text, text.partition("@")[0])}
    if password.casefold() in own:
        return [FieldError(pointer, "This is your name or address; take something else")]
    return []


def refuse(errors: list[FieldError]) -> None:
    """Raise InvalidInput with all the mistakes, if there are any."""
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)


def clean_email(email: str) -> str:
    return unicodedata.normalize("NFC", email.strip())


def clean_agent(agent: str) -> str:
    """A browser's description of itself, as a list of sessions can show it."""
    return "".join(c for c in agent[:200] if c.isprintable())


def address_subject(address: str) -> str:
    """Whose tries are counted together: one IPv4 address, or the /64 that one IPv6 user has."""
    return f"address:{network_of(address)}"


def account_subject(account: UUID | None, email: str, address: str, seen_at: Sequence[str]) -> str:
    """Whose tries are counted together: everybody's for this account, or for what is none.

    Except from a place where the person has a session (`seen_at`): those are counted apart, so that
    strangers who try the account cannot shut the person out at home.
    """
    digest = hashlib.sha256(clean_email(email).casefold().encode()).hexdigest()
    network = network_of(address)
    is_home = network in {network_of(place) for place in seen_at}
    return f"account:{account or digest}" + (f"@{network}" if is_home else "")


def network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
