"""The scan log, in which every scan stays, and who is present: what is derived from it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event.attendees import Attendee
from event.base import Base, Moment
from event.programme import Checkpoint, Event

METHODS = ("camera", "scanner", "search", "kiosk")
ADMITTING = ("in", "back", "extra")


class Scan(Base):
    """One scan, refusals included. Rows are only ever added; an undo is a row of its own.

    `reason` is a key for staff; after an override or an undo, the words that were given for it.
    """

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("device", "nonce"),
        Index("ix_scans_attendee", "attendee_id", "id"),
        Index("ix_scans_checkpoint", "checkpoint_id", "scanned_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    method: Mapped[str] = mapped_column(String(10))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    direction: Mapped[str] = mapped_column(String(3), default="in")
    scanned_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    verdict: Mapped[str] = mapped_column(String(12))  # in, back, extra, help, again, undone
    reason: Mapped[str] = mapped_column(String(200), default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"), unique=True)
    attendee: Mapped[Attendee | None] = relationship(lazy="raise")
    checkpoint: Mapped[Checkpoint] = relationship(lazy="raise")


class Presence(Base):
    """That somebody was let in at one place on one day: settles two doors at once.

    Derived from the scan log and rebuilt from it by `corrections.rebuild`. `registered` is false
    for those who were let into a session without a seat of their own.
    """

    __tablename__ = "presences"
    __table_args__ = (
        UniqueConstraint("attendee_id", "checkpoint_id", "day"),
        Index("ix_presences_place", "checkpoint_id", "day", "registered", "entries"),
        Index("ix_presences_day", "day", "attendee_id", "first_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    day: Mapped[date]
    first_at: Mapped[datetime] = mapped_column(Moment)
    entries: Mapped[int] = mapped_column(default=1)
    registered: Mapped[bool] = mapped_column(default=True)


def day_of(event: Event, moment: datetime) -> date:
    """The calendar day at the place of the event."""
    return moment.astimezone(ZoneInfo(event.zone)).date()


def undone() -> Select[int | None]:
    """The scans that were taken back."""
    return select(Scan.undoes_id).where(Scan.undoes_id.is_not(None))


def recent(device: str) -> Select[Scan]:
    """What one device scanned, newest first."""
    return select(Scan).where(Scan.device == device).order_by(Scan.id.desc())


def scans_of(attendee_id: int) -> Select[Scan]:
    """Every scan of one person, newest first."""
    return select(Scan).where(Scan.attendee_id == attendee_id).order_by(Scan.id.desc())
