"""When everybody may be erased: after the day that the event names, and with an organiser's yes."""

from datetime import date, datetime

from sqlalchemy import Select, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.about import about
from event.attendees import Attendee
from event.base import Base, Moment, begin_writing
from event.journal import note
from event.programme import Event
from event.scans import day_of


class ErasureYes(Base):
    """An organiser's yes to erase everybody after a day. It holds for this day of this event
    alone: where the file names another one, it has to be given again.
    """

    __tablename__ = "erasure_yes"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(60))
    after: Mapped[date]
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    taken_back_at: Mapped[datetime | None] = mapped_column(Moment)


class NotYet(Exception):
    """Nobody may be erased now; `why` is a key: no_date, rehearsal, too_early."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def too_early(event: Event, *, at: datetime, really: datetime) -> str:
    """Why nobody may be erased now, or ""."""
    shown = about(event)
    if shown.rehearsal:
        return "rehearsal"
    if shown.keep_until is None:
        return "no_date"
    today = min(day_of(event, at), day_of(event, really))
    return "" if today > shown.keep_until else "too_early"


def say_yes(session: Session, event: Event, *, at: datetime, by: str) -> None:
    """Let everybody be erased in the first night after the day that the event names.

    Raises `NotYet` where it names none, or where its days were moved for a rehearsal.
    """
    shown = about(event)
    if shown.rehearsal or shown.keep_until is None:
        raise NotYet("rehearsal" if shown.rehearsal else "no_date")
    begin_writing(session)
    session.add(ErasureYes(event_key=event.key, after=shown.keep_until, by=by, at=at))
    note(session, "erasure_agreed", "event", event.id, by=by, at=at)
    session.commit()


def take_back(session: Session, event: Event, *, at: datetime, by: str) -> None:
    """Nobody is to be erased by itself after all."""
    begin_writing(session)
    given = update(ErasureYes).where(ErasureYes.taken_back_at.is_(None))
    session.execute(given.values(taken_back_at=at))
    note(session, "erasure_held", "event", event.id, by=by, at=at)
    session.commit()


def yes_to(event: Event) -> Select[ErasureYes]:
    """The yes that holds for the day which the event names now."""
    return (
        select(ErasureYes)
        .where(ErasureYes.event_key == event.key, ErasureYes.taken_back_at.is_(None))
        .where(ErasureYes.after == about(event).keep_until)
        .order_by(ErasureYes.id.desc())
        .limit(1)
    )


def is_due(session: Session, event: Event, *, at: datetime, really: datetime) -> bool:
    """Whether the nightly job is to erase everybody: the day is past by both clocks, an organiser
    said yes, and there is somebody to erase.
    """
    if too_early(event, at=at, really=really) or session.scalar(yes_to(event)) is None:
        return False
    somebody = select(Attendee.id).where(Attendee.erased_at.is_(None)).limit(1)
    return session.scalar(somebody) is not None
