"""A checkpoint as the rule of its door needs it, and how many are inside."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from event.prepared import Prepared
from event.programme import Checkpoint, Event, Slot
from event.scans import BlankPresence, Presence


class UnknownCheckpoint(LookupError):
    """The gate or session that was named does not exist (any more)."""


@dataclass(frozen=True)
class Door:
    """`capacity` empty means no limit; `days` and `categories` empty mean all of them.

    Gates of one `area` count together. `zone` says when a day begins and ends there.
    """

    id: int
    gate: bool
    slot_id: int | None = None
    rule: str = "open"
    capacity: int | None = None
    entry: str = "free"
    area: str = ""
    days: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    zone: str = "Asia/Ho_Chi_Minh"

    @property
    def counts_out(self) -> bool:
        """Whether guests are scanned on their way out too."""
        return self.entry == "in_out"


DOORS = select(
    Checkpoint.id,
    Checkpoint.key,
    Checkpoint.kind,
    Checkpoint.slot_id,
    Checkpoint.area,
    Checkpoint.days,
    func.coalesce(Slot.entry, Checkpoint.entry).label("entry"),
    case((Slot.id.is_(None), Checkpoint.categories), else_=Slot.categories).label("categories"),
    func.coalesce(Slot.capacity, Checkpoint.capacity).label("capacity"),
    Slot.rule,
    select(Event.zone).limit(1).scalar_subquery().label("zone"),
).outerjoin(Slot, Slot.id == Checkpoint.slot_id)
_DOOR = Prepared(DOORS.where(Checkpoint.key == bindparam("checkpoint")))


def open_door(session: Session, key: str) -> Door:
    """The door of a checkpoint. Raises `UnknownCheckpoint`."""
    row = _DOOR.first(session.connection(), checkpoint=key)
    if row is None:
        raise UnknownCheckpoint(key)
    return door_from(row)


def door_from(row: Row[*tuple[Any, ...]]) -> Door:
    """Of a row of `DOORS`."""
    return Door(
        id=row.id,
        gate=row.kind == "gate",
        slot_id=row.slot_id,
        rule=row.rule or "open",
        capacity=row.capacity,
        entry=row.entry,
        area=row.area,
        days=tuple(row.days),
        categories=tuple(row.categories),
        zone=row.zone,
    )


def same_place(door: Door) -> Select[int]:
    """The checkpoints that lead to where this door leads."""
    if not door.gate:
        return select(Checkpoint.id).where(Checkpoint.id == door.id)
    return select(Checkpoint.id).where(Checkpoint.kind == "gate", Checkpoint.area == door.area)


def inside_now(connection: Connection, door: Door, day: date, *, extra: bool = False) -> int:
    """How many are inside that day, by this door or another of its area, blank badges too.

    Where nobody is scanned on the way out, that is everybody who came that day. `extra`: only
    those without a seat of their own.
    """
    people, blanks = (_inside(table, door, day, extra=extra) for table in (Presence, BlankPresence))
    return connection.scalar(select(people + blanks)) or 0


def _inside(
    table: type[Presence | BlankPresence], door: Door, day: date, *, extra: bool
) -> ScalarSelect[int]:
    here = (
        table.checkpoint_id.in_(same_place(door)) if door.gate else table.checkpoint_id == door.id
    )
    count = select(func.count()).where(here, table.day == day, table.inside.is_(True))
    if extra:
        count = count.where(table.registered.is_(False))
    return count.scalar_subquery()
