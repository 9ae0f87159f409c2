"""Print runs: who printed which badges when, and who needs a new one because theirs has changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Select, String, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, add_rows, begin_writing
from event.jobs import Job, cancel
from event.journal import note
from event.looks import Looks, keep
from event.programme import Event

OF_A_PERSON = (
    *("revision", "name", "degree", "organisation", "position", "category_id"),
    "language",
)
"""Columns of a person that a badge shows. When one of them changes, it has to be printed again."""
ON_A_BADGE = (*OF_A_PERSON, "tracks")
"""With the tracks of sessions and interests, as the bits of `event.looks`."""
TOLD = ("layout", "people", "options")
BATCH = 1000
NOT_LONG_AGO = 200  # runs


class PrintRun(Base):
    """One printing; its `id` is the number that people say.

    `people` holds the words of `event.people`, `options` those of `event.layouts.Imposing`,
    `sha256` that of the file in hex, `edition` how things looked by `event.looks`, `reasons` why so
    many were printed. A run whose job is over, and which is neither done nor cancelled, has failed.
    """

    __tablename__ = "print_runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    layout: Mapped[str] = mapped_column(String(60))
    people: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    count: Mapped[int] = mapped_column(default=0)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    edition: Mapped[str] = mapped_column(String(16), default="")
    reasons: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def kept(self) -> bool:
        """Whether its file can be fetched."""
        return self.done_at is not None and self.dropped_at is None

    @property
    def apart(self) -> bool:
        """Whether it holds blank badges, those of a desk's printer, or one picked by hand."""
        alone = self.count == 1 and "ids" in self.people
        return alone or "blanks" in self.people or "printer" in self.people


class Printed(Base):
    """What stood on one person's badge when a run printed it, written when its file was whole."""

    __tablename__ = "printed"
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), primary_key=True
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("print_runs.id"), primary_key=True)
    revision: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    degree: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(120))
    category_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    tracks: Mapped[int] = mapped_column(BigInteger)


Mark = tuple[int, int, str, str, str, str, int, str, int]
"""A person's number, and what stood on the badge in the order of `ON_A_BADGE`."""


@dataclass(frozen=True)
class Paper:
    """A file that is whole: what it is called, how long it is, and whom it holds."""

    file_name: str
    size: int
    sha256: str
    marks: Sequence[Mark]
    looks: Looks = ()
    reasons: Mapping[str, int] = field(default_factory=dict)


def order_run(
    session: Session, event: Event, wish: dict[str, Any], *, by: str, at: datetime
) -> PrintRun:
    """A run with its number and the job that makes it; who takes badges away is in the journal.

    `wish` holds `layout` and `people` beside what the maker of the file wants to know.
    """
    begin_writing(session)
    run = _numbered(session, wish, by=by, at=at)
    job = Job(kind="badges", wish=wish | {"run": run.id}, asked_by=by, asked_at=at)
    session.add(job)
    session.flush()
    run.job_id = job.id
    told = {key: wish[key] for key in (*TOLD, "list", "format") if wish.get(key)}
    note(session, "exported", "event", event.id, by=by, at=at, job=job.id, run=run.id, **told)
    session.commit()
    return run


def _numbered(session: Session, wish: dict[str, Any], *, by: str, at: datetime) -> PrintRun:
    options = wish.get("options", {})
    run = PrintRun(by=by, at=at, layout=wish["layout"], people=wish["people"], options=options)
    session.add(run)
    session.flush()
    return run


def start_run(
    session: Session, event: Event, wish: dict[str, Any], *, by: str, at: datetime
) -> PrintRun:
    """A run that its caller makes at once, without a job."""
    begin_writing(session)
    run = _numbered(session, wish, by=by, at=at)
    told = {key: wish[key] for key in TOLD if wish.get(key)}
    note(session, "exported", "event", event.id, by=by, at=at, run=run.id, list="badges", **told)
    session.commit()
    return run


def finish_run(session: Session, run_id: int, paper: Paper, *, at: datetime) -> None:
    """Say that these people's badges are printed; the caller commits, with the end of its job."""
    run = session.get_one(PrintRun, run_id)
    run.done_at, run.count = at, len(paper.marks)
    run.file_name, run.size, run.sha256 = paper.file_name, paper.size, paper.sha256
    run.edition, run.reasons = keep(session, paper.looks), dict(paper.reasons)
    session.flush()
    for start in range(0, len(paper.marks), BATCH):
        add_rows(session, Printed, *_rows(run_id, paper.marks[start : start + BATCH]))


def _rows(run_id: int, marks: Iterable[Mark]) -> Iterable[dict[str, Any]]:
    for number, *shown in marks:
        stood = dict(zip(ON_A_BADGE, shown, strict=True))
        yield {"attendee_id": number, "run_id": run_id, **stood}


def cancel_run(session: Session, run: PrintRun, *, by: str, at: datetime) -> bool:
    """Stop a run that is not done. False if it was over already; nobody is marked as printed."""
    begin_writing(session)
    job = session.get(Job, run.job_id) if run.job_id else None
    stopped = job is not None and cancel(session, job, at=at)
    if stopped:
        run.cancelled_at = at
        note(session, "print_cancelled", "run", run.id, by=by, at=at)
    session.commit()
    return stopped


def drop_file(session: Session, run: PrintRun, *, by: str, at: datetime) -> None:
    """Say that the file is not kept any longer; the caller removes it. Who is printed stays so."""
    begin_writing(session)
    session.refresh(run)
    if run.kept:
        run.dropped_at = at
        note(session, "print_dropped", "run", run.id, by=by, at=at)
    session.commit()


def call_trial(session: Session, run: PrintRun, *, by: str, at: datetime) -> bool:
    """Nothing of it came onto paper: nobody counts as printed by it, and the caller removes its
    file. False for one whose file is gone, and for blank badges, which are withdrawn instead.
    """
    begin_writing(session)
    session.refresh(run, with_for_update=True)
    trial = run.kept and "blanks" not in run.people
    if trial:
        session.execute(delete(Printed).where(Printed.run_id == run.id))
        run.done_at, run.cancelled_at, run.dropped_at = None, at, at
        note(session, "print_cancelled", "run", run.id, by=by, at=at, count=run.count)
    session.commit()
    return trial


def runs() -> Select[PrintRun, Job | None]:
    """Print runs, the newest first, each with its job as long as that is known."""
    return (
        select(PrintRun, Job).outerjoin(Job, Job.id == PrintRun.job_id).order_by(PrintRun.id.desc())
    )


def last_run(session: Session) -> PrintRun | None:
    """How badges were printed last; blank ones and one that somebody needed do not tell."""
    done = select(PrintRun).where(PrintRun.done_at.is_not(None)).order_by(PrintRun.id.desc())
    found = session.scalars(done.limit(NOT_LONG_AGO))
    return next((run for run in found if not run.apart), None)


def left_over(at: datetime) -> Select[int]:
    """Numbers of runs from before `at` whose file nobody can fetch: a sweep removes it."""
    return select(PrintRun.id).where(
        PrintRun.at < at, or_(PrintRun.done_at.is_(None), PrintRun.dropped_at.is_not(None))
    )
