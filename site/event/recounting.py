"""Who is present, derived again from the scan log: of one bearer, or of everybody."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import FIRST_BLANK
from event.base import begin_writing
from event.blanks import Blank
from event.bookings import Booking
from event.programme import Checkpoint, Event
from event.scans import ADMITTING, BlankPresence, Presence, Scan, day_of, undone

Admission = Row[int, int, datetime, str, str, int | None, int | None]
"""Bearer, checkpoint, when, verdict and reason; the blank, and the person's seat if it was one."""

_BEARER = func.coalesce(
    Scan.attendee_id,
    Blank.attendee_id,
    cast(Scan.blank_id, BigInteger) + literal(FIRST_BLANK, BigInteger),
)
"""Who passed a door, as in `event.doors.enter`: a blank counts for the person it is bound to."""


@dataclass(frozen=True)
class Counted:
    """What a presence says of its bearer, checkpoint and day."""

    first_at: datetime
    entries: int
    registered: bool


Place = tuple[int, int, date]
"""Bearer, checkpoint, day: what a presence is unique for."""


def recount(session: Session, event: Event, bearer: int) -> None:
    """Count one bearer anew, in a transaction that the caller commits."""
    if bearer < FIRST_BLANK:  # nobody lets them in meanwhile
        session.execute(select(Attendee.id).where(Attendee.id == bearer).with_for_update())
        mine = select(Blank.id).where(Blank.attendee_id == bearer)
        own = _admissions().where((Scan.attendee_id == bearer) | Scan.blank_id.in_(mine))
        session.execute(delete(Presence).where(Presence.attendee_id == bearer))
    else:
        number = bearer - FIRST_BLANK
        own = _admissions().where(Scan.blank_id == number, Blank.attendee_id.is_(None))
        session.execute(delete(BlankPresence).where(BlankPresence.blank_id == number))
    _store(session, _count(event, session.execute(own)))


def bearer_of(session: Session, scan: Scan) -> int | None:
    """Whom a scan counts for by now, and holds them to it; None for one that meant nobody."""
    if scan.blank_id is None:
        return scan.attendee_id
    whose = select(Blank.attendee_id).where(Blank.id == scan.blank_id).with_for_update()
    return session.scalar(whose) or FIRST_BLANK + scan.blank_id


def rebuild(session: Session, event: Event) -> int:
    """Count everybody anew from the log; returns how many presences there are."""
    begin_writing(session)
    try:
        scans = session.execute(_admissions(), execution_options={"yield_per": 1000})
        counted = _count(event, scans)
        session.execute(delete(Presence))
        session.execute(delete(BlankPresence))
        _store(session, counted)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return len(counted)


def _admissions() -> Select[int, int, datetime, str, str, int | None, int | None]:
    seat = and_(Booking.attendee_id == Blank.attendee_id, Booking.slot_id == Checkpoint.slot_id)
    return (
        select(
            _BEARER, Scan.checkpoint_id, Scan.scanned_at, Scan.verdict, Scan.reason,
            Scan.blank_id, Booking.id,
        )
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .outerjoin(Blank, Blank.id == Scan.blank_id)
        .outerjoin(Booking, seat)
        .where(Scan.verdict.in_(ADMITTING), _BEARER.is_not(None), Scan.id.not_in(undone()))
        .order_by(Scan.id)
    )  # fmt: skip


def _count(event: Event, scans: Iterable[Admission]) -> dict[Place, Counted]:
    """The presences that these admissions make.

    Whoever has a seat used it, though their blank badge was not known to be theirs at the time.
    """
    counted: dict[Place, Counted] = {}
    for bearer, checkpoint, scanned_at, verdict, reason, blank, seat in scans:
        place = (bearer, checkpoint, day_of(event, scanned_at))
        seated = verdict != "extra" and reason != "not_registered"
        before = counted.get(place)
        first = before.registered if before else seated
        counted[place] = Counted(
            min(before.first_at, scanned_at) if before else scanned_at,
            before.entries + 1 if before else 1,
            first or bool(blank and seat),
        )
    return counted


def _store(session: Session, counted: dict[Place, Counted]) -> None:
    rows = [
        (bearer, {"checkpoint_id": checkpoint, "day": day, **asdict(count)})
        for (bearer, checkpoint, day), count in counted.items()
    ]
    people = [{"attendee_id": who, **row} for who, row in rows if who < FIRST_BLANK]
    blanks = [{"blank_id": who - FIRST_BLANK, **row} for who, row in rows if who >= FIRST_BLANK]
    if people:
        session.execute(insert(Presence), people)
    if blanks:
        session.execute(insert(BlankPresence), blanks)
