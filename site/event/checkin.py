"""The door: what each scan is answered, decided once and written down with the answer.

The busiest hour is here, so statements are made once, and read columns, not objects.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.badges import FIRST_BLANK
from event.base import begin_writing
from event.bearers import Claim, Guest, look_up, read_badge
from event.doors import Door, First, enter, first_entry, open_door
from event.programme import Event
from event.scans import ADMITTING, METHODS, Presence, Scan, day_of

__all__ = ["METHODS", "Presence", "Scan", "Scanned", "Verdict", "check_in", "day_of"]


class NonceReused(ValueError):
    """The device used one nonce for two scans: the second is not the one that was answered."""


@dataclass(frozen=True)
class Scanned:
    """One scan as a device reports it: `code` is what the QR said, or `attendee_id` a person found.

    `override` says why a supervisor lets somebody in whom the rule of the door refuses.
    """

    device: str
    nonce: str
    checkpoint: str
    method: str
    scanned_at: datetime
    code: str = ""
    attendee_id: int | None = None
    staff_id: int | None = None
    override: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the operator is told.

    `kind` is in, back, extra (amber), help or again; `reason` a key for staff.
    """

    kind: str
    reason: str = ""
    guest: Guest | None = None
    first: First | None = None
    scan_id: int | None = None

    @property
    def admits(self) -> bool:
        """Whether the guest goes in."""
        return self.kind in ADMITTING


def check_in(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey, *, at: datetime
) -> Verdict:
    """Decide one scan and write it down; the same device and nonce again get the same answer.

    `at` is when the server hears of it. Raises `UnknownCheckpoint`, `NonceReused`.
    """
    claim = claim_of(event, scanned, key)
    door = open_door(session, scanned.checkpoint)
    connection = begin_writing(session)
    try:
        verdict = _decide(connection, event, scanned, claim, door)
        verdict = _write(connection, scanned, verdict, door, at)
        session.commit()
    except IntegrityError:  # the nonce is in the log: what was decided just now does not count
        session.rollback()
        return _recall(session, event, scanned, claim, door)
    except BaseException:
        session.rollback()
        raise
    return verdict


def claim_of(event: Event, scanned: Scanned, key: Ed25519PublicKey) -> Claim:
    """Whom the scan means: a person who was found, or what the badge says."""
    if scanned.attendee_id is not None:
        return Claim(scanned.attendee_id)
    return read_badge(event, scanned.code, key)


SCAN_AGAIN = ("incomplete", "two_badges", "number_only")


def _decide(
    connection: Connection, event: Event, scanned: Scanned, claim: Claim, door: Door
) -> Verdict:
    if claim.reason:
        return Verdict("again" if claim.reason in SCAN_AGAIN else "help", claim.reason)
    guest, reason = look_up(connection, claim)
    if guest is None or reason:
        return Verdict("help", reason, guest)
    day = day_of(event, scanned.scanned_at)
    entry = enter(connection, guest.id, door, day, scanned.scanned_at, scanned.override)
    return Verdict(entry.kind, entry.reason, guest, entry.first)


_WRITE = insert(Scan).returning(Scan.id)


def _write(
    connection: Connection, scanned: Scanned, verdict: Verdict, door: Door, at: datetime
) -> Verdict:
    guest = verdict.guest
    row = {
        "device": scanned.device,
        "nonce": scanned.nonce,
        "staff_id": scanned.staff_id,
        "method": scanned.method,
        "attendee_id": guest.id if guest and guest.blank is None else None,
        "blank_id": guest.blank if guest else None,
        "checkpoint_id": door.id,
        "scanned_at": scanned.scanned_at,
        "received_at": at,
        "verdict": verdict.kind,
        "reason": verdict.reason,
    }
    return replace(verdict, scan_id=connection.scalar(_WRITE, row))


_ANSWERED = select(
    Scan.id, Scan.attendee_id, Scan.blank_id, Scan.checkpoint_id, Scan.verdict, Scan.reason
).where(Scan.device == bindparam("device"), Scan.nonce == bindparam("nonce"))


def _recall(session: Session, event: Event, scanned: Scanned, claim: Claim, door: Door) -> Verdict:
    """The answer already given to this device and nonce."""
    connection = session.connection()
    asked = {"device": scanned.device, "nonce": scanned.nonce}
    scan = connection.execute(_ANSWERED, asked).one()
    bearer = scan.attendee_id if scan.blank_id is None else FIRST_BLANK + scan.blank_id
    known = bearer is None or bearer == claim.bearer
    if scan.checkpoint_id != door.id or not known or scan.verdict == "undone":
        raise NonceReused(scanned.nonce)
    if bearer is None:
        return Verdict(scan.verdict, scan.reason, scan_id=scan.id)
    guest, _ = look_up(connection, claim, held=False)
    first = None
    if scan.verdict == "back" and guest:
        day = day_of(event, scanned.scanned_at)
        first = first_entry(connection, guest.id, door, day)
    return Verdict(scan.verdict, scan.reason, guest, first, scan.id)
