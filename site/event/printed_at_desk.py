"""A badge that came out at the desk, in the print log: so that "changed since" knows of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.looks import Looks, keep
from event.printing import ON_A_BADGE, Mark, Printed, PrintRun
from event.printqueue import Printer, PrintJob
from event.reprints import tally

SAME_RUN = timedelta(hours=12)
"""So long the badges of one printer are written down in one run, unless their look changes."""


def drawn(
    session: Session, job: PrintJob, mark: Mark, looks: Looks, layout: str
) -> Mapping[str, object]:
    """Keep what stands on the badge that a page is about to print; the run takes it from here."""
    begin_writing(session)
    sheet = {
        "mark": list(mark),
        "edition": keep(session, looks),
        "layout": layout,
        "reasons": tally(session, [mark], looks),
    }
    session.execute(update(PrintJob).where(PrintJob.id == job.id).values(sheet=sheet))
    session.commit()
    return sheet


def printed(session: Session, job: PrintJob, *, by: str, at: datetime) -> bool:
    """Say that it came out. False if that was said before, or nothing was drawn."""
    begin_writing(session)
    session.refresh(job, with_for_update=True)
    if job.over == "done" or not job.sheet:
        session.rollback()
        return False
    run = _run(session, job, by, at)
    if session.get(Printed, (job.attendee_id, run.id)) is None:
        run.count += 1
    number, *shown = job.sheet["mark"]
    stood = dict(zip(ON_A_BADGE, shown, strict=True))
    session.merge(Printed(attendee_id=number, run_id=run.id, **stood))
    for reason, count in job.sheet["reasons"].items():
        run.reasons = {**run.reasons, reason: run.reasons.get(reason, 0) + count}
    job.over, job.over_at, job.taken_by, job.taken_until = "done", at, None, None
    session.commit()
    return True


def _run(session: Session, job: PrintJob, by: str, at: datetime) -> PrintRun:
    """The run of the printer that has it in hand; a new one each half-day, or for another look."""
    chosen = select(Printer).where(Printer.id == (job.taken_by or job.printer_id))
    printer = session.scalars(chosen.with_for_update()).one()
    run = session.get(PrintRun, printer.run_id) if printer.run_id else None
    sheet = job.sheet
    same = run and (run.edition, run.layout) == (sheet["edition"], sheet["layout"])
    if run is None or not same or at - run.at > SAME_RUN:
        run = PrintRun(by=by, at=at, layout=sheet["layout"], edition=sheet["edition"], count=0,
                       people={"printer": printer.name}, options={}, reasons={},
                       done_at=at, dropped_at=at)  # fmt: skip
        session.add(run)
        session.flush()
        printer.run_id = run.id
    return run
