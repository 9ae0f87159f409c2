"""Categories that wait for an organiser's yes: who waits, and what becomes of them."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from event.amendments import give_back, holding
from event.attendees import Attendee
from event.journal import note
from event.mail import queue_mail
from event.waiting import settle, waited_for

DECLINED = "declined"
"""A kind of mail: the answer was no."""


def who_wait() -> Select[Attendee]:
    """In the order in which they came."""
    waiting = select(Attendee).where(Attendee.waits, Attendee.cancelled_at.is_(None))
    return waiting.order_by(Attendee.id)


def how_many_ask() -> Select[int]:
    """How many wait for an answer."""
    waiting = select(func.count(Attendee.id))
    return waiting.where(Attendee.waits, Attendee.cancelled_at.is_(None))


def approve(session: Session, attendee: Attendee, *, at: datetime, by: str) -> bool:
    """Their badge is good from now on, and goes to them by mail. False if they wait no more."""
    with holding(session, attendee):
        waited = _waits(attendee)
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
        waited = _waits(attendee)
        if waited:
            give_back(session, attendee, at=at, by=by)
            if attendee.email:
                queue_mail(session, attendee.id, DECLINED, at=at)
            note(session, "declined", "attendee", attendee.id, by=by, at=at)
    return waited


def _waits(attendee: Attendee) -> bool:
    return attendee.waits and attendee.cancelled_at is None and attendee.erased_at is None
