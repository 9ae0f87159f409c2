"""Badges that wait to be printed at the desk: queued by a kiosk, shared by the printers there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    ForeignKey,
    Select,
    String,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.attendees import Attendee
from event.base import Base, Moment, begin_writing
from event.printing import Printed
from event.scans import Scan, undone

OPEN_FOR = timedelta(seconds=20)
"""So long after its last sign of life a printer's page counts as open."""
LEASE = timedelta(minutes=2)
"""So long a page may have a badge in hand: somebody may have to answer the browser's question."""
LONGEST_NAME = 40


class Elsewhere(Exception):
    """The printer's page was opened again in another tab, which prints from now on."""


class Printer(Base):
    """A page at the desk that prints: `name` tells guests where to fetch their badge.

    `page` is the tab that prints; `run_id` the print run that its badges are written down in.
    """

    __tablename__ = "printers"
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    page: Mapped[str] = mapped_column(String(40), default="")
    heard_at: Mapped[datetime | None] = mapped_column(Moment)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("print_runs.id"))

    def is_open(self, at: datetime) -> bool:
        """Whether its page was heard of just now."""
        return self.heard_at is not None and self.heard_at >= at - OPEN_FOR


class PrintJob(Base):
    """One badge to print, for the entry `scan_id`; `printer_id` is where its guest was sent.

    `sheet` holds what stood on it when it was drawn: mark, edition, layout and reasons.
    """

    __tablename__ = "print_jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(ForeignKey("scans.id"), unique=True)
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int]
    printer_id: Mapped[int] = mapped_column(ForeignKey("printers.id"))
    queued_at: Mapped[datetime] = mapped_column(Moment)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("printers.id"))
    taken_until: Mapped[datetime | None] = mapped_column(Moment)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    over: Mapped[str] = mapped_column(String(10), default="", index=True)
    """done, failed or cancelled; empty as long as it waits or is printed."""
    over_at: Mapped[datetime | None] = mapped_column(Moment)
    attendee: Mapped[Attendee] = relationship(lazy="raise")
    printer: Mapped[Printer] = relationship(lazy="raise", foreign_keys=printer_id)

    def state(self, at: datetime) -> str:
        """waiting, printing, or how it ended."""
        if self.over:
            return self.over
        held = self.taken_until is not None and self.taken_until > at
        return "printing" if held else "waiting"


@dataclass(frozen=True)
class Beat:
    """A sign of life of a printer's page; a `fresh` one takes over from the tab before it."""

    device: str
    page: str
    fresh: bool = False


def open_printer(session: Session, device: str, name: str, *, at: datetime) -> Printer:
    """Name the printer of this browser; guests are sent to it from now on."""
    begin_writing(session)
    printer = session.scalar(select(Printer).where(Printer.device == device))
    if printer is None:
        printer = Printer(device=device, name=name)
        session.add(printer)
    printer.name, printer.heard_at = name, at
    session.commit()
    return printer


def close_printer(session: Session, printer: Printer) -> None:
    """Send nobody here any more; what waits is taken over by the printers that are open."""
    begin_writing(session)
    printer.heard_at, printer.page = None, ""
    session.execute(_in_hand(printer.id).values(taken_by=None, taken_until=None))
    session.commit()


def _in_hand(printer: int) -> Any:
    return update(PrintJob).where(PrintJob.taken_by == printer, PrintJob.over == "")


def queue_badge(connection: Connection, scan_id: int, attendee_id: int, at: datetime) -> None:
    """Queue the badge of somebody whom a kiosk just let in, in the scan's own transaction.

    Only where a printer is open, and not a second time for the same badge; the printer with the
    shortest queue gets it. Whoever calls holds the person's row.
    """
    printer = connection.scalar(_NEAREST, {"since": at - OPEN_FOR})
    if printer is None:
        return
    revision = connection.scalar(_UNPRINTED, {"attendee": attendee_id})
    if revision is None:
        return
    row = {"scan_id": scan_id, "attendee_id": attendee_id, "revision": revision}
    connection.execute(insert(PrintJob), row | {"printer_id": printer, "queued_at": at})


_STANDING = (PrintJob.over != "cancelled", PrintJob.scan_id.not_in(undone()))
_NEAREST = (
    select(Printer.id)
    .where(Printer.heard_at >= bindparam("since", type_=Moment))
    .order_by(
        select(func.count())
        .where(PrintJob.printer_id == Printer.id, PrintJob.over == "")
        .correlate(Printer)
        .scalar_subquery(),
        Printer.id,
    )
    .limit(1)
)
_UNPRINTED = select(Attendee.revision).where(
    Attendee.id == bindparam("attendee"),
    ~exists().where(
        PrintJob.attendee_id == Attendee.id, PrintJob.revision == Attendee.revision, *_STANDING
    ),
    ~exists().where(Printed.attendee_id == Attendee.id, Printed.revision == Attendee.revision),
)


def promised(session: Session, scan_id: int | None) -> str:
    """Where the badge is printed that this entry queued; "" if it queued none."""
    named = select(Printer.name).join(PrintJob, PrintJob.printer_id == Printer.id)
    return session.scalar(named.where(PrintJob.scan_id == scan_id, PrintJob.over == "")) or ""


def printed_before(session: Session, attendee_id: int) -> bool:
    """Whether somebody's badge has been printed, as it stands in the print log."""
    mine = select(Printed.run_id).join(Attendee, Attendee.id == Printed.attendee_id)
    mine = mine.where(Attendee.id == attendee_id, Printed.revision == Attendee.revision)
    return session.scalar(mine.limit(1)) is not None


def beat(session: Session, sign: Beat, *, at: datetime) -> PrintJob | None:
    """Note that a printer is there, and give it the next badge to print.

    What another tab of it had in hand is given out again. Raises `Elsewhere`.
    """
    begin_writing(session)
    known = select(Printer).where(Printer.device == sign.device)
    printer = session.scalar(known.with_for_update().execution_options(populate_existing=True))
    if printer is None or (printer.page != sign.page and not sign.fresh):
        session.rollback()
        raise Elsewhere
    if printer.page != sign.page:
        session.execute(_in_hand(printer.id).values(taken_by=None, taken_until=None))
    printer.page, printer.heard_at = sign.page, at
    session.flush()
    due = _due(printer.id, at).limit(1).with_for_update(skip_locked=True, of=PrintJob)
    job = session.scalar(due)
    if job is not None:
        job.taken_by, job.taken_until = printer.id, at + LEASE
    session.commit()
    return job


def _due(printer: int, at: datetime) -> Select[PrintJob]:
    """What this printer may take: its own, and what was meant for one that is not open."""
    free = or_(PrintJob.taken_until.is_(None), PrintJob.taken_until < at)
    there = exists().where(Printer.id == PrintJob.printer_id, Printer.heard_at >= at - OPEN_FOR)
    mine = or_(PrintJob.printer_id == printer, ~there)
    return to_print().where(free, mine).execution_options(populate_existing=True)


def to_print() -> Select[PrintJob]:
    """Badges still to come, the oldest first: not of people whose entry was taken back since."""
    return (
        select(PrintJob)
        .join(Attendee, Attendee.id == PrintJob.attendee_id)
        .where(PrintJob.over == "", _wanted())
        .where(Attendee.cancelled_at.is_(None), Attendee.erased_at.is_(None))
        .order_by(PrintJob.id)
    )


def _wanted() -> ColumnElement[bool]:
    return PrintJob.scan_id.not_in(undone())


def lately() -> Select[PrintJob]:
    """Badges that were printed, failed or were cancelled, the last first."""
    return select(PrintJob).where(PrintJob.over != "").order_by(PrintJob.over_at.desc())


def put_back(session: Session, job: PrintJob, *, at: datetime) -> None:
    """Print it (again), wherever a printer is open."""
    _end(session, job, "", at)


def cancel(session: Session, job: PrintJob, *, at: datetime) -> None:
    """It is not to be printed."""
    _end(session, job, "cancelled", at)


def fail(session: Session, job: PrintJob, *, at: datetime) -> None:
    """It could not be printed: it waits for somebody to look at it."""
    _end(session, job, "failed", at)


def _end(session: Session, job: PrintJob, over: str, at: datetime) -> None:
    begin_writing(session)
    told = {"over": over, "over_at": at if over else None, "taken_by": None, "taken_until": None}
    session.execute(update(PrintJob).where(PrintJob.id == job.id).values(told))
    session.commit()
    session.refresh(job)


def openings(session: Session, *, at: datetime) -> list[Printer]:
    """The printers that are open now."""
    heard = Printer.heard_at >= at - OPEN_FOR
    return list(session.scalars(select(Printer).where(heard).order_by(Printer.id)))


def entry_of(job: PrintJob) -> Select[Scan]:
    """The scan that queued it."""
    return select(Scan).where(Scan.id == job.scan_id)
