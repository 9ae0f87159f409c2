"""The door: what each scan is answered, decided once and written down with the answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from event.attendees import Attendee
from event.badges import Facts, Forged, Incomplete, Unreadable, read
from event.base import begin_writing
from event.doors import Entry, First, enter, first_entry
from event.programme import Checkpoint, Event
from event.scans import ADMITTING, METHODS, Presence, Scan, day_of

__all__ = ["METHODS", "Presence", "Scan", "Scanned", "Verdict", "check_in", "day_of"]


class UnknownCheckpoint(LookupError):
    """The gate or session that was named does not exist (any more)."""


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
    attendee: Attendee | None = None
    first: First | None = None
    scan_id: int | None = None

    @property
    def admits(self) -> bool:
        """Whether the guest goes in."""
        return self.kind in ADMITTING


@dataclass(frozen=True)
class Claim:
    """Whom a scan means, before anybody looked them up; `reason` if it means nobody here."""

    attendee_id: int | None = None
    revision: int | None = None
    reason: str = ""


def check_in(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey, *, at: datetime
) -> Verdict:
    """Decide one scan and write it down; the same device and nonce again get the same answer.

    `at` is when the server hears of it. Raises `UnknownCheckpoint`, `NonceReused`.
    """
    claim = claimed(event, scanned, key)
    place = session.scalar(select(Checkpoint).where(Checkpoint.key == scanned.checkpoint))
    if place is None:
        raise UnknownCheckpoint(scanned.checkpoint)
    try:
        return _settle(session, event, scanned, claim, place, at)
    except IntegrityError:  # the same scan sent twice at once, on PostgreSQL: now it is in the log
        return _settle(session, event, scanned, claim, place, at)


def claimed(event: Event, scanned: Scanned, key: Ed25519PublicKey) -> Claim:
    """What the badge itself proves.

    Reasons: incomplete, not_ours, other_event.
    """
    if scanned.attendee_id is not None:
        return Claim(scanned.attendee_id)
    try:
        facts: Facts = read(scanned.code, key)
    except Incomplete:
        return Claim(reason="incomplete")
    except (Forged, Unreadable):
        return Claim(reason="not_ours")
    if facts.event != event.number:
        return Claim(reason="other_event")
    return Claim(facts.attendee, facts.revision)


def _settle(
    session: Session, event: Event, scanned: Scanned, claim: Claim, place: Checkpoint, at: datetime
) -> Verdict:
    begin_writing(session)
    try:
        verdict = _recall(session, event, scanned, claim, place)
        if verdict is None:
            verdict = _decide(session, event, scanned, claim, place)
            verdict = _write(session, scanned, verdict, place, at)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return verdict


def _recall(
    session: Session, event: Event, scanned: Scanned, claim: Claim, place: Checkpoint
) -> Verdict | None:
    """The answer already given to this device and nonce, if there is one."""
    asked = select(Scan.id, Scan.attendee_id, Scan.checkpoint_id, Scan.verdict, Scan.reason).where(
        Scan.device == scanned.device, Scan.nonce == scanned.nonce
    )
    scan = session.connection().execute(asked).first()
    if scan is None:
        return None
    known = scan.attendee_id is None or scan.attendee_id == claim.attendee_id
    if scan.checkpoint_id != place.id or not known or scan.verdict == "undone":
        raise NonceReused(scanned.nonce)
    attendee = (
        session.get(Attendee, scan.attendee_id, options=[joinedload(Attendee.category)])
        if scan.attendee_id
        else None
    )
    first = None
    if attendee is not None and scan.verdict == "back":
        first = first_entry(session, event, attendee.id, place, scanned.scanned_at)
    return Verdict(scan.verdict, scan.reason, attendee, first, scan.id)


def _decide(
    session: Session, event: Event, scanned: Scanned, claim: Claim, place: Checkpoint
) -> Verdict:
    if claim.reason:
        return Verdict("again" if claim.reason == "incomplete" else "help", claim.reason)
    attendee = _look_up(session, claim)
    reason = _standing(attendee, claim)
    if attendee is None or reason:
        return Verdict("help", reason, attendee)
    entry: Entry = enter(session, event, attendee.id, place, scanned.scanned_at, scanned.override)
    return Verdict(entry.kind, entry.reason, attendee, entry.first)


def _look_up(session: Session, claim: Claim) -> Attendee | None:
    """Their row, held until the end, so that two gates that scan one person take turns."""
    return session.scalar(
        select(Attendee)
        .where(Attendee.id == claim.attendee_id)
        .options(joinedload(Attendee.category, innerjoin=True))
        .with_for_update(of=Attendee)
        .execution_options(populate_existing=True)
    )


def _standing(attendee: Attendee | None, claim: Claim) -> str:
    """Why a badge that is ours is not good any more ("" if it is): unknown, replaced, cancelled."""
    if attendee is None:
        return "unknown"
    if claim.revision is not None and claim.revision != attendee.revision:
        return "replaced"
    return "cancelled" if attendee.cancelled_at is not None else ""


def _write(
    session: Session, scanned: Scanned, verdict: Verdict, place: Checkpoint, at: datetime
) -> Verdict:
    row = {
        "device": scanned.device,
        "nonce": scanned.nonce,
        "staff_id": scanned.staff_id,
        "method": scanned.method,
        "attendee_id": verdict.attendee.id if verdict.attendee else None,
        "checkpoint_id": place.id,
        "scanned_at": scanned.scanned_at,
        "received_at": at,
        "verdict": verdict.kind,
        "reason": verdict.reason,
    }
    written = session.connection().execute(insert(Scan), row)
    return replace(verdict, scan_id=written.inserted_primary_key.id)  # type: ignore[union-attr]
