"""The rule of each door: whether one person may come in now, and the count of those inside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update
from sqlalchemy.orm import Session

from event.bookings import Booking
from event.programme import Checkpoint, Slot
from event.scans import Presence
from event.words import Words


class UnknownCheckpoint(LookupError):
    """The gate or session that was named does not exist (any more)."""


@dataclass(frozen=True)
class Door:
    """A checkpoint as the rule needs it; `capacity` empty means open seats."""

    id: int
    gate: bool
    slot_id: int | None
    rule: str
    capacity: int | None


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


_DOOR = (
    select(Checkpoint.id, Checkpoint.kind, Checkpoint.slot_id, Slot.rule, Slot.capacity)
    .outerjoin(Slot, Slot.id == Checkpoint.slot_id)
    .where(Checkpoint.key == bindparam("checkpoint"))
)


def open_door(session: Session, key: str) -> Door:
    """The door of a checkpoint. Raises `UnknownCheckpoint`."""
    row = session.connection().execute(_DOOR, {"checkpoint": key}).first()
    if row is None:
        raise UnknownCheckpoint(key)
    return Door(row.id, row.kind == "gate", row.slot_id, row.rule or "open", row.capacity)


def enter(
    connection: Connection,
    attendee_id: int,
    door: Door,
    day: date,
    moment: datetime,
    override: str = "",
) -> Entry:
    """Apply the rule and, if it admits, count the person in; does not commit.

    `override` says why the rule is set aside for this person.
    """
    today = _today(connection, attendee_id, day)
    first = _first(today, door)
    here = next((row for row in today if row.checkpoint_id == door.id), None)
    if here is not None:
        connection.execute(_COUNT_AGAIN, {"presence": here.id, "moment": moment})
        return Entry("back", "" if here.registered else "not_registered", first)
    entry = _admit(connection, attendee_id, door, day, override)
    if entry.kind != "help":
        row = {"attendee_id": attendee_id, "checkpoint_id": door.id, "day": day}
        row |= {"first_at": moment, "registered": entry.kind != "extra"}
        connection.execute(_COUNT_IN, row)
    return replace(entry, kind="back", first=first) if first and entry.kind == "in" else entry


def _admit(connection: Connection, attendee_id: int, door: Door, day: date, override: str) -> Entry:
    """What the rule says of somebody who was not here yet today."""
    if door.slot_id is None or _holds_seat(connection, attendee_id, door.slot_id):
        return Entry("in")
    if override:
        return Entry("extra", f"override: {override}")
    reason = _no_room(connection, door, day)
    return Entry("help", reason) if reason else Entry("extra", "not_registered")


def first_entry(connection: Connection, attendee_id: int, door: Door, day: date) -> First | None:
    """When and where somebody was first let in that day: at any gate, or at this session."""
    return _first(_today(connection, attendee_id, day), door)


_TODAY = (
    select(
        Presence.id,
        Presence.checkpoint_id,
        Presence.first_at,
        Presence.registered,
        Checkpoint.kind,
        Checkpoint.name,
    )
    .join(Checkpoint, Checkpoint.id == Presence.checkpoint_id)
    .where(Presence.attendee_id == bindparam("attendee"), Presence.day == bindparam("day"))
)
Today = Sequence[Row[int, int, datetime, bool, str, Words]]


def _today(connection: Connection, attendee_id: int, day: date) -> Today:
    """All the places that let somebody in that day."""
    return connection.execute(_TODAY, {"attendee": attendee_id, "day": day}).all()


def _first(today: Today, door: Door) -> First | None:
    same = [r for r in today if (r.kind == "gate" if door.gate else r.checkpoint_id == door.id)]
    if not same:
        return None
    earliest = min(same, key=lambda row: row.first_at)
    return First(earliest.first_at, earliest.name)


_COUNT_IN = insert(Presence)
_MOMENT = bindparam("moment", type_=Presence.first_at.type)
_COUNT_AGAIN = (
    update(Presence)
    .where(Presence.id == bindparam("presence"))
    .values(
        entries=Presence.entries + 1,
        first_at=case((Presence.first_at > _MOMENT, _MOMENT), else_=Presence.first_at),
    )
)
_SEAT = select(Booking.id).where(
    Booking.attendee_id == bindparam("attendee"), Booking.slot_id == bindparam("slot")
)


def _holds_seat(connection: Connection, attendee_id: int, slot_id: int) -> bool:
    return connection.scalar(_SEAT, {"attendee": attendee_id, "slot": slot_id}) is not None


def _no_room(connection: Connection, door: Door, day: date) -> str:
    """Why somebody without a seat stays outside ("" if they may come in).

    Open: while fewer people are inside than the room has seats. Registered first: while seats
    remain beyond those booked. Registered only: never.
    """
    if door.rule == "registered_only":
        return "registered_only"
    if door.capacity is None:
        return ""
    # One after the other through this door; only then are the seats as they are now.
    connection.execute(select(Checkpoint.id).where(Checkpoint.id == door.id).with_for_update())
    here = select(func.count()).where(Presence.checkpoint_id == door.id, Presence.day == day)
    if door.rule == "registered_first":
        extra = connection.scalar(here.where(Presence.registered.is_(False))) or 0
        taken = connection.scalar(select(Slot.taken).where(Slot.id == door.slot_id)) or 0
        return "" if taken + extra < door.capacity else "full"
    return "" if (connection.scalar(here) or 0) < door.capacity else "full"
