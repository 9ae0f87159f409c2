"""The scan log, in which every scan stays, and who is present: what is derived from it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    or_,
    select,
    text,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from event.attendees import Attendee
from event.base import Base, Moment
from event.blanks import Blank
from event.programme import Checkpoint, Event

METHODS = ("camera", "scanner", "search", "kiosk")
DIRECTIONS = ("in", "out")
ADMITTING = ("in", "back", "extra")
PASSING = (*ADMITTING, "out")
"""After these, the guest stood on the other side of the door."""
DECIDED = (*PASSING, "help", "again")
"""What a device can decide without the server."""


def _where_given(name: str, *columns: str, unique: bool = False) -> Index:
    """An index of the few rows that have the first of these columns; the others write none."""
    given = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=unique, sqlite_where=given, postgresql_where=given)


class Scan(Base):
    """One scan, refusals included. Rows are only ever added; an undo is a row of its own.

    `reason` is a key for staff; after an override or an undo, the words that were given for it.
    A blank badge is written down by `blank_id` alone: whose scan that was, its binding says, which
    may come later and be taken back.

    `scanned_at` is by the site's clock, `device_at` by the device's own. A `provisional` scan was
    decided by the device: what it told the guest holds, and `objection` is what the server would
    have said instead. `because_id` is the scan that brought this one about: a delegation's head's.
    """

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("device", "nonce"),
        Index("ix_scans_attendee", "attendee_id", "id"),
        _where_given("ix_scans_blank", "blank_id", "id"),
        _where_given("ix_scans_because", "because_id"),
        _where_given("uq_scans_undoes", "undoes_id", unique=True),
        Index("ix_scans_checkpoint", "checkpoint_id", "verdict", "scanned_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    nonce: Mapped[str] = mapped_column(String(41))  # one more where a device amended it
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    method: Mapped[str] = mapped_column(String(10))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"))
    blank_id: Mapped[int | None] = mapped_column(ForeignKey("blanks.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    direction: Mapped[str] = mapped_column(String(3), default="in")
    scanned_at: Mapped[datetime] = mapped_column(Moment)
    device_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    provisional: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(12))  # in, back, extra, out, help, again, undone
    reason: Mapped[str] = mapped_column(String(200), default="")
    objection: Mapped[str] = mapped_column(String(200), default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"))
    because_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"))
    attendee: Mapped[Attendee | None] = relationship(lazy="raise")
    blank: Mapped[Blank | None] = relationship(lazy="raise")
    checkpoint: Mapped[Checkpoint] = relationship(lazy="raise")

    @property
    def person(self) -> Attendee | None:
        """Who it was, as far as that is known by now."""
        return self.blank.attendee if self.blank else self.attendee


def _as_first(row: DefaultExecutionContext) -> datetime:
    at: datetime = row.get_current_parameters()["first_at"]  # type: ignore[no-untyped-call]
    return at


class _Passage:
    """Columns of what is derived from the scan log and rebuilt from it by `recounting.rebuild`.

    `registered` is false for those who were let into a session without a seat of their own.
    `inside` is true where somebody came in last, unless they went out since: at one gate of an
    area at most. `last_at` is when they came in here last.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    day: Mapped[date]
    first_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment, default=_as_first)
    entries: Mapped[int] = mapped_column(default=1)
    registered: Mapped[bool] = mapped_column(default=True)
    inside: Mapped[bool] = mapped_column(default=True)


class Presence(_Passage, Base):
    """That somebody was let in at one place on one day: settles two doors at once."""

    __tablename__ = "presences"
    __table_args__ = (
        UniqueConstraint("attendee_id", "checkpoint_id", "day"),
        Index("ix_presences_place", "checkpoint_id", "day", "inside", "registered", "entries"),
        Index("ix_presences_day", "day", "attendee_id", "first_at"),
    )
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"))


class BlankPresence(_Passage, Base):
    """The same for a blank badge as long as it belongs to nobody; then it counts for its person."""

    __tablename__ = "blank_presences"
    __table_args__ = (
        UniqueConstraint("blank_id", "checkpoint_id", "day"),
        Index("ix_blank_presences_place", "checkpoint_id", "day", "inside", "registered"),
    )
    blank_id: Mapped[int] = mapped_column(ForeignKey("blanks.id"))


def day_of(event: Event, moment: datetime) -> date:
    """The calendar day at the place of the event."""
    return moment.astimezone(ZoneInfo(event.zone)).date()


def undone() -> Select[int | None]:
    """The scans that were taken back."""
    return select(Scan.undoes_id).where(Scan.undoes_id.is_not(None))


def recent(device: str) -> Select[Scan]:
    """What one device scanned, newest first."""
    return select(Scan).where(Scan.device == device).order_by(Scan.id.desc())


def is_of(attendee_id: int) -> ColumnElement[bool]:
    """Whether a scan is one person's: by their own badge, or by a blank bound to them."""
    bound = select(Blank.id).where(Blank.attendee_id == attendee_id)
    return or_(Scan.attendee_id == attendee_id, Scan.blank_id.in_(bound))


def scans_of(attendee_id: int) -> Select[Scan]:
    """Every scan of one person, newest first."""
    return select(Scan).where(is_of(attendee_id)).order_by(Scan.id.desc())


def scans_of_blank(number: int) -> Select[Scan]:
    """Every scan of one blank badge, newest first."""
    return select(Scan).where(Scan.blank_id == number).order_by(Scan.id.desc())
