"""The list by which a supervisor's device finds people without a network, for lost badges.

Names and organisations, and what a door must know: the number and the category. Nothing else.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.base import begin_writing
from event.journal import note
from event.programme import Category, Event


class Over(ValueError):
    """The event's last day is past: the list is given to nobody any more, and held by nobody."""


@dataclass(frozen=True)
class HeldList:
    """`people` by given name, each a number, a name, an organisation and a category's number.

    `version` changes with anything in it; after `until`, no device keeps it.
    """

    people: list[tuple[int, str, str, int]]
    version: str
    until: datetime


def list_to_hold(
    session: Session, event: Event, *, known: str = "", by: str, at: datetime
) -> HeldList | None:
    """The list, and a line in the journal that it was taken; None if `known` is its version still.

    Raises `Over`.
    """
    until = _end(event)
    if at >= until:
        raise Over
    people = _people(session)
    version = hashlib.sha256(msgspec.json.encode(people)).hexdigest()[:16]
    if version == known:
        return None
    begin_writing(session)
    note(session, "list_taken", "event", event.id, by=by, at=at, people=len(people))
    session.commit()
    return HeldList(people, version, until)


def _end(event: Event) -> datetime:
    """Midnight after the last day, at the place of the event."""
    return datetime.combine(event.last_day, time(), ZoneInfo(event.zone)) + timedelta(days=1)


def _people(session: Session) -> list[tuple[int, str, str, int]]:
    rows = session.execute(
        select(Attendee.id, Attendee.degree, Attendee.name, Attendee.organisation, Category.number)
        .join(Category, Category.id == Attendee.category_id)
        .where(Attendee.cancelled_at.is_(None), Attendee.erased_at.is_(None), ~Attendee.waits)
        .order_by(Attendee.sort_key, Attendee.id)
    )
    return [
        (number, f"{degree} {name}".strip(), organisation, category)
        for number, degree, name, organisation, category in rows
    ]
