"""Until when people change their registration themselves, and how they take a cancellation back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from event.about import about
from event.amendments import as_stated, correct, holding
from event.attendees import Attendee, Registration
from event.bookings import held
from event.journal import Change, history, note
from event.limits import limits
from event.line import ADMITTED, admit, line_up
from event.mail import queue_mail
from event.mail_limits import held_back
from event.names import fold
from event.own_seats import NoPlace, take_former
from event.programme import Category, Event, Slot
from event.waiting import stand_in

THEMSELVES = "attendee"
LOOKED_AT = ("name", "organisation", "position")
"""What an organiser's yes was about."""


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

    In a category that waits for a yes, somebody else by name or office waits for another one, and
    leaves the place to whoever stands in line.
    Raises what `change` raises, and `NoPlace`.
    """
    with holding(session, attendee, seen, sessions=stated.sessions):
        if attendee.cancelled_at is not None:
            raise NoPlace(attendee.id)
        details = correct(session, attendee, stated, at=at)
        if details:
            note(session, "changed", "attendee", attendee.id, by=THEMSELVES, at=at, **details)
        if _is_another(details) and is_looked_at(session, attendee):
            attendee.waits = True
            note(session, "waits", "attendee", attendee.id, by=THEMSELVES, at=at)
            session.flush()
            admit(session, at=at)
        if "email" in details and attendee.email and not held_back(session, attendee.id):
            queue_mail(session, attendee.id, "registered", at=at, own=True)
    return details


def is_looked_at(session: Session, attendee: Attendee) -> bool:
    """Whether an organiser said yes to them: then to what they are called, too."""
    asks = session.get_one(Category, attendee.category_id).approval
    return asks and not attendee.waits


def _is_another(details: dict[str, list[str]]) -> bool:
    """Accents and capitals may be mended."""
    changed = (details[key] for key in LOOKED_AT if key in details)
    return any(fold(before) != fold(after) for before, after in changed)


def stands_as(session: Session, attendee: Attendee, stated: Registration) -> bool:
    """Whether a registration says what is stated here."""
    now_kept = as_stated(session, attendee)
    sessions = set(now_kept.pop("sessions").split())
    same = all(getattr(stated, field) == value for field, value in now_kept.items())
    return same and (sessions, attendee.companions) == (set(stated.sessions), stated.companions)


def take_back(session: Session, attendee: Attendee, *, at: datetime) -> list[str]:
    """Undo one's own cancellation; gives the keys of the seats that are gone by now.

    Where all places are taken by now, it is the end of the line, with the former seats as wishes.
    Raises `NoPlace` where somebody else cancelled, or the place was handed over.
    """
    with holding(session, attendee, sessions=_given_up(session, attendee)):
        if not may_take_back(session, attendee):
            raise NoPlace(attendee.id)
        former = _given_up(session, attendee)
        no_place = not attendee.waits and not _fits(session, attendee)
        attendee.cancelled_at = None
        if not no_place:
            take_former(session, attendee, former, at=at)
        now_held = held(session, attendee.id)
        seats = {"sessions": ["", now_held]} if now_held else {}
        note(session, "reinstated", "attendee", attendee.id, by=THEMSELVES, at=at, **seats)
        if no_place:
            line_up(session, attendee, at=at, by=THEMSELVES)
            _wish(session, attendee, former, at)
    return [key for key in former if key not in now_held.split()]


def _fits(session: Session, attendee: Attendee) -> bool:
    return limits(session).hold(attendee.category_id, attendee.takes)


def _wish(session: Session, attendee: Attendee, keys: Sequence[str], at: datetime) -> None:
    """Those that there still are."""
    known = session.scalars(select(Slot.id).where(Slot.key.in_(keys)).order_by(Slot.id))
    stand_in(session, attendee.id, known, at=at)


def may_give_back(session: Session, attendee: Attendee) -> bool:
    """Whether one press gives the place back: it came from the line, or they stand in it still.

    It can be done at any time, as with a seat.
    """
    if attendee.cancelled_at is not None:
        return False
    came = history("attendee", attendee.id).where(Change.verb == ADMITTED).limit(1)
    return attendee.line is not None or session.scalar(came) is not None


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
