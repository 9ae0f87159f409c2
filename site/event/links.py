"""The unguessable addresses of an attendee: one shows, one changes too, one is for a calendar.

People forward the first in Zalo; so it never leads to the second. All can be sent again, and are
withdrawn together. A place that was handed over is taken up by one more, which opens it once.
"""

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
    return _proof("show", attendee, keys) + str(attendee.id)


def key_of(attendee: Linked, keys: Keys) -> str:
    """What `/me/<secret>/change/<key>` has besides: whoever holds it may change and delete."""
    return _proof("change", attendee, keys)


def feed_of(attendee: Linked, keys: Keys) -> str:
    """The secret of `/calendar/<secret>.ics`: calendars keep it, and it shows sessions alone."""
    return _proof("calendar", attendee, keys) + str(attendee.id)


def claim_of(attendee: Linked, keys: Keys) -> str:
    """The secret of `/claim/<secret>`, which the one before hands on to their successor."""
    return _encoded(tag(keys.links, "claim", attendee.id)) + str(attendee.id)


def claimant(session: Session, secret: str, keys: Keys) -> Attendee:
    """Whose place is taken up, or was. Raises `WrongLink`."""
    attendee = _numbered(session, secret)
    _compare(claim_of(attendee, keys), secret)
    return attendee


def holder(session: Session, secret: str, keys: Keys) -> Attendee:
    """Whose page a secret opens. Raises `WrongLink`, never saying which part was wrong."""
    attendee = _numbered(session, secret)
    _compare(secret_of(attendee, keys), secret)
    return attendee


def keeper(session: Session, secret: str, key: str, keys: Keys) -> Attendee:
    """Who may change what stands there, by both parts of the second link. Raises `WrongLink`."""
    attendee = holder(session, secret, keys)
    _compare(key_of(attendee, keys), key)
    return attendee


def subscriber(session: Session, secret: str, keys: Keys) -> Attendee:
    """Whose sessions a calendar asks for. Raises `WrongLink`."""
    attendee = _numbered(session, secret)
    _compare(feed_of(attendee, keys), secret)
    return attendee


def _proof(purpose: str, attendee: Linked, keys: Keys) -> str:
    return _encoded(tag(keys.links, purpose, attendee.id, attendee.link_revision))


def _encoded(proof: bytes) -> str:
    return base64.b32encode(proof).decode().rstrip("=").lower()


def _numbered(session: Session, secret: str) -> Attendee:
    number = secret[LENGTH:]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise WrongLink
    attendee = session.get(Attendee, int(number))
    if attendee is None:
        raise WrongLink
    return attendee


def _compare(right: str, given: str) -> None:
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise WrongLink
