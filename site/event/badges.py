"""The signed number in each QR code: what a door can decide from the badge alone.

Nineteen bytes of facts and an Ed25519 signature of 64, written as one decimal number of 200 digits:
hand scanners type it unharmed whatever the keyboard's language, and QR holds digits most densely
(200 digits fit version 5, level M, whose limit is 202). No name, so a corrected typo kills no
badge.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hmac import compare_digest
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.bookings import Booking
from event.programme import EntitlementBit, Event, Slot

DIGITS = 200
LAYOUT = struct.Struct(
    ">BIIBBQ"
)  # format and key, event, attendee, revision, category, entitlements
SIGNED = LAYOUT.size + 64
FORMAT = 1
BITS = 64
FIRST_BLANK = 2**31
"""From here on the number in a badge is no attendee's: it is a blank's, with this added to it."""


class Unreadable(ValueError):
    """What was scanned is no badge of this site."""


class Incomplete(Unreadable):
    """Digits only, but not 200 of them: the scanner lost some, or typed two badges into one."""


class Forged(Unreadable):
    """Shaped like a badge, but not signed by this site's key."""


@dataclass(frozen=True)
class Facts:
    """What a badge says. `entitlements` has a bit for each booked session whose door asks."""

    event: int
    attendee: int
    revision: int
    category: int
    entitlements: int = 0


def sign(facts: Facts, key: Ed25519PrivateKey) -> str:
    """The token: exactly 200 digits."""
    body = LAYOUT.pack(
        FORMAT << 4 | 1,
        facts.event,
        facts.attendee,
        facts.revision,
        facts.category,
        facts.entitlements,
    )
    return str(int.from_bytes(body + key.sign(body))).zfill(DIGITS)


class Seal(Protocol):
    """Tells a signature from a forged one: the public key, or `OwnSeal`."""

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """Raises `InvalidSignature`."""


class OwnSeal:
    """The site's own key, which knows its own badges in a quarter of the public key's time.

    Ed25519 signs the same facts alike each time, and to sign is cheaper than to verify.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public = key.public_key()

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """What is not as we would sign it now is still asked of the public key."""
        if not compare_digest(self._key.sign(data), signature):
            self._public.verify(signature, data)


def read(scanned: str, key: Seal) -> Facts:
    """The facts of a scanned token. Raises `Incomplete`, `Forged` or `Unreadable`."""
    digits = "".join(scanned.split())
    if not (digits.isascii() and digits.isdigit()):
        raise Unreadable
    if len(digits) != DIGITS:
        raise Incomplete
    number = int(digits)
    if number.bit_length() > SIGNED * 8:
        raise Forged
    data = number.to_bytes(SIGNED)
    body, signature = data[: LAYOUT.size], data[LAYOUT.size :]
    try:
        key.verify(signature, body)
    except InvalidSignature:
        raise Forged from None
    head, *facts = LAYOUT.unpack(body)
    if head >> 4 != FORMAT:
        raise Unreadable
    return Facts(*facts)


own_seal = lru_cache(maxsize=4)(OwnSeal)


@lru_cache(maxsize=4)
def public_key(key: Ed25519PrivateKey) -> Ed25519PublicKey:
    """The half of the key that doors need."""
    return key.public_key()


def entitle(session: Session, slot: Slot) -> None:
    """Give a session whose door asks its bit, once; past 64 the rest travels as exceptions."""
    if slot.bit is not None or slot.rule == "open":
        return
    used = session.scalar(select(func.max(EntitlementBit.bit)))
    bit = 0 if used is None else used + 1
    if bit < BITS:
        session.add(EntitlementBit(bit=bit, slot_key=slot.key))
        slot.bit = bit


def facts_of(event: Event, attendee: Attendee, category: int, bits: Iterable[int]) -> Facts:
    """The facts for one person: `category` is its number, `bits` those of the sessions booked."""
    return Facts(event.number, attendee.id, attendee.revision, category, entitlements(bits))


def entitlements(bits: Iterable[int]) -> int:
    """The bits as the one number that a badge carries."""
    return sum(1 << bit for bit in set(bits))


def token_of(session: Session, event: Event, attendee: Attendee, key: Ed25519PrivateKey) -> str:
    """The token of one person as of now. Needs `attendee.category` loaded."""
    bits = session.scalars(
        select(Slot.bit)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.attendee_id == attendee.id, Slot.bit.is_not(None))
    )
    numbers = [bit for bit in bits if bit is not None]
    return sign(facts_of(event, attendee, attendee.category.number, numbers), key)
