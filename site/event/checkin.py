"""The door: what each scan is answered, and the log in which every one of them stays."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.attendees import Attendee
from event.badges import Forged, Incomplete, Unreadable, read
from event.base import Base, Moment, begin_writing
from event.bookings import Booking
from event.programme import Checkpoint, Event, Slot

METHODS = ("camera", "scanner", "search", "kiosk")


class UnknownCheckpoint(LookupError):
    """The gate or session that was named does not exist (any more)."""


class UnknownScan(LookupError):
    """The scan to undo is not in the log."""


class Scan(Base):
    """One scan, refusals included. Rows are only ever added; an undo is a row of its own."""

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("device", "nonce"),
        Index("ix_scans_attendee", "attendee_id", "id"),
        Index("ix_scans_checkpoint", "checkpoint_id", "scanned_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    method: Mapped[str] = mapped_column(String(10))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    direction: Mapped[str] = mapped_column(String(3), default="in")
    scanned_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[str] = mapped_column(String(12))  # in, back, extra, help, again, undone
    reason: Mapped[str] = mapped_column(String(200), default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"), unique=True)


class Presence(Base):
    """That somebody was let in at one place on one day: settles two doors at once.

    Derived from the scan log and rebuilt from it by `rebuild`. `registered` is false for those who
    were let into a session without a seat of their own.
    """

    __tablename__ = "presences"
    __table_args__ = (
        UniqueConstraint("attendee_id", "checkpoint_id", "day"),
        Index("ix_presences_place", "checkpoint_id", "day", "registered"),
        Index("ix_presences_time", "first_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    day: Mapped[date]
    first_at: Mapped[datetime] = mapped_column(Moment)
    entries: Mapped[int] = mapped_column(default=1)
    registered: Mapped[bool] = mapped_column(default=True)


@dataclass(frozen=True)
class Scanned:
    """One scan as a device reports it: `code` is what the QR said, or `attendee_id` a person found
    by search.
    """

    device: str
    nonce: str
    checkpoint: str
    method: str
    scanned_at: datetime
    code: str = ""
    attendee_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What the operator is told: `kind` is in, back, extra (amber), help or again; `reason` a key
    for staff.
    """

    kind: str
    reason: str = ""
    attendee: Attendee | None = None
    first_at: datetime | None = None
    first_place: Checkpoint | None = None
    scan_id: int | None = None

    @property
    def admits(self) -> bool:
        """Whether the guest goes in."""
        return self.kind in ("in", "back", "extra")


def check_in(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey, *, at: datetime
) -> Verdict:
    """Decide one scan and write it down; the same device and nonce again get the same answer.

    `at` is when the server hears of it. Raises `UnknownCheckpoint`.
    """
    begin_writing(session)
    try:
        verdict = recall(session, event, scanned) or _record(session, event, scanned, key, at)
        session.commit()
    except IntegrityError:  # the same scan sent twice at once, on PostgreSQL
        session.rollback()
        earlier = recall(session, event, scanned)
        if earlier is None:
            raise
        return earlier
    except Exception:
        session.rollback()
        raise
    return verdict


def recall(session: Session, event: Event, scanned: Scanned) -> Verdict | None:
    """The answer already given to this device and nonce, if there is one."""
    scan = session.scalar(
        select(Scan).where(Scan.device == scanned.device, Scan.nonce == scanned.nonce)
    )
    if scan is None:
        return None
    attendee = session.get(Attendee, scan.attendee_id) if scan.attendee_id else None
    place = session.get_one(Checkpoint, scan.checkpoint_id)
    first = _first(session, event, attendee, place, scan.scanned_at) if attendee else None
    return _verdict(scan, attendee, first)


def _record(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey, at: datetime
) -> Verdict:
    place = session.scalar(select(Checkpoint).where(Checkpoint.key == scanned.checkpoint))
    if place is None:
        raise UnknownCheckpoint(scanned.checkpoint)
    attendee, reason = identify(session, event, scanned, key)
    first = None
    kind = "again" if reason == "incomplete" else "help"
    if attendee is not None and not reason:
        first = _first(session, event, attendee, place, scanned.scanned_at)
        kind, reason = _enter(session, event, attendee, place, scanned.scanned_at, first)
    scan = Scan(
        device=scanned.device,
        nonce=scanned.nonce,
        staff_id=scanned.staff_id,
        method=scanned.method,
        attendee_id=attendee.id if attendee else None,
        checkpoint_id=place.id,
        scanned_at=scanned.scanned_at,
        received_at=at,
        verdict=kind,
        reason=reason,
    )
    session.add(scan)
    session.flush()
    return _verdict(scan, attendee, first)


def identify(
    session: Session, event: Event, scanned: Scanned, key: Ed25519PublicKey
) -> tuple[Attendee | None, str]:
    """Who a scan means, and the reason to send them to the help desk ("" for none).

    Reasons: not_ours, incomplete, other_event, unknown, replaced, cancelled.
    """
    if scanned.attendee_id is not None:
        attendee = session.get(Attendee, scanned.attendee_id, with_for_update=True)
        return attendee, "unknown" if attendee is None else _standing(attendee)
    try:
        facts = read(scanned.code, key)
    except Incomplete:
        return None, "incomplete"
    except (Forged, Unreadable):
        return None, "not_ours"
    if facts.event != event.number:
        return None, "other_event"
    attendee = session.get(Attendee, facts.attendee, with_for_update=True)
    if attendee is None:
        return None, "unknown"
    if facts.revision != attendee.revision:
        return attendee, "replaced"
    return attendee, _standing(attendee)


def _standing(attendee: Attendee) -> str:
    return "cancelled" if attendee.cancelled_at is not None else ""


def _enter(
    session: Session,
    event: Event,
    attendee: Attendee,
    place: Checkpoint,
    moment: datetime,
    first: tuple[datetime, Checkpoint] | None,
) -> tuple[str, str]:
    """Apply the rule of the place, and if it admits, count the person in. Gives kind and reason."""
    day = day_of(event, moment)
    present = session.scalar(
        select(Presence).where(
            Presence.attendee_id == attendee.id,
            Presence.checkpoint_id == place.id,
            Presence.day == day,
        )
    )
    if present is not None:
        present.entries += 1
        present.first_at = min(present.first_at, moment)
        return "back", ""
    registered = place.slot is None or _holds_seat(session, attendee.id, place.slot.id)
    reason = "" if registered or place.slot is None else _no_room(session, place, place.slot, day)
    if reason:
        return "help", reason
    session.add(
        Presence(
            attendee_id=attendee.id,
            checkpoint_id=place.id,
            day=day,
            first_at=moment,
            registered=registered,
        )
    )
    if not registered:
        return "extra", "not_registered"
    return ("back" if first else "in"), ""


def _holds_seat(session: Session, attendee_id: int, slot_id: int) -> bool:
    found = select(Booking.id).where(Booking.attendee_id == attendee_id, Booking.slot_id == slot_id)
    return session.scalar(found) is not None


def _no_room(session: Session, place: Checkpoint, slot: Slot, day: date) -> str:
    """Why somebody without a seat stays outside ("" if they may come in).

    Open: while fewer people are inside than the room has seats. Registered first: while seats
    remain
    beyond those booked. Registered only: never.
    """
    if slot.rule == "registered_only":
        return "registered_only"
    if slot.capacity is None:
        return ""
    session.get(Checkpoint, place.id, with_for_update=True)  # one after the other through this door
    here = select(func.count()).where(Presence.checkpoint_id == place.id, Presence.day == day)
    if slot.rule == "registered_first":
        extra = session.scalar(here.where(Presence.registered.is_(False))) or 0
        return "" if slot.taken + extra < slot.capacity else "full"
    return "" if (session.scalar(here) or 0) < slot.capacity else "full"


def _first(
    session: Session, event: Event, attendee: Attendee, place: Checkpoint, moment: datetime
) -> tuple[datetime, Checkpoint] | None:
    """When and where somebody was first let in that day, by time of scanning: at any gate, or at
    this session.
    """
    same = Checkpoint.kind == "gate" if place.kind == "gate" else Checkpoint.id == place.id
    row = session.execute(
        select(Presence.first_at, Checkpoint)
        .join(Checkpoint, Checkpoint.id == Presence.checkpoint_id)
        .where(Presence.attendee_id == attendee.id, Presence.day == day_of(event, moment), same)
        .order_by(Presence.first_at)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def _verdict(
    scan: Scan, attendee: Attendee | None, first: tuple[datetime, Checkpoint] | None
) -> Verdict:
    first_at, first_place = first if first and scan.verdict == "back" else (None, None)
    return Verdict(scan.verdict, scan.reason, attendee, first_at, first_place, scan.id)


def day_of(event: Event, moment: datetime) -> date:
    """The calendar day at the place of the event."""
    return moment.astimezone(ZoneInfo(event.zone)).date()
