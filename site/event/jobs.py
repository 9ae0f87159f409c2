"""Long work as rows: what, who asked, how far it is; a killed worker's job is taken up again."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3


class Job(Base):
    """One piece of work. `result` is a file's name in the data folder, `failure` a message key."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "done_at", "lease_until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    wish: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str] = mapped_column(String(200), default="")
    failure: Mapped[str] = mapped_column(String(300), default="")


def ask(session: Session, kind: str, wish: dict[str, Any], *, by: str, at: datetime) -> Job:
    """Write a job down. The caller wakes the worker afterwards; if that fails, a sweep finds the
    row.
    """
    begin_writing(session)
    job = Job(kind=kind, wish=wish, asked_by=by, asked_at=at)
    session.add(job)
    session.commit()
    return job


def due(at: datetime) -> Select[Job]:
    """Jobs that nobody has in hand, oldest first."""
    free = or_(Job.lease_until.is_(None), Job.lease_until < at)
    return select(Job).where(Job.done_at.is_(None), free).order_by(Job.id)


def take(session: Session, job_id: int, *, at: datetime) -> Job | None:
    """Take a job in hand, or None when another worker has it or it has failed too often."""
    begin_writing(session)
    free = or_(Job.lease_until.is_(None), Job.lease_until < at)
    job = session.scalar(
        select(Job)
        .where(Job.id == job_id, Job.done_at.is_(None), free)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if job is not None:
        _begin(job, at)
    session.commit()
    return job if job is not None and job.done_at is None else None


def _begin(job: Job, at: datetime) -> None:
    """A job that took its worker down three times is given up, aloud."""
    job.attempts += 1
    job.progress, job.lease_until = 0, at + LEASE
    if job.attempts > MAX_ATTEMPTS:
        job.done_at, job.failure = at, "job.gave_up"


def report(session: Session, job: Job, progress: int, total: int, *, at: datetime) -> None:
    """Say how far a job is, and keep it in hand."""
    begin_writing(session)
    job.progress, job.total, job.lease_until = progress, total, at + LEASE
    session.commit()


def finish(
    session: Session, job: Job, *, at: datetime, result: str = "", failure: str = ""
) -> None:
    """Close a job with its file, or with the reason it failed."""
    begin_writing(session)
    job.done_at, job.result, job.failure, job.lease_until = at, result, failure, None
    if not failure:
        job.progress = job.total
    session.commit()
