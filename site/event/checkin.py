"""The door: what each scan is answered, decided once and written down with the answer.

The busiest hour is here, so statements are made once, and read columns, not objects.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import DIGITS, FIRST_BLANK, Forged, Incomplete, Unreadable, read
from event.base import begin_writing
from event.blanks import find_blank
from event.doors import Door, First, enter, first_entry, open_door
from event.programme import Category, Event
from event.scans import ADMITTING, METHODS, Presence, Scan, day_of
from event.words import Words

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
class Guest:
    """What the door shows of a person, or of a blank badge that belongs to nobody yet.

    `id` is an attendee's, or from `FIRST_BLANK` on a blank's; `blank` is the number of the blank
    badge that was scanned, whether it is somebody's by now or not.
    """

    id: int
    name: str
    organisation: str
    category: Words
    colour: str
    party_id: int | None
    blank: int | None = None

    @property
    def known(self) -> bool:
        """Whether it is a person."""
        return self.id < FIRST_BLANK


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


@dataclass(frozen=True)
class Claim:
    """Whom a scan means, before anybody looked them up; `reason` if it means nobody here.

    `bearer` as in `Guest.id`.
    """

    bearer: int = 0
    revision: int | None = None
    reason: str = ""


def check_in(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey, *, at: datetime
) -> Verdict:
    """Decide one scan and write it down; the same device and nonce again get the same answer.

    `at` is when the server hears of it. Raises `UnknownCheckpoint`, `NonceReused`.
    """
    claim = claimed(event, scanned, key)
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


def claimed(event: Event, scanned: Scanned, key: Ed25519PublicKey) -> Claim:
    """What the badge itself proves. Reasons: of `misread`, number_only, not_ours, other_event."""
    if scanned.attendee_id is not None:
        return Claim(scanned.attendee_id)
    if NUMBER.fullmatch(scanned.code):
        return Claim(reason="number_only")
    try:
        facts = read(scanned.code, key)
    except Incomplete:
        return Claim(reason=misread(scanned.code))
    except (Forged, Unreadable):
        return Claim(reason="not_ours")
    if facts.event != event.number:
        return Claim(reason="other_event")
    return Claim(facts.attendee, facts.revision)


SCAN_AGAIN = ("incomplete", "two_badges", "number_only")
NUMBER = re.compile(r"\s*[Bb]?\s*[0-9]{1,7}\s*")
"""What stands below the code of a badge, typed by hand: "00012", on a blank one "B0002".

Eight digits are a shop's barcode.
"""
FEWEST = 61
"""Digits below which a number is some other barcode, not a badge that lost some of its own."""


def misread(code: str) -> str:
    """What digits of a wrong length are: incomplete, two_badges, or a code that is not_ours."""
    digits = len("".join(code.split()))
    if digits < FEWEST:
        return "not_ours"
    return "two_badges" if digits >= 2 * DIGITS and digits % DIGITS == 0 else "incomplete"


def _decide(
    connection: Connection, event: Event, scanned: Scanned, claim: Claim, door: Door
) -> Verdict:
    if claim.reason:
        return Verdict("again" if claim.reason in SCAN_AGAIN else "help", claim.reason)
    guest, reason = _look_up(connection, claim)
    if guest is None or reason:
        return Verdict("help", reason, guest)
    day = day_of(event, scanned.scanned_at)
    entry = enter(connection, guest.id, door, day, scanned.scanned_at, scanned.override)
    return Verdict(entry.kind, entry.reason, guest, entry.first)


_PERSON = (
    select(
        Attendee.id,
        Attendee.degree,
        Attendee.name,
        Attendee.organisation,
        Attendee.party_id,
        Attendee.revision,
        Attendee.cancelled_at,
        Category.name.label("category"),
        Category.colour,
    )
    .join(Category, Category.id == Attendee.category_id)
    .where(Attendee.id == bindparam("attendee"))
)
# Held until the end, so that two gates that scan one person take turns on PostgreSQL too.
_PERSON_HELD = _PERSON.with_for_update(of=Attendee)


def _look_up(
    connection: Connection, claim: Claim, *, held: bool = True
) -> tuple[Guest | None, str]:
    """Who it is, and why their badge is not good any more: unknown, replaced, cancelled or "".

    Of a blank badge: not_ours if it was never printed, withdrawn (with its reason) or "".
    """
    if claim.bearer >= FIRST_BLANK:
        return _look_up_blank(connection, claim.bearer - FIRST_BLANK, held=held)
    statement = _PERSON_HELD if held else _PERSON
    row = connection.execute(statement, {"attendee": claim.bearer}).first()
    if row is None:
        return None, "unknown"
    name = f"{row.degree} {row.name}".strip()
    guest = Guest(row.id, name, row.organisation, row.category, row.colour, row.party_id)
    if claim.revision is not None and claim.revision != row.revision:
        return guest, "replaced"
    return guest, "cancelled" if row.cancelled_at is not None else ""


WITHDRAWN = "withdrawn: "


def _look_up_blank(connection: Connection, number: int, *, held: bool) -> tuple[Guest | None, str]:
    """Whose it is, if that is known; signed or not, one that was never printed is a forgery."""
    blank = find_blank(connection, number, held=held)
    if blank is None:
        return None, "not_ours"
    bearer = FIRST_BLANK + number
    guest: Guest | None = Guest(bearer, "", "", blank.category, blank.colour, None)
    reason = ""
    if blank.attendee_id is not None:
        guest, reason = _look_up(connection, Claim(blank.attendee_id), held=held)
    if blank.withdrawn_at is not None:
        reason = f"{WITHDRAWN}{blank.withdrawn_why}"
    return guest and replace(guest, blank=number), reason


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
    guest, _ = _look_up(connection, claim, held=False)
    first = None
    if scan.verdict == "back" and guest:
        day = day_of(event, scanned.scanned_at)
        first = first_entry(connection, guest.id, door, day)
    return Verdict(scan.verdict, scan.reason, guest, first, scan.id)
