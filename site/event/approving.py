"""An organiser's yes: to categories that wait for one, and to somebody in line for a place."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from event.amendments import give_back, holding
from event.attendees import Attendee
from event.journal import note
from event.line import place
from event.mail import queue_mail
from event.waiting import settle, waited_for

DECLINED = "declined"
"""A kind of mail: the answer was no."""


def who_wait() -> Select[Attendee]:
    """In the order in which they came."""
    return select(Attendee).where(_asks()).order_by(Attendee.id)


def how_many_ask() -> Select[int]:
    """How many wait for an answer."""
    return select(func.count(Attendee.id)).where(_asks())


def _asks() -> ColumnElement[bool]:
    return and_(Attendee.waits, Attendee.line.is_(None), Attendee.cancelled_at.is_(None))


def approve(session: Session, attendee: Attendee, *, at: datetime, by: str) -> bool:
    """Their badge is good from now on, and goes to them by mail. False if they wait no more."""
    with holding(session, attendee):
        waited = asks(attendee)
        if waited:
            attendee.waits = False
            session.flush()
            settle(session, waited_for(session, attendee.id), at=at)
            if attendee.email:
                queue_mail(session, attendee.id, "registered", at=at)
            note(session, "approved", "attendee", attendee.id, by=by, at=at)
    return waited


def decline(session: Session, attendee: Attendee, *, at: datetime, by: str) -> bool:
    """Their seats go to others, and a mail tells them. False if they wait no more."""
    with holding(session, attendee):
        waited = asks(attendee)
        if waited:
            give_back(session, attendee, at=at, by=by)
            if attendee.email:
                queue_mail(session, attendee.id, DECLINED, at=at)
            note(session, "declined", "attendee", attendee.id, by=by, at=at)
    return waited


def give_place(session: Session, attendee: Attendee, *, at: datetime, by: str) -> bool:
    """A place out of turn, even where none is free. False if they stand in line no more."""
    with holding(session, attendee):
        stood = attendee.line is not None
        if stood:
            place(session, [attendee], at=at, by=by)
    return stood


def asks(attendee: Attendee) -> bool:
    """Whether they still wait for an answer."""
    there = attendee.cancelled_at is None and attendee.erased_at is None
    return attendee.waits and attendee.line is None and there
