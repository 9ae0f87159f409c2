"""The queues for full sessions, in order: a freed seat goes at once to the next who can take it.

Nobody is asked first, since such letters lie unread: whoever is next has the seat, is told so, and
may give it back. So a seat is free beside a queue only while everybody in it sits elsewhere at the
same time.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    text,
    union,
)
from sqlalchemy.orm import Mapped, Session, aliased, contains_eager, mapped_column, relationship

from event.base import Base, Moment
from event.bookings import Booking, book_one, held
from event.journal import note
from event.mail import queue_mail
from event.person import Attendee, has_place
from event.programme import Slot

SEATED = "seated"
"""A kind of mail, with the session's number behind it."""
WAITING = "waiting"
"""Who did it, where a queue moved by itself."""


class Wait(Base):
    """Somebody's turn for a session; who came first has the lower number."""

    __tablename__ = "waits"
    __table_args__ = (UniqueConstraint("slot_id", "attendee_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), index=True
    )
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(Moment)
    slot: Mapped[Slot] = relationship(lazy="raise")
    attendee: Mapped[Attendee] = relationship(lazy="raise")


def hold_queues(session: Session) -> None:
    """Let seats be freed and queued for by nobody else until this transaction ends.

    SQLite has one writer anyway. Registrations need not wait: they take free seats alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE waits IN EXCLUSIVE MODE"))


def hold_seats(session: Session, attendee_id: int, keys: Iterable[str]) -> None:
    """The sessions that somebody holds, waits for or wants, in order: nobody waits in a ring."""
    theirs = union(
        select(Booking.slot_id).where(Booking.attendee_id == attendee_id),
        select(Wait.slot_id).where(Wait.attendee_id == attendee_id),
        select(Slot.id).where(Slot.key.in_(list(keys))),
    )
    session.execute(
        select(Slot.id).where(Slot.id.in_(theirs)).order_by(Slot.id).with_for_update()
    ).all()


def settle(
    session: Session, slots: Iterable[int], *, at: datetime, told: Collection[int] = ()
) -> None:
    """Give what is free in these sessions to those who wait; does not commit.

    Whoever calls it holds the queues (`hold_queues`). `told` hear of it by another letter.
    """
    for number in sorted(set(slots)):
        while _seat_next(session, number, at, told):
            pass


def settle_all(session: Session, *, at: datetime) -> None:
    """The same for every queue: sessions that moved may no longer stand in anybody's way."""
    settle(session, session.scalars(select(Wait.slot_id).distinct()), at=at)


def _seat_next(session: Session, slot_id: int, at: datetime, told: Collection[int]) -> bool:
    turn = session.execute(_next(slot_id)).first()
    if turn is None or not book_one(session, turn.attendee_id, slot_id, at=at):
        return False
    session.execute(delete(Wait).where(Wait.id == turn.id))
    after = held(session, turn.attendee_id)
    before = " ".join(key for key in after.split() if key != turn.key)
    seats = {"sessions": [before, after]}
    note(session, "seated", "attendee", turn.attendee_id, by=WAITING, at=at, **seats)
    if turn.email and turn.attendee_id not in told:
        queue_mail(session, turn.attendee_id, f"{SEATED} {slot_id}", at=at)
    return True


def _next(slot_id: int) -> Select[int, int, str, str]:
    """The first in the queue who holds a place and no limited seat elsewhere at that time."""
    return (
        select(Wait.id, Wait.attendee_id, Attendee.email, Slot.key)
        .join(Attendee, Attendee.id == Wait.attendee_id)
        .join(Slot, Slot.id == Wait.slot_id)
        .where(Wait.slot_id == slot_id, has_place())
        .where(or_(Slot.capacity.is_(None), Slot.taken < Slot.capacity))
        .where(or_(Slot.capacity.is_(None), ~_sits_elsewhere()))
        .order_by(Wait.id)
        .limit(1)
    )


def _sits_elsewhere() -> ColumnElement[bool]:
    """The rule of `bookings.clashes`, for the database."""
    other = aliased(Slot)
    overlapping = (other.starts_at < Slot.ends_at) & (Slot.starts_at < other.ends_at)
    return (
        select(Booking.id)
        .join(other, other.id == Booking.slot_id)
        .where(Booking.attendee_id == Wait.attendee_id, other.capacity.is_not(None), overlapping)
        .correlate(Wait, Slot)
        .exists()
    )


def stand_in(session: Session, attendee_id: int, slots: Iterable[int], *, at: datetime) -> None:
    """Put somebody at the end of these queues; does not commit."""
    session.add_all(Wait(attendee_id=attendee_id, slot_id=slot, since=at) for slot in slots)
    session.flush()


def step_out(session: Session, attendee_id: int, slots: Iterable[int]) -> None:
    """Take somebody out of these queues; does not commit."""
    gone = (Wait.attendee_id == attendee_id) & Wait.slot_id.in_(list(slots))
    session.execute(delete(Wait).where(gone))


def waited_for(session: Session, attendee_id: int) -> list[int]:
    """The numbers of the sessions that somebody waits for."""
    mine = select(Wait.slot_id).where(Wait.attendee_id == attendee_id)
    return list(session.scalars(mine.order_by(Wait.slot_id)))


def wished(session: Session, attendee_id: int) -> str:
    """The keys of those sessions, with spaces between them, as `bookings.held` gives seats."""
    mine = select(Slot.key).join(Wait).where(Wait.attendee_id == attendee_id)
    return " ".join(session.scalars(mine.order_by(Slot.id)))


def turns(attendee_id: int) -> Select[Wait, int]:
    """What one person waits for, in order of time, and how many have gone before them."""
    earlier = aliased(Wait)
    place = (
        select(func.count())
        .where(earlier.slot_id == Wait.slot_id, earlier.id <= Wait.id)
        .correlate(Wait)
        .scalar_subquery()
    )
    return (
        select(Wait, place)
        .join(Wait.slot)
        .options(contains_eager(Wait.slot))
        .where(Wait.attendee_id == attendee_id)
        .order_by(Slot.starts_at, Slot.id)
    )


def queue(slot_id: int) -> Select[Wait]:
    """Everybody who waits for a session, the next first."""
    return (
        select(Wait)
        .join(Wait.attendee)
        .options(contains_eager(Wait.attendee))
        .where(Wait.slot_id == slot_id)
        .order_by(Wait.id)
    )


def lengths() -> Select[int, int]:
    """Session and how many with a place at the event wait for it, where anybody does."""
    waiting = select(Wait.slot_id, func.count()).join(Wait.attendee).where(has_place())
    return waiting.group_by(Wait.slot_id)
