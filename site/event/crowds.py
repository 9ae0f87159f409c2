"""How many are inside now: where there is a limit, or where guests are scanned in and out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from event.doors import FEW, open_door
from event.places import inside_now
from event.programme import Checkpoint, checkpoints
from event.scans import BlankPresence, Presence


@dataclass(frozen=True)
class Crowd:
    """One place with all its doors; `capacity` is None where there is no limit."""

    doors: tuple[Checkpoint, ...]
    inside: int
    capacity: int | None

    @property
    def left(self) -> int | None:
        """How many more there is room for."""
        return None if self.capacity is None else max(self.capacity - self.inside, 0)

    @property
    def near(self) -> bool:
        """Whether it is nearly full."""
        return self.left is not None and self.left * FEW <= (self.capacity or 0)


def counts_inside(place: Checkpoint) -> bool:
    """Whether it is worth telling how many are inside there."""
    return place.stated.entry == "in_out" or place.stated.capacity is not None


def crowd_at(session: Session, place: Checkpoint, day: date) -> Crowd | None:
    """Behind one door; None where that is not counted."""
    if not counts_inside(place):
        return None
    door = open_door(session, place.key)
    return Crowd((place,), inside_now(session.connection(), door, day), door.capacity)


def crowds(session: Session, day: date) -> list[Crowd]:
    """Behind all gates that count it, and in sessions scanned in and out; in two queries.

    Gates of one area are one place.
    """
    places: dict[tuple[str, str], list[Checkpoint]] = {}
    for place in session.scalars(checkpoints()):
        where = ("area", place.area) if place.slot is None else ("session", place.key)
        places.setdefault(where, []).append(place)
    told = [doors for doors in places.values() if _told(doors)]
    inside = dict(session.execute(_inside(day, chain.from_iterable(told))).all())
    return [_crowd(doors, inside) for doors in told]


def _told(doors: Iterable[Checkpoint]) -> bool:
    """A session with seats stands among the sessions already."""
    return any(counts_inside(d) if d.slot is None else d.slot.entry == "in_out" for d in doors)


def _crowd(doors: list[Checkpoint], inside: dict[int, int]) -> Crowd:
    limits = [door.stated.capacity for door in doors if door.stated.capacity is not None]
    many = sum(inside.get(door.id, 0) for door in doors)
    return Crowd(tuple(doors), many, max(limits, default=None))


def _inside(day: date, doors: Iterable[Checkpoint]) -> Select[int, int]:
    """By checkpoint, people and nameless blanks together; each reads one stretch of the index."""
    people, blanks = (
        select(func.count())
        .where(table.checkpoint_id == Checkpoint.id, table.day == day, table.inside.is_(True))
        .correlate(Checkpoint)
        .scalar_subquery()
        for table in (Presence, BlankPresence)
    )
    here = Checkpoint.id.in_([door.id for door in doors])
    return select(Checkpoint.id, people + blanks).where(here)
