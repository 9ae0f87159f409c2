"""Seats: who holds one in which session, and the one rule that says what clashes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple, cast

from sqlalchemy import (
    ForeignKey,
    Select,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.base import Base, Moment
from event.prepared import Prepared
from event.programme import Slot


class UnknownSessions(LookupError):
    """Session keys that this event does not have."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = tuple(keys)


class SeatsGone(Exception):
    """The keys of sessions whose last seat went to somebody else."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(", ".join(keys))
        self.keys = tuple(keys)


class Chosen(NamedTuple):
    """What the rules need to know of a session that somebody chose."""

    id: int
    key: str
    kind: str
    capacity: int | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Clash:
    """Two chosen sessions at the same time; `refused` when both have limited seats."""

    first: Slot
    second: Slot
    refused: bool


class SeatsClash(Exception):
    """Pairs of keys: sessions with limited seats at the same time; one person cannot hold both
    seats.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__(", ".join(f"{one}/{other}" for one, other in pairs))
        self.pairs = tuple(pairs)


class Booking(Base):
    """A seat, a meeting, a turn of duty: one table, so that one rule finds all clashes."""

    __tablename__ = "bookings"
    __table_args__ = (UniqueConstraint("attendee_id", "slot_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), index=True)
    kind: Mapped[str] = mapped_column(default="session")
    booked_at: Mapped[datetime] = mapped_column(Moment)
    slot: Mapped[Slot] = relationship(lazy="raise")


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Pairs that overlap in time. Leaders attend half of one and half of another: only two limited
    ones refuse.
    """
    ordered = sorted(slots, key=lambda slot: (slot.starts_at, slot.id))
    pairs = combinations(ordered, 2)
    return [Clash(a, b, refused=_limited(a, b)) for a, b in pairs if _overlap(a, b)]


def _overlap(one: Slot | Chosen, other: Slot | Chosen) -> bool:
    """Whether nobody could sit through both."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _limited(one: Slot | Chosen, other: Slot | Chosen) -> bool:
    return one.capacity is not None and other.capacity is not None


_CHOSEN = Prepared(
    select(Slot.id, Slot.key, Slot.kind, Slot.capacity, Slot.starts_at, Slot.ends_at).where(
        Slot.key == bindparam("key")
    )
)


def choose(session: Session, keys: Sequence[str]) -> list[Chosen]:
    """The sessions behind the keys, checked against each other.

    Raises `UnknownSessions`, `SeatsClash`.
    """
    wanted = set(keys)
    rows = [row for key in wanted for row in _CHOSEN(session.connection(), key=key)]
    found = sorted((Chosen(*row) for row in rows), key=lambda slot: (slot.starts_at, slot.id))
    missing = wanted - {slot.key for slot in found}
    if missing:
        raise UnknownSessions(sorted(missing))
    pairs = [(a, b) for a, b in combinations(found, 2) if _limited(a, b) and _overlap(a, b)]
    if pairs:
        raise SeatsClash([(a.key, b.key) for a, b in pairs])
    return found


_SLOTS = cast(Table, Slot.__table__)
_TAKE_SEAT = Prepared(
    update(_SLOTS)
    .where(
        _SLOTS.c.id == bindparam("slot"),
        or_(_SLOTS.c.capacity.is_(None), _SLOTS.c.taken < _SLOTS.c.capacity),
    )
    .values(taken=_SLOTS.c.taken + 1)
    .returning(_SLOTS.c.id)
)


_SEAT = Prepared(insert(Booking).returning(Booking.id))


def book(session: Session, attendee_id: int, slots: Sequence[Chosen], *, at: datetime) -> None:
    """Take a seat in each, or in none: the UPDATE itself decides who gets the last one.

    Slots are taken in order of id, so that two people booking the same two never wait in a ring.
    Raises `SeatsGone`; the caller rolls back.
    """
    connection = session.connection()
    ordered = sorted(slots, key=lambda slot: slot.id)
    gone = [slot.key for slot in ordered if not _TAKE_SEAT(connection, slot=slot.id)]
    if gone:
        raise SeatsGone(gone)
    for slot in slots:
        _SEAT(connection, attendee_id=attendee_id, slot_id=slot.id, kind=slot.kind, booked_at=at)
    _look_again(session)


def _look_again(session: Session) -> None:
    """Seats are taken past the objects in hand."""
    for slot in session.identity_map.values():
        if isinstance(slot, Slot):
            session.expire(slot, ["taken"])


def book_one(session: Session, attendee_id: int, slot_id: int, *, at: datetime) -> bool:
    """Take a seat in one session, or say that there is none; does not commit."""
    connection = session.connection()
    if not _TAKE_SEAT(connection, slot=slot_id):
        return False
    kind = session.scalars(select(Slot.kind).where(Slot.id == slot_id)).one()
    _SEAT(connection, attendee_id=attendee_id, slot_id=slot_id, kind=kind, booked_at=at)
    _look_again(session)
    return True


def drop(session: Session, attendee_id: int, *, keep: Sequence[str] = ()) -> list[int]:
    """Give seats back, all but those in the sessions named by `keep`; the sessions' numbers.

    Whoever waits for one is next: `waiting.settle` comes in the same transaction.
    """
    given_back = session.execute(
        select(Booking.id, Slot.id)
        .join(Slot)
        .where(Booking.attendee_id == attendee_id, Slot.key.not_in(keep))
        .order_by(Slot.id)
    ).all()
    for booking_id, slot_id in given_back:
        session.execute(delete(Booking).where(Booking.id == booking_id))
        session.execute(
            update(Slot)
            .where(Slot.id == slot_id)
            .values(taken=Slot.taken - 1)
            .execution_options(synchronize_session="fetch")
        )
    return [slot_id for _, slot_id in given_back]


def held(session: Session, attendee_id: int) -> str:
    """The keys of somebody's sessions, with spaces between them, as the journal keeps them."""
    mine = select(Slot.key).join(Booking).where(Booking.attendee_id == attendee_id)
    return " ".join(session.scalars(mine.order_by(Slot.id)))


def booked(attendee_id: int) -> Select[Slot]:
    """What one person chose, in order of time."""
    return (
        select(Slot)
        .join(Booking, Booking.slot_id == Slot.id)
        .where(Booking.attendee_id == attendee_id)
        .order_by(Slot.starts_at, Slot.id)
    )
