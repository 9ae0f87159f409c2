"""The rule of each door: whether one person may come in now, and the count of those inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from event.bookings import Booking
from event.programme import Checkpoint, Event, Slot
from event.scans import Presence, day_of
from event.words import Words


@dataclass(frozen=True)
class First:
    """When and where somebody was first let in that day."""

    at: datetime
    place: Words


@dataclass(frozen=True)
class Entry:
    """What a door decided: `kind` and `reason` as in the scan log."""

    kind: str
    reason: str = ""
    first: First | None = None


Today = Sequence[Row[int, int, datetime, bool, str, Words]]


def enter(
    session: Session,
    event: Event,
    attendee_id: int,
    place: Checkpoint,
    moment: datetime,
    override: str = "",
) -> Entry:
    """Apply the rule of the place and, if it admits, count the person in; does not commit.

    `override` says why the rule is set aside for this person.
    """
    day = day_of(event, moment)
    today = _today(session, attendee_id, day)
    first = _first(today, place)
    here = next((row for row in today if row.checkpoint_id == place.id), None)
    if here is not None:
        _count_again(session, here.id, moment)
        return Entry("back", "" if here.registered else "not_registered", first)
    registered = place.slot is None or _holds_seat(session, attendee_id, place.slot.id)
    if place.slot is not None and not registered and not override:
        reason = _no_room(session, place, place.slot, day)
        if reason:
            return Entry("help", reason)
    _count_in(session, attendee_id, place, day, moment, registered)
    if not registered:
        return Entry("extra", f"override: {override}"[:200] if override else "not_registered")
    return Entry("back" if first else "in", "", first)


def first_entry(
    session: Session, event: Event, attendee_id: int, place: Checkpoint, moment: datetime
) -> First | None:
    """When and where somebody was first let in that day: at any gate, or at this session."""
    return _first(_today(session, attendee_id, day_of(event, moment)), place)


def _today(session: Session, attendee_id: int, day: date) -> Today:
    """All the places that let somebody in that day."""
    places = (
        select(
            Presence.id,
            Presence.checkpoint_id,
            Presence.first_at,
            Presence.registered,
            Checkpoint.kind,
            Checkpoint.name,
        )
        .join(Checkpoint, Checkpoint.id == Presence.checkpoint_id)
        .where(Presence.attendee_id == attendee_id, Presence.day == day)
    )
    return session.connection().execute(places).all()


def _first(today: Today, place: Checkpoint) -> First | None:
    gate = place.kind == "gate"
    same = [r for r in today if (r.kind == "gate" if gate else r.checkpoint_id == place.id)]
    if not same:
        return None
    earliest = min(same, key=lambda row: row.first_at)
    return First(earliest.first_at, earliest.name)


def _count_in(
    session: Session, attendee_id: int, place: Checkpoint, day: date, at: datetime, registered: bool
) -> None:
    row = {"attendee_id": attendee_id, "checkpoint_id": place.id, "day": day}
    row |= {"first_at": at, "registered": registered}
    session.connection().execute(insert(Presence), row)


def _count_again(session: Session, presence_id: int, at: datetime) -> None:
    here = update(Presence).where(Presence.id == presence_id)
    session.connection().execute(here.values(entries=Presence.entries + 1))
    session.connection().execute(here.where(Presence.first_at > at).values(first_at=at))


def _holds_seat(session: Session, attendee_id: int, slot_id: int) -> bool:
    seat = select(Booking.id).where(Booking.attendee_id == attendee_id, Booking.slot_id == slot_id)
    return session.connection().scalar(seat) is not None


def _no_room(session: Session, place: Checkpoint, slot: Slot, day: date) -> str:
    """Why somebody without a seat stays outside ("" if they may come in).

    Open: while fewer people are inside than the room has seats. Registered first: while seats
    remain beyond those booked. Registered only: never.
    """
    if slot.rule == "registered_only":
        return "registered_only"
    if slot.capacity is None:
        return ""
    connection = session.connection()
    # One after the other through this door; only then are the seats as they are now.
    connection.execute(select(Checkpoint.id).where(Checkpoint.id == place.id).with_for_update())
    here = select(func.count()).where(Presence.checkpoint_id == place.id, Presence.day == day)
    if slot.rule == "registered_first":
        extra = connection.scalar(here.where(Presence.registered.is_(False))) or 0
        taken = connection.scalar(select(Slot.taken).where(Slot.id == slot.id)) or 0
        return "" if taken + extra < slot.capacity else "full"
    return "" if (connection.scalar(here) or 0) < slot.capacity else "full"
