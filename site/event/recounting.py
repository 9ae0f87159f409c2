"""Who is present, derived again from the scan log: of one bearer, or of everybody."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
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
from event.scans import PASSING, BlankPresence, Presence, Scan, day_of, undone

Columns = tuple[int, int, datetime, str, str, int | None, int | None, int | None, str]
Passing = Row[*Columns]
"""Bearer, checkpoint, when, verdict and reason; the blank, and the person's seat if it was one; of
the checkpoint, its session or its area.
"""

BEARER = func.coalesce(
    Scan.attendee_id,
    Blank.attendee_id,
    cast(Scan.blank_id, BigInteger) + literal(FIRST_BLANK, BigInteger),
)
"""Who passed a door, as in `event.doors.enter`: a blank counts for the person it is bound to."""


@dataclass(frozen=True)
class Counted:
    """What a presence says of its bearer, checkpoint and day."""

    first_at: datetime
    last_at: datetime
    entries: int
    registered: bool
    inside: bool


Place = tuple[int, int, date]
"""Bearer, checkpoint, day: what a presence is unique for."""
Together = tuple[int, date, int | str]
"""Bearer, day, and the session or the area: of these places they are inside at one at most."""


def recount(session: Session, event: Event, bearer: int) -> None:
    """Count one bearer anew, in a transaction that the caller commits."""
    if bearer < FIRST_BLANK:  # nobody lets them in meanwhile
        session.execute(select(Attendee.id).where(Attendee.id == bearer).with_for_update())
        mine = select(Blank.id).where(Blank.attendee_id == bearer)
        own = _passages().where((Scan.attendee_id == bearer) | Scan.blank_id.in_(mine))
        session.execute(delete(Presence).where(Presence.attendee_id == bearer))
    else:
        number = bearer - FIRST_BLANK
        own = _passages().where(Scan.blank_id == number, Blank.attendee_id.is_(None))
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
        scans = session.execute(_passages(), execution_options={"yield_per": 1000})
        counted = _count(event, scans)
        session.execute(delete(Presence))
        session.execute(delete(BlankPresence))
        _store(session, counted)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return len(counted)


def _passages() -> Select[*Columns]:
    seat = and_(Booking.attendee_id == Blank.attendee_id, Booking.slot_id == Checkpoint.slot_id)
    return (
        select(
            BEARER, Scan.checkpoint_id, Scan.scanned_at, Scan.verdict, Scan.reason,
            Scan.blank_id, Booking.id, Checkpoint.slot_id, Checkpoint.area,
        )
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .outerjoin(Blank, Blank.id == Scan.blank_id)
        .outerjoin(Booking, seat)
        .where(Scan.verdict.in_(PASSING), BEARER.is_not(None), Scan.id.not_in(undone()))
        .order_by(Scan.id)
    )  # fmt: skip


class _Count:
    """The presences that passages make, in the order in which they were heard of.

    Whoever has a seat used it, though their blank badge was not known to be theirs at the time.
    """

    def __init__(self, event: Event) -> None:
        self._event = event
        self.counted: dict[Place, Counted] = {}
        self._together: dict[Together, list[Place]] = {}
        self._left: dict[Together, datetime] = {}

    def take(self, passage: Passing) -> None:
        """One of them."""
        bearer, checkpoint, moment, verdict, reason, blank, seat, slot, area = passage
        day = day_of(self._event, moment)
        together = (bearer, day, area if slot is None else slot)
        if verdict == "out":
            self._left[together] = max(self._left.get(together, moment), moment)
            self._leave(together, moment)
            return
        place = (bearer, checkpoint, day)
        seated = slot is None or (verdict != "extra" and reason != "not_registered")
        inside = self._is_latest(together, moment)
        if inside:
            self._leave(together, moment)
        elif place in self.counted:
            inside = self.counted[place].inside
        self._in(place, moment, seated=seated, taken=bool(blank and seat), inside=inside)
        self._together.setdefault(together, []).append(place)

    def _leave(self, together: Together, moment: datetime) -> None:
        """They are where they came in before `moment` no longer."""
        for place in self._together.get(together, ()):
            before = self.counted[place]
            if before.last_at <= moment:
                self.counted[place] = replace(before, inside=False)

    def _is_latest(self, together: Together, moment: datetime) -> bool:
        places = self._together.get(together, ())
        later = any(self.counted[place].last_at > moment for place in places)
        return not later and self._left.get(together, moment) <= moment

    def _in(
        self, place: Place, moment: datetime, *, seated: bool, taken: bool, inside: bool
    ) -> None:
        before = self.counted.get(place) or Counted(moment, moment, 0, seated, inside)
        self.counted[place] = Counted(
            first_at=min(before.first_at, moment),
            last_at=max(before.last_at, moment),
            entries=before.entries + 1,
            registered=before.registered or taken,
            inside=inside,
        )


def _count(event: Event, passages: Iterable[Passing]) -> dict[Place, Counted]:
    count = _Count(event)
    for passage in passages:
        count.take(passage)
    return count.counted


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
