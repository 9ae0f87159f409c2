"""Putting right what the door did: undoing a scan, and counting the present anew from the log."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.programme import Event
from event.scans import ADMITTING, Presence, Scan, day_of, recent, undone
from event.staff import Account, Staff

WHILE_FRESH = timedelta(minutes=10)
"""How long the desk may take back its own last scan; later a supervisor does."""


Person = Staff | Account


class UnknownScan(LookupError):
    """The scan to undo is not in the log."""


class NothingToUndo(ValueError):
    """The scan let nobody in."""


class MayNotUndo(PermissionError):
    """Not the last scan of this device, or too long ago, for somebody who is no supervisor."""


@dataclass(frozen=True)
class Undo:
    """A wish to take a scan back; `nonce` is the undo's own, `reason` words or a key."""

    scan_id: int
    device: str
    nonce: str
    reason: str


def undo(session: Session, event: Event, wish: Undo, person: Person, *, at: datetime) -> Scan:
    """Take a scan back by a row of its own and correct who is present; a repeat changes nothing.

    Raises `UnknownScan`, `NothingToUndo`, `MayNotUndo`.
    """
    begin_writing(session)
    try:
        row = _undo(session, event, wish, person, at)
        session.commit()
    except IntegrityError:  # two pressed at once, on PostgreSQL
        session.rollback()
        return session.scalars(select(Scan).where(Scan.undoes_id == wish.scan_id)).one()
    except BaseException:
        session.rollback()
        raise
    return row


def _undo(session: Session, event: Event, wish: Undo, person: Person, at: datetime) -> Scan:
    scan = session.get(Scan, wish.scan_id)
    if scan is None:
        raise UnknownScan(wish.scan_id)
    if scan.verdict not in ADMITTING:
        raise NothingToUndo(wish.scan_id)
    earlier = session.scalar(select(Scan).where(Scan.undoes_id == scan.id))
    if earlier is not None:
        return earlier
    if not may_undo(session, scan, person, wish.device, at=at):
        raise MayNotUndo(wish.scan_id)
    row = _row(scan, wish, person, at)
    session.add(row)
    session.flush()
    if scan.attendee_id is not None:
        _recount(session, event, scan.attendee_id, scan.checkpoint_id, scan.scanned_at)
    return row


def may_undo(session: Session, scan: Scan, person: Person, device: str, *, at: datetime) -> bool:
    """A supervisor any scan; the desk the last that its own device let in, while it is fresh."""
    if person.may("supervisor"):
        return True
    if scan.device != device or at - scan.received_at > WHILE_FRESH:
        return False
    standing = recent(device).where(Scan.verdict.in_(ADMITTING), Scan.id.not_in(undone()))
    last = session.scalar(standing.limit(1))
    return last is not None and last.id == scan.id


def _row(scan: Scan, wish: Undo, person: Person, at: datetime) -> Scan:
    return Scan(
        device=wish.device,
        nonce=wish.nonce,
        staff_id=person.id,
        method=scan.method,
        attendee_id=scan.attendee_id,
        checkpoint_id=scan.checkpoint_id,
        scanned_at=at,
        received_at=at,
        verdict="undone",
        reason=wish.reason[:200],
        undoes_id=scan.id,
    )


Place = tuple[int, int, date]
"""Attendee, checkpoint, day: what a presence is unique for."""


@dataclass(frozen=True)
class Counted:
    """The rest of a presence."""

    first_at: datetime
    entries: int
    registered: bool


def _recount(
    session: Session, event: Event, attendee_id: int, checkpoint_id: int, moment: datetime
) -> None:
    """Derive one presence again from the log."""
    mine = (Scan.attendee_id == attendee_id, Scan.checkpoint_id == checkpoint_id)
    scans = session.scalars(_admissions().where(*mine)).all()
    place = (attendee_id, checkpoint_id, day_of(event, moment))
    session.execute(
        delete(Presence).where(
            Presence.attendee_id == attendee_id,
            Presence.checkpoint_id == checkpoint_id,
            Presence.day == place[2],
        )
    )
    counted = _count(event, scans)
    _store(session, {place: counted[place]} if place in counted else {})


def rebuild(session: Session, event: Event) -> int:
    """Count everybody anew from the log; returns how many presences there are."""
    begin_writing(session)
    try:
        scans = session.scalars(_admissions().execution_options(yield_per=1000))
        counted = _count(event, scans)
        session.execute(delete(Presence))
        _store(session, counted)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return len(counted)


def _admissions() -> Select[Scan]:
    admitted = select(Scan).where(Scan.verdict.in_(ADMITTING), Scan.attendee_id.is_not(None))
    return admitted.where(Scan.id.not_in(undone())).order_by(Scan.id)


def _count(event: Event, scans: Iterable[Scan]) -> dict[Place, Counted]:
    """The presences that these admissions make."""
    counted: dict[Place, Counted] = {}
    for scan in scans:
        place = (scan.attendee_id or 0, scan.checkpoint_id, day_of(event, scan.scanned_at))
        seated = scan.verdict != "extra" and scan.reason != "not_registered"
        before = counted.get(place)
        counted[place] = Counted(
            min(before.first_at, scan.scanned_at) if before else scan.scanned_at,
            before.entries + 1 if before else 1,
            before.registered if before else seated,
        )
    return counted


def _store(session: Session, counted: dict[Place, Counted]) -> None:
    rows = [
        {"attendee_id": attendee_id, "checkpoint_id": checkpoint_id, "day": day, **asdict(count)}
        for (attendee_id, checkpoint_id, day), count in counted.items()
    ]
    if rows:
        session.execute(insert(Presence), rows)
