"""The rule of each door: whether one person may come in now, and the count of those inside."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from event.attendees import Attendee
from event.badges import FIRST_BLANK
from event.blanks import Blank, BlankBatch
from event.bookings import Booking
from event.passages import (
    First,
    Passage,
    Passages,
    Passing,
    a_moment_ago,
    first_of,
    passages_of,
    through,
    write_passage,
)
from event.places import Door, UnknownCheckpoint, inside_now, open_door, same_place
from event.programme import Category, Checkpoint, Slot

__all__ = [
    "FEW",
    "USED",
    "Door",
    "Entry",
    "First",
    "UnknownCheckpoint",
    "enter",
    "first_entry",
    "free_seats",
    "objection_to",
    "open_door",
    "places_left",
    "write_passage",
]

FEW = 10
"""A place is nearly full when one of so many is left."""
USED = {"once": "used", "daily": "used_today"}


@dataclass(frozen=True)
class Entry:
    """What a door decided: `kind` and `reason` as in the scan log.

    `left` is how many more the place holds, once it is nearly full. `soon`: a gate had let them in
    within a minute.
    """

    kind: str
    reason: str = ""
    first: First | None = None
    left: int | None = None
    soon: bool = False


@dataclass(frozen=True)
class _Asked:
    """A bearer at a door, with where they went in before: `today` and, where it matters, `ever`.

    `anywhere` holds their passages through all doors.
    """

    bearer: int
    door: Door
    day: date
    anywhere: Passages
    ever: list[Passage]

    @property
    def today(self) -> list[Passage]:
        return [row for row in self.ever if row.day == self.day]

    @property
    def first(self) -> First | None:
        return first_of(self.ever)

    def soon(self, moment: datetime) -> bool:
        """Whether this is one gate so near to another in time, or to itself."""
        return self.door.gate and a_moment_ago(self.anywhere, moment)


def enter(
    connection: Connection,
    bearer: int,
    door: Door,
    day: date,
    moment: datetime,
    override: str = "",
    direction: str = "in",
) -> Entry:
    """Apply the rule and, if it admits, count the bearer in or out; does not commit.

    `bearer` is a number as badges carry it: an attendee's, or from `FIRST_BLANK` on a blank's that
    belongs to nobody yet. `override` says why the rule is set aside for them.
    """
    asked = _ask(connection, bearer, door, day)
    entry = _decide(connection, asked, direction)
    if override and entry.kind in ("help", "extra"):
        entry = replace(entry, kind="extra", reason=f"override: {override}")
    if entry.kind == "help":
        return entry
    passing = Passing(bearer, door, day, moment)
    passing.write(connection, asked.today, kind=entry.kind, direction=direction)
    if direction == "out":
        return entry
    return replace(entry, left=places_left(connection, door, day), soon=asked.soon(moment))


def objection_to(
    connection: Connection,
    bearer: int,
    door: Door,
    day: date,
    *,
    direction: str = "in",
) -> tuple[str, str]:
    """What the rule would say, with nothing written: the kind, and the reason if it refuses."""
    entry = _decide(connection, _ask(connection, bearer, door, day), direction)
    return entry.kind, entry.reason if entry.kind == "help" else ""


def first_entry(connection: Connection, bearer: int, door: Door, day: date) -> First | None:
    """When and where somebody was first let in: by any gate of that area, or at this session.

    That day, or on any day where the door takes a badge once.
    """
    return _ask(connection, bearer, door, day).first


def _ask(connection: Connection, bearer: int, door: Door, day: date) -> _Asked:
    rows = passages_of(connection, bearer, None if door.entry == "once" else day)
    return _Asked(bearer, door, day, rows, through(rows, door))


def _decide(connection: Connection, asked: _Asked, direction: str) -> Entry:
    door = asked.door
    inside = any(row.inside for row in asked.today)
    if direction == "out":
        return _way_out(door, inside=inside)
    reason = _against(connection, asked)
    if reason:
        return Entry("help", reason, asked.first if reason in USED.values() else None)
    if inside:
        return Entry("back", _inside_already(asked), asked.first)
    entry = _admit(connection, asked)
    known = asked.first and entry.kind in ("in", "extra")
    return replace(entry, kind="back", first=asked.first) if known else entry


def _way_out(door: Door, *, inside: bool) -> Entry:
    """Nobody is kept inside: who was never scanned on the way in goes out too, and it is said."""
    if not door.counts_out:
        return Entry("help", "no_way_out")
    return Entry("out", "" if inside else "not_inside")


def _against(connection: Connection, asked: _Asked) -> str:
    """Why this door takes nobody that day, nobody of that category, or not once more."""
    door = asked.door
    if door.days and asked.day.isoformat() not in door.days:
        return "wrong_day"
    if door.categories and _category(connection, asked.bearer) not in door.categories:
        return "wrong_category"
    return USED.get(door.entry, "") if asked.ever else ""


def _inside_already(asked: _Asked) -> str:
    here = next((row for row in asked.today if row.checkpoint_id == asked.door.id), None)
    if here is not None and not here.registered:
        return "not_registered"
    return "still_inside" if asked.door.counts_out else ""


def _admit(connection: Connection, asked: _Asked) -> Entry:
    """What the rule says of somebody who is not inside."""
    door = asked.door
    if door.slot_id is None:
        full = door.capacity is not None and _free(connection, door, asked.day) <= 0
        return Entry("help", "full") if full else Entry("in")
    if _holds_seat(connection, asked.bearer, door.slot_id):
        return Entry("in")
    reason = _no_room(connection, door, asked.day)
    return Entry("help", reason) if reason else Entry("extra", "not_registered")


_SEAT = select(Booking.id).where(
    Booking.attendee_id == bindparam("attendee"), Booking.slot_id == bindparam("slot")
)
_CATEGORY = (
    select(Category.key)
    .join(Attendee, Attendee.category_id == Category.id)
    .where(Attendee.id == bindparam("bearer"))
)
_CATEGORY_OF_BLANK = (
    select(Category.key)
    .join(BlankBatch, BlankBatch.category_id == Category.id)
    .join(Blank, Blank.batch_id == BlankBatch.id)
    .where(Blank.id == bindparam("bearer"))
)


def _holds_seat(connection: Connection, bearer: int, slot_id: int) -> bool:
    """A blank that belongs to nobody yet holds none."""
    if bearer >= FIRST_BLANK:
        return False
    return connection.scalar(_SEAT, {"attendee": bearer, "slot": slot_id}) is not None


def _category(connection: Connection, bearer: int) -> str | None:
    """The key of what somebody comes as; of a blank, what is printed on it."""
    statement = _CATEGORY if bearer < FIRST_BLANK else _CATEGORY_OF_BLANK
    return connection.scalar(statement, {"bearer": bearer % FIRST_BLANK})


def _no_room(connection: Connection, door: Door, day: date) -> str:
    """Why somebody without a seat stays outside ("" if they may come in).

    Open: while fewer people are inside than the room has seats. Registered first: while seats
    remain beyond those booked. Registered only: never.
    """
    if door.rule == "registered_only":
        return "registered_only"
    if door.capacity is None:
        return ""
    return "" if _free(connection, door, day) > 0 else "full"


def _free(connection: Connection, door: Door, day: date) -> int:
    """One after the other through the doors to this place; only then are the seats as they are."""
    connection.execute(same_place(door).order_by(Checkpoint.id).with_for_update())
    return free_seats(connection, door, day)


def free_seats(connection: Connection, door: Door, day: date) -> int:
    """For people without a seat of their own, at a door with limited seats."""
    capacity = door.capacity or 0
    if door.rule == "registered_first":
        extra = inside_now(connection, door, day, extra=True)
        taken = connection.scalar(select(Slot.taken).where(Slot.id == door.slot_id)) or 0
        return capacity - taken - extra
    return capacity - inside_now(connection, door, day)


def places_left(connection: Connection, door: Door, day: date) -> int | None:
    """How many more a place holds, once it is nearly full; None before, and without a limit."""
    if door.capacity is None:
        return None
    left = max(door.capacity - inside_now(connection, door, day), 0)
    return left if left * FEW <= door.capacity else None
