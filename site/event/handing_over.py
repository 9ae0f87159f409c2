"""A place handed to somebody else: theirs is a new code, and the old one is refused at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, update
from sqlalchemy.orm import Session

from event.amendments import as_stated, holding
from event.attendees import Attendee, Registered, Registration, put_down
from event.bookings import Booking, held
from event.journal import Change, history, note
from event.mail import queue_mail
from event.own_seats import NoPlace
from event.waiting import Wait

MAIL = "handed_over"


@dataclass(frozen=True)
class Successor:
    """Whom a place goes to; they consent themselves, when they open their own page."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    language: str = "vi"


def hand_over(
    session: Session,
    attendee: Attendee,
    to: Successor,
    *,
    at: datetime,
    by: str,
    seen: int | None = None,
) -> Registered:
    """Put somebody else down in this place: category, delegation, seats and turns in queues stay.

    What the first one was scanned for stays theirs. Raises `NoPlace`, `journal.ChangedMeanwhile`.
    """
    with holding(session, attendee, seen):
        seats = held(session, attendee.id)
        number = _put_down(session, attendee, to, at=at, by=by)
        _move(session, attendee.id, number)
        attendee.cancelled_at = at
        lost = {"to": number} | ({"sessions": [seats, ""]} if seats else {})
        note(session, "cancelled", "attendee", attendee.id, by=by, at=at, **lost)
        note(session, "taken_over", "attendee", number, by=by, at=at, of=attendee.id)
        if to.email:
            queue_mail(session, number, MAIL, at=at)
    return Registered(session, number, 0, first_time=True)


def _move(session: Session, whose: int, to: int) -> None:
    """Seats and turns in queues."""
    for kind in (Booking, Wait):
        theirs = update(kind).where(kind.attendee_id == whose)
        session.execute(theirs.values(attendee_id=to))


def _put_down(session: Session, attendee: Attendee, to: Successor, *, at: datetime, by: str) -> int:
    if attendee.cancelled_at is not None:
        raise NoPlace(attendee.id)
    category = as_stated(session, attendee)["category"]
    stated = Registration(**vars(to), province=attendee.province, category=category, mail=False)
    number = put_down(session, stated, at=at, by=by, party_id=attendee.party_id)
    successor = session.get_one(Attendee, number)
    successor.waits = attendee.waits
    successor.heads_party, attendee.heads_party = attendee.heads_party, False
    return number


def successor_of(session: Session, attendee: Attendee) -> Attendee | None:
    """Who has the place now, if it was handed over and not merely cancelled."""
    last = session.scalar(_last(attendee.id, "cancelled"))
    number = last.details.get("to") if last and attendee.cancelled_at else None
    return session.get(Attendee, number) if number else None


def predecessor_of(session: Session, attendee_id: int) -> Attendee | None:
    """Whose place it was."""
    taken = session.scalar(_last(attendee_id, "taken_over"))
    return session.get(Attendee, taken.details["of"]) if taken else None


def _last(attendee_id: int, verb: str) -> Select[Change]:
    return history("attendee", attendee_id).where(Change.verb == verb).limit(1)
