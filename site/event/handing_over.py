"""A place handed to somebody else: theirs is a new code, and the old one is refused at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from event.amendments import as_stated, holding
from event.attendees import BY_THEMSELVES, Attendee, Registered, Registration, put_in_place_of
from event.bookings import Booking, held
from event.consents import Agreeing, consent
from event.journal import Change, history, note
from event.line import admit
from event.mail import queue_mail
from event.own_seats import NoPlace
from event.scans import Presence
from event.waiting import Wait

MAIL = "handed_over"


class CameAlready(NoPlace):
    """Their badge has let somebody in: one place would let a second person in."""


class TakenUp(LookupError):
    """The link to a place that was handed over opens it once, and it has."""


@dataclass(frozen=True)
class Successor:
    """Whom a place goes to; they consent themselves, when they open their own page."""

    name: str
    email: str = ""
    phone: str = ""
    organisation: str = ""
    language: str = "vi"


def hand_over(
    session: Session, attendee: Attendee, to: Successor, *, at: datetime, by: str,
    seen: int | None = None,
) -> Registered:  # fmt: skip
    """Put somebody else down in this place: category, delegation, companions, seats and turns in
    queues stay. It is nobody's in between, so that whoever stands in line gets nothing; but where
    an organiser has to say yes to the successor first, it is free until then.

    Raises `NoPlace`, `CameAlready`, `journal.ChangedMeanwhile`.
    """
    with holding(session, attendee, seen):
        seats = held(session, attendee.id)
        number = _put_down(session, attendee, to, at=at, by=by)
        _move(session, attendee.id, number)
        attendee.cancelled_at = at
        session.flush()
        admit(session, at=at)  # where the successor waits for a yes of their own
        lost = {"to": number} | ({"sessions": [seats, ""]} if seats else {})
        note(session, "cancelled", "attendee", attendee.id, by=by, at=at, **lost)
        note(session, "taken_over", "attendee", number, by=by, at=at, of=attendee.id)
        if to.email:
            queue_mail(session, number, MAIL, at=at, own=by == BY_THEMSELVES)
    return Registered(session, number, 0, first_time=True)


def _move(session: Session, whose: int, to: int) -> None:
    """Seats and turns in queues."""
    for kind in (Booking, Wait):
        theirs = update(kind).where(kind.attendee_id == whose)
        session.execute(theirs.values(attendee_id=to))


def _put_down(session: Session, attendee: Attendee, to: Successor, *, at: datetime, by: str) -> int:
    if attendee.cancelled_at is not None or attendee.line is not None:
        raise NoPlace(attendee.id)
    if has_come(session, attendee):
        raise CameAlready(attendee.id)
    category = as_stated(session, attendee)["category"]
    stated = Registration(
        **vars(to), province=attendee.province, category=category, mail=False,
        companions=attendee.companions,
    )  # fmt: skip
    number = put_in_place_of(session, attendee, stated, at=at, by=by)
    successor = session.get_one(Attendee, number)
    successor.heads_party, attendee.heads_party = attendee.heads_party, False
    return number


def has_come(session: Session, attendee: Attendee) -> bool:
    """Whether they were let in anywhere."""
    return bool(session.scalar(select(exists().where(Presence.attendee_id == attendee.id))))


def may_take_up(attendee: Attendee) -> bool:
    """Whether the link for a successor without an address is still good.

    Whoever opened it, agreed by another way or had their link withdrawn has no use for it.
    """
    there = attendee.cancelled_at is None and attendee.erased_at is None
    return there and attendee.informed_at is None and attendee.link_revision == 0


def take_up(session: Session, attendee: Attendee, agreeing: Agreeing, *, at: datetime) -> None:
    """The successor agrees; from now on the page opens by links that nobody else was given.

    Raises `TakenUp` for everybody after the first.
    """
    with holding(session, attendee):
        if not may_take_up(attendee):
            raise TakenUp(attendee.id)
        attendee.informed_at = at
        attendee.link_revision += 1
        consent(session, attendee.id, agreeing, at=at, by="attendee")
        for verb in ("informed", "link_replaced"):
            note(session, verb, "attendee", attendee.id, by="attendee", at=at)


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
