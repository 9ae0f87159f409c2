"""The rule of each door: whether one person may come in now, and the count of those inside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    Insert,
    Row,
    Select,
    Update,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from event.badges import FIRST_BLANK
from event.bookings import Booking
from event.programme import Checkpoint, Slot
from event.scans import BlankPresence, Presence
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
    bearer: int,
    door: Door,
    day: date,
    moment: datetime,
    override: str = "",
) -> Entry:
    """Apply the rule and, if it admits, count the bearer in; does not commit.

    `bearer` is a number as badges carry it: an attendee's, or from `FIRST_BLANK` on a blank's that
    belongs to nobody yet. `override` says why the rule is set aside for them.
    """
    ledger, today = ledger_of(bearer), _today(connection, bearer, day)
    first = _first(today, door)
    here = next((row for row in today if row.checkpoint_id == door.id), None)
    if here is not None:
        connection.execute(ledger.count_again, {"presence": here.id, "moment": moment})
        return Entry("back", "" if here.registered else "not_registered", first)
    entry = _admit(connection, bearer, door, day, override)
    if entry.kind != "help":
        row = {ledger.column: bearer % FIRST_BLANK, "checkpoint_id": door.id, "day": day}
        row |= {"first_at": moment, "registered": entry.kind != "extra"}
        connection.execute(ledger.count_in, row)
    return replace(entry, kind="back", first=first) if first and entry.kind == "in" else entry


def _admit(connection: Connection, bearer: int, door: Door, day: date, override: str) -> Entry:
    """What the rule says of somebody who was not here yet today."""
    if door.slot_id is None or _holds_seat(connection, bearer, door.slot_id):
        return Entry("in")
    if override:
        return Entry("extra", f"override: {override}")
    reason = _no_room(connection, door, day)
    return Entry("help", reason) if reason else Entry("extra", "not_registered")


def first_entry(connection: Connection, bearer: int, door: Door, day: date) -> First | None:
    """When and where somebody was first let in that day: at any gate, or at this session."""
    return _first(_today(connection, bearer, day), door)


Passage = Row[int, int, datetime, bool, str, Words]
Today = Sequence[Passage]


@dataclass(frozen=True)
class Ledger:
    """Where doors write down whom they let in. `column` holds the number of the bearer."""

    column: str
    today: Select[int, int, datetime, bool, str, Words]
    count_in: Insert
    count_again: Update


def _ledger(table: type[Presence | BlankPresence], holder: InstrumentedAttribute[int]) -> Ledger:
    moment = bindparam("moment", type_=table.first_at.type)
    earlier = case((table.first_at > moment, moment), else_=table.first_at)
    place = Checkpoint.kind, Checkpoint.name
    return Ledger(
        column=holder.key,
        today=select(table.id, table.checkpoint_id, table.first_at, table.registered, *place)
        .join(Checkpoint, Checkpoint.id == table.checkpoint_id)
        .where(holder == bindparam("bearer"), table.day == bindparam("day")),
        count_in=insert(table),
        count_again=update(table)
        .where(table.id == bindparam("presence"))
        .values(entries=table.entries + 1, first_at=earlier),
    )


_PEOPLE = _ledger(Presence, Presence.attendee_id)
_BLANKS = _ledger(BlankPresence, BlankPresence.blank_id)


def ledger_of(bearer: int) -> Ledger:
    """People have one, blank badges that belong to nobody yet another."""
    return _PEOPLE if bearer < FIRST_BLANK else _BLANKS


def _today(connection: Connection, bearer: int, day: date) -> Today:
    """All the places that let somebody in that day."""
    asked = {"bearer": bearer % FIRST_BLANK, "day": day}
    return connection.execute(ledger_of(bearer).today, asked).all()


def _first(today: Today, door: Door) -> First | None:
    same = [r for r in today if (r.kind == "gate" if door.gate else r.checkpoint_id == door.id)]
    if not same:
        return None
    earliest = min(same, key=lambda row: row.first_at)
    return First(earliest.first_at, earliest.name)


_SEAT = select(Booking.id).where(
    Booking.attendee_id == bindparam("attendee"), Booking.slot_id == bindparam("slot")
)


def _holds_seat(connection: Connection, bearer: int, slot_id: int) -> bool:
    """A blank that belongs to nobody yet holds none."""
    if bearer >= FIRST_BLANK:
        return False
    return connection.scalar(_SEAT, {"attendee": bearer, "slot": slot_id}) is not None


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
    return "" if free_seats(connection, door, day) > 0 else "full"


def free_seats(connection: Connection, door: Door, day: date) -> int:
    """For people without a seat of their own, at a door with limited seats."""
    capacity = door.capacity or 0
    if door.rule == "registered_first":
        extra = _inside(connection, door, day, extra=True)
        taken = connection.scalar(select(Slot.taken).where(Slot.id == door.slot_id)) or 0
        return capacity - taken - extra
    return capacity - _inside(connection, door, day)


def _inside(connection: Connection, door: Door, day: date, *, extra: bool = False) -> int:
    """How many a place has let in that day, blank badges too; `extra`: without their own seat."""
    counts = []
    for table in (Presence, BlankPresence):
        here = select(func.count()).where(table.checkpoint_id == door.id, table.day == day)
        counts.append(here.where(table.registered.is_(False)) if extra else here)
    people, blanks = (count.scalar_subquery() for count in counts)
    return connection.scalar(select(people + blanks)) or 0
