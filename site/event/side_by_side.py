"""A day of the programme as a timetable: hours down, rooms side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from event.offer import Day, Stretch
from event.programme import Room, Slot


@dataclass(frozen=True)
class Row:
    """What begins and ends together: a session for all rooms, or one list for each room."""

    stretch: Stretch
    alone: Slot | None
    cells: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True)
class Timetable:
    """`rooms` are those in which sessions run in parallel; None stands for "not known yet"."""

    day: Day
    rooms: tuple[Room | None, ...]
    rows: tuple[Row, ...]


def side_by_side(day: Day) -> Timetable:
    """Rooms in the order of the event file; a session without company takes the whole width."""
    parallel = [slot for stretch in day.stretches if len(stretch.sessions) > 1
                for slot in stretch.sessions]  # fmt: skip
    rooms = tuple(_in_order(slot.room for slot in parallel))
    return Timetable(day, rooms, tuple(_row(stretch, rooms) for stretch in day.stretches))


def _in_order(rooms: Iterable[Room | None]) -> Iterator[Room | None]:
    known = {room.id if room else None: room for room in rooms}
    yield from sorted((room for room in known.values() if room), key=lambda room: room.position)
    if None in known:
        yield None


def _row(stretch: Stretch, rooms: tuple[Room | None, ...]) -> Row:
    if len(stretch.sessions) == 1:
        return Row(stretch, stretch.sessions[0], ())
    held = [room.id if room else None for room in rooms]
    cells = (tuple(slot for slot in stretch.sessions if slot.room_id == room) for room in held)
    return Row(stretch, None, tuple(cells))
