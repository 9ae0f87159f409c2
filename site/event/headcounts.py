"""People who pass a door without a badge: counted by number, apart from people and from badges."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from event.base import Base, Moment, begin_writing
from event.doors import open_door
from event.programme import Checkpoint, Event
from event.scans import day_of

MOST = 500
"""People that one press can count; a whole coach is fewer."""
WHILE_FRESH = timedelta(minutes=10)


class NothingToTakeBack(LookupError):
    """This device counted nothing under that nonce, too long ago, or took it back already."""


class NonceOfAnother(ValueError):
    """The device used one nonce for two counts: the second is not the one that was answered."""


class Headcount(Base):
    """One press. Rows are only ever added: taking back is a row with the number below zero."""

    __tablename__ = "headcounts"
    __table_args__ = (
        UniqueConstraint("device", "nonce"),
        Index("ix_headcounts_checkpoint", "checkpoint_id", "day", "people"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    people: Mapped[int]
    day: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("headcounts.id"), unique=True)


@dataclass(frozen=True)
class Counted:
    """One press as a device reports it; `undoes` is the nonce of an earlier one to take back."""

    device: str
    nonce: str
    checkpoint: str
    counted_at: datetime
    people: int = 0
    undoes: str = ""
    staff_id: int | None = None


def count_people(session: Session, event: Event, counted: Counted, *, at: datetime) -> int:
    """Write a press down, and say how many were counted at that door that day.

    The same device and nonce again change nothing. Raises `UnknownCheckpoint`, `NonceOfAnother`,
    `NothingToTakeBack`.
    """
    door = open_door(session, counted.checkpoint).id
    begin_writing(session)
    try:
        session.add(_row(session, event, counted, door, at))
        session.commit()
    except IntegrityError:  # sent twice
        session.rollback()
        _recall(session, counted, door)
    except BaseException:
        session.rollback()
        raise
    return counted_at(session, door, day_of(event, counted.counted_at))


def take_count(session: Session, event: Event, counted: Counted, *, at: datetime) -> None:
    """The same among other reports of a device, in a transaction that the caller commits."""
    door = open_door(session, counted.checkpoint).id
    if _known(session, counted):
        _recall(session, counted, door)
        return
    session.add(_row(session, event, counted, door, at))
    session.flush()


def _row(session: Session, event: Event, counted: Counted, door: int, at: datetime) -> Headcount:
    people, undoes, day = counted.people, None, day_of(event, counted.counted_at)
    if counted.undoes and not _known(session, counted):
        taken = _to_take_back(session, counted, door)
        people, undoes, day = -taken.people, taken.id, taken.day
    return Headcount(
        device=counted.device,
        nonce=counted.nonce,
        staff_id=counted.staff_id,
        checkpoint_id=door,
        people=people,
        day=day,
        counted_at=counted.counted_at,
        received_at=at,
        undoes_id=undoes,
    )


def _known(session: Session, counted: Counted) -> Headcount | None:
    mine = Headcount.device == counted.device, Headcount.nonce == counted.nonce
    return session.scalar(select(Headcount).where(*mine))


def _to_take_back(session: Session, counted: Counted, door: int) -> Headcount:
    undoing = aliased(Headcount)
    row = session.scalar(
        select(Headcount)
        .outerjoin(undoing, undoing.undoes_id == Headcount.id)
        .where(
            Headcount.device == counted.device,
            Headcount.nonce == counted.undoes,
            Headcount.checkpoint_id == door,
            Headcount.undoes_id.is_(None),
            undoing.id.is_(None),
        )
    )
    if row is None or abs(counted.counted_at - row.counted_at) > WHILE_FRESH:
        raise NothingToTakeBack(counted.undoes)
    return row


def _recall(session: Session, counted: Counted, door: int) -> None:
    row = _known(session, counted)
    same = row is not None and row.checkpoint_id == door and bool(counted.undoes) == bool(
        row.undoes_id
    )  # fmt: skip
    if row is None or not same or (row.people != counted.people and not counted.undoes):
        raise NonceOfAnother(counted.nonce)


def counted_at(session: Session, checkpoint_id: int, day: date) -> int:
    """How many people without a badge were counted at one door on one day."""
    total = select(func.sum(Headcount.people)).where(
        Headcount.checkpoint_id == checkpoint_id, Headcount.day == day
    )
    return session.scalar(total) or 0


def counted_by_door() -> Select[Checkpoint, date, int]:
    """People without a badge for each door and day that has any, in the order of the doors."""
    people = func.sum(Headcount.people)
    return (
        select(Checkpoint, Headcount.day, people)
        .join(Headcount, Headcount.checkpoint_id == Checkpoint.id)
        .group_by(Checkpoint.id, Headcount.day)
        .having(people > 0)
        .order_by(Headcount.day, Checkpoint.position, Checkpoint.id)
    )
