"""Until when people change their registration themselves, and how they take a cancellation back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.orm import Session

from event.about import about
from event.amendments import correct, holding
from event.attendees import Attendee, Registration
from event.bookings import held
from event.journal import Change, history, note
from event.mail import queue_mail
from event.own_seats import NoPlace, take_former
from event.programme import Event

THEMSELVES = "attendee"


class TooLate(Exception):
    """People no longer change this themselves; the help desk still can."""


def changes_until(event: Event) -> datetime | None:
    """The moment that the event file sets, or None where there is no end."""
    local = about(event).changes_until
    return local.replace(tzinfo=ZoneInfo(event.zone)).astimezone(UTC) if local else None


def refuse_late(event: Event, *, at: datetime) -> None:
    """Raises `TooLate`."""
    until = changes_until(event)
    if until is not None and at > until:
        raise TooLate(until)


def correct_oneself(
    session: Session, attendee: Attendee, stated: Registration, *, at: datetime, seen: int | None
) -> dict[str, list[str]]:
    """Details and sessions as `amendments.change`; a new address is written to at once.

    Raises what `change` raises, and `NoPlace`.
    """
    with holding(session, attendee, seen, sessions=stated.sessions):
        if attendee.cancelled_at is not None:
            raise NoPlace(attendee.id)
        details = correct(session, attendee, stated, at=at)
        if details:
            note(session, "changed", "attendee", attendee.id, by=THEMSELVES, at=at, **details)
        if "email" in details and attendee.email:
            queue_mail(session, attendee.id, "registered", at=at)
    return details


def take_back(session: Session, attendee: Attendee, *, at: datetime) -> list[str]:
    """Undo one's own cancellation; gives the keys of the seats that are gone by now.

    Raises `NoPlace` where somebody else cancelled, or the place was handed over.
    """
    with holding(session, attendee, sessions=_given_up(session, attendee)):
        if not may_take_back(session, attendee):
            raise NoPlace(attendee.id)
        former = _given_up(session, attendee)
        attendee.cancelled_at = None
        take_former(session, attendee, former, at=at)
        now_held = held(session, attendee.id)
        seats = {"sessions": ["", now_held]} if now_held else {}
        note(session, "reinstated", "attendee", attendee.id, by=THEMSELVES, at=at, **seats)
    return [key for key in former if key not in now_held.split()]


def may_take_back(session: Session, attendee: Attendee) -> bool:
    """Whether it was cancelled by themselves, and nobody else has the place."""
    last = session.scalar(_cancelled(attendee))
    mine = last is not None and last.actor == THEMSELVES and "to" not in last.details
    return mine and attendee.cancelled_at is not None


def _given_up(session: Session, attendee: Attendee) -> list[str]:
    last = session.scalar(_cancelled(attendee))
    before: str = last.details.get("sessions", ["", ""])[0] if last else ""
    return before.split()


def _cancelled(attendee: Attendee) -> Select[Change]:
    """The last time it was cancelled."""
    return history("attendee", attendee.id).where(Change.verb == "cancelled").limit(1)
