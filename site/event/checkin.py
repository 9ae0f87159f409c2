"""The door: what each scan is answered, decided once and written down with the answer.

The busiest hour is here, so statements are made once, and read columns, not objects.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.badges import FIRST_BLANK, Seal
from event.base import begin_writing
from event.bearers import Claim, Guest, look_up, read_badge
from event.doors import USED, Door, First, enter, first_entry, open_door, places_left
from event.prepared import Prepared
from event.printqueue import queue_badge
from event.programme import Event
from event.review import look_through
from event.scans import ADMITTING, METHODS, Presence, Scan, day_of

__all__ = ["METHODS", "Presence", "Scan", "Scanned", "Verdict", "check_in", "day_of"]


class NonceReused(ValueError):
    """The device used one nonce for two scans: the second is not the one that was answered."""


@dataclass(frozen=True)
class Scanned:
    """One scan as a device reports it: `code` is what the QR said, or `attendee_id` a person found.

    `override` says why a supervisor lets somebody in whom the rule of the door refuses.
    `scanned_at` is by the site's clock, `device_at` by the device's own. Where the device could not
    ask, `decided` and `decided_why` are the kind and the reason of its own verdict; `objection` is
    what speaks against the report itself. `because_id` is the scan that brought this one about.
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
    direction: str = "in"
    device_at: datetime | None = None
    because_id: int | None = None
    decided: str = ""
    decided_why: str = ""
    objection: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the operator is told.

    `kind` is in, back, extra (amber), out, help or again; `reason` a key for staff. `objection` is
    what the server would have said where a device let somebody in by itself. `left` is how many
    more the place holds, once it is nearly full. `soon`: a gate had let them in within a minute.
    """

    kind: str
    reason: str = ""
    guest: Guest | None = None
    first: First | None = None
    scan_id: int | None = None
    objection: str = ""
    left: int | None = None
    soon: bool = False

    @property
    def admits(self) -> bool:
        """Whether the guest goes in."""
        return self.kind in ADMITTING


def check_in(
    session: Session, event: Event, scanned: Scanned, key: Seal, *, at: datetime
) -> Verdict:
    """Decide one scan and write it down; the same device and nonce again get the same answer.

    `at` is when the server hears of it. Raises `UnknownCheckpoint`, `NonceReused`.
    """
    claim = claim_of(event, scanned, key)
    door = open_door(session, scanned.checkpoint)
    connection = begin_writing(session)
    try:
        verdict = decide(connection, event, scanned, claim, door)
        verdict = write(connection, scanned, verdict, door, at)
        if verdict.soon and verdict.scan_id is not None:
            look_through(connection, [verdict.scan_id], at=at)
        session.commit()
    except IntegrityError:  # the nonce is in the log: what was decided just now does not count
        session.rollback()
        return recall(session, event, scanned, claim, door)
    except BaseException:
        session.rollback()
        raise
    return verdict


def claim_of(event: Event, scanned: Scanned, key: Seal) -> Claim:
    """Whom the scan means: a person who was found, or what the badge says."""
    if scanned.attendee_id is not None:
        return Claim(scanned.attendee_id)
    return read_badge(event, scanned.code, key)


SCAN_AGAIN = ("incomplete", "two_badges", "number_only")


def misread(claim: Claim) -> Verdict:
    """What is said of a code that means nobody here."""
    return Verdict("again" if claim.reason in SCAN_AGAIN else "help", claim.reason)


def decide(
    connection: Connection, event: Event, scanned: Scanned, claim: Claim, door: Door
) -> Verdict:
    """Ask the badge, then the door, and count in whom it admits; does not commit."""
    if claim.reason:
        return misread(claim)
    guest, reason = look_up(connection, claim)
    if guest is None or reason:
        return Verdict("help", reason, guest)
    day = day_of(event, scanned.scanned_at)
    moment, direction = scanned.scanned_at, scanned.direction
    entry = enter(connection, guest.id, door, day, moment, scanned.override, direction)
    return Verdict(entry.kind, entry.reason, guest, entry.first, left=entry.left, soon=entry.soon)


WHILE_THEY_WAIT = timedelta(minutes=1)
_WRITE = Prepared(insert(Scan).returning(Scan.id))


def write(
    connection: Connection, scanned: Scanned, verdict: Verdict, door: Door, at: datetime
) -> Verdict:
    """Add a scan to the log; raises `IntegrityError` where its nonce is in it."""
    row = _row(scanned, verdict, door, at)
    [(scan_id,)] = _WRITE(connection, **row)
    written = replace(verdict, scan_id=scan_id)
    if scanned.method == "kiosk" and written.kind == "in" and row["attendee_id"]:
        _queue(connection, scanned, written, at)
    return written


def _row(scanned: Scanned, verdict: Verdict, door: Door, at: datetime) -> dict[str, Any]:
    guest = verdict.guest
    return {
        "device": scanned.device,
        "nonce": scanned.nonce,
        "staff_id": scanned.staff_id,
        "method": scanned.method,
        "attendee_id": guest.id if guest and guest.blank is None else None,
        "blank_id": guest.blank if guest else None,
        "checkpoint_id": door.id,
        "direction": scanned.direction,
        "scanned_at": scanned.scanned_at,
        "device_at": scanned.device_at,
        "received_at": at,
        "provisional": bool(scanned.decided),
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "objection": verdict.objection,
        "because_id": scanned.because_id,
    }


def _queue(connection: Connection, scanned: Scanned, written: Verdict, at: datetime) -> None:
    """Their badge is printed while they walk to the desk; not for an entry that arrives late."""
    late = scanned.decided or at - scanned.scanned_at > WHILE_THEY_WAIT
    if written.guest and written.scan_id and not late:
        queue_badge(connection, written.scan_id, written.guest.id, at)


_ANSWERED = select(
    Scan.id, Scan.attendee_id, Scan.blank_id, Scan.checkpoint_id, Scan.verdict, Scan.reason
).where(Scan.device == bindparam("device"), Scan.nonce == bindparam("nonce"))


def recall(session: Session, event: Event, scanned: Scanned, claim: Claim, door: Door) -> Verdict:
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
    told = Verdict(scan.verdict, scan.reason, guest, scan_id=scan.id)
    day = day_of(event, scanned.scanned_at)
    if guest and (told.kind == "back" or told.reason in USED.values()):
        told = replace(told, first=first_entry(connection, guest.id, door, day))
    return replace(told, left=places_left(connection, door, day)) if told.admits else told
