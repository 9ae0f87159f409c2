"""The unguessable address of an attendee's own page: it can be sent again, and withdrawn."""

import base64
import hmac
from typing import Protocol

from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.keys import Keys, tag

LENGTH = 26  # characters of base32 for 16 bytes


class WrongLink(LookupError):
    """No page has this address: mistyped, withdrawn, or made up."""


class Linked(Protocol):
    """Somebody whose page is meant: an attendee, or what became of a registration."""

    @property
    def id(self) -> int:
        """Their number."""
        ...

    @property
    def link_revision(self) -> int:
        """Counts the links that were withdrawn."""
        ...


def secret_of(attendee: Linked, keys: Keys) -> str:
    """The secret of `/me/<secret>`: 128 bits of proof in base32, then the attendee's number."""
    proof = tag(keys.links, "show", attendee.id, attendee.link_revision)
    return base64.b32encode(proof).decode().rstrip("=").lower() + str(attendee.id)


def holder(session: Session, secret: str, keys: Keys) -> Attendee:
    """Whose page a secret opens. Raises `WrongLink`, never saying which part was wrong."""
    number = secret[LENGTH:]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise WrongLink
    attendee = session.get(Attendee, int(number))
    if attendee is None:
        raise WrongLink
    if not hmac.compare_digest(secret_of(attendee, keys).encode(), secret.encode()):
        raise WrongLink
    return attendee
