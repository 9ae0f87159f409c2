"""What people do about their seats by one press: take, give back, queue, leave the queue."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import holding
from event.attendees import Attendee
from event.bookings import (
    SeatsClash,
    UnknownSessions,
    book_one,
    choose,
    drop,
    held,
)
from event.journal import note
from event.programme import CHOSEN_KINDS, Slot
from event.waiting import settle, stand_in, step_out, waited_for


class NoPlace(Exception):
    """The registration is cancelled: there is nobody to seat."""


def take_seat(session: Session, attendee: Attendee, key: str, *, at: datetime, by: str) -> bool:
    """A seat in a session, or else the last turn in its queue; whether it was a seat.

    Somebody who sits elsewhere at that time may queue: the seat comes when they give that one back.
    So may who is in line for a place: the seat comes with it.
    Raises `UnknownSessions`, `NoPlace`. A repeat changes nothing.
    """
    with holding(session, attendee, sessions=[key]):
        if attendee.cancelled_at is not None:
            raise NoPlace(attendee.id)
        slot = _named(session, key)
        before = held(session, attendee.id)
        if key in before.split():
            return True
        may = attendee.line is None and _may_sit(session, [*before.split(), key])
        seated = may and book_one(session, attendee.id, slot.id, at=at)
        if seated:
            step_out(session, attendee.id, [slot.id])
            _tell(session, attendee, before, by=by, at=at)
        elif slot.id not in waited_for(session, attendee.id):
            stand_in(session, attendee.id, [slot.id], at=at)
            _note_queue(session, attendee, key, "", by=by, at=at)
    return seated


def give_back(session: Session, attendee: Attendee, key: str, *, at: datetime, by: str) -> None:
    """Free a seat; whoever is next in that queue has it before this ends. A repeat changes nothing.

    Raises `UnknownSessions`.
    """
    with holding(session, attendee):
        _named(session, key)
        before = held(session, attendee.id)
        keep = [other for other in before.split() if other != key]
        freed = drop(session, attendee.id, keep=keep)
        if freed:
            _tell(session, attendee, before, by=by, at=at)
        settle(session, [*freed, *waited_for(session, attendee.id)], at=at)


def leave_queue(session: Session, attendee: Attendee, key: str, *, at: datetime, by: str) -> None:
    """Wait no longer. Raises `UnknownSessions`; a repeat changes nothing."""
    with holding(session, attendee):
        slot = _named(session, key)
        if slot.id in waited_for(session, attendee.id):
            step_out(session, attendee.id, [slot.id])
            _note_queue(session, attendee, "", key, by=by, at=at)


def take_former(session: Session, attendee: Attendee, keys: Sequence[str], *, at: datetime) -> None:
    """Of these sessions, those in which a seat is still free; does not commit.

    Whoever calls it holds the attendee with these sessions.
    """
    slots = select(Slot.id).where(Slot.key.in_(keys)).order_by(Slot.id)
    for number in session.scalars(slots).all():
        book_one(session, attendee.id, number, at=at)


def _named(session: Session, key: str) -> Slot:
    """A session that people choose themselves, as it is now."""
    known = select(Slot).where(Slot.key == key, Slot.kind.in_(CHOSEN_KINDS))
    slot = session.scalar(known.execution_options(populate_existing=True))
    if slot is None:
        raise UnknownSessions([key])
    return slot


def _may_sit(session: Session, keys: Sequence[str]) -> bool:
    try:
        choose(session, keys)
    except SeatsClash:
        return False
    return True


def _tell(session: Session, attendee: Attendee, before: str, *, by: str, at: datetime) -> None:
    seats = {"sessions": [before, held(session, attendee.id)]}
    note(session, "changed", "attendee", attendee.id, by=by, at=at, **seats)


def _note_queue(
    session: Session, attendee: Attendee, joined: str, left: str, *, by: str, at: datetime
) -> None:
    verb = "queued" if joined else "unqueued"
    note(session, verb, "attendee", attendee.id, by=by, at=at, waiting=[left, joined])
