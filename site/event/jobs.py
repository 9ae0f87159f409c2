"""Long work as rows: what, for whom, how far; a killed worker's job is taken up again."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, Select, String, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
KEPT = timedelta(days=1)
"""How long a finished job and its file can be fetched."""
CANCELLED = "job.cancelled"
"""The failure of a job that somebody stopped."""


class Job(Base):
    """One piece of work. `result` is the name of its file, `failure` a message key."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "done_at", "lease_until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    wish: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    begun_at: Mapped[datetime | None] = mapped_column(Moment)  # the attempt that goes on
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    result: Mapped[str] = mapped_column(String(200), default="")
    failure: Mapped[str] = mapped_column(String(300), default="")


def ask(session: Session, kind: str, wish: dict[str, Any], *, by: str, at: datetime) -> Job:
    """Write a job down. The caller wakes the worker afterwards."""
    begin_writing(session)
    job = Job(kind=kind, wish=wish, asked_by=by, asked_at=at)
    session.add(job)
    session.commit()
    return job


def take(session: Session, *, at: datetime) -> Job | None:
    """Take the oldest job that nobody has in hand, or None when there is none.

    One that took its worker down three times is given up, aloud.
    """
    begin_writing(session)
    waiting = due(at).limit(1).with_for_update(skip_locked=True)
    job = session.scalar(waiting.execution_options(populate_existing=True))
    while job is not None and job.attempts >= MAX_ATTEMPTS:
        job.done_at, job.failure, job.lease_until = at, "job.gave_up", None
        session.flush()
        job = session.scalar(waiting)
    if job is not None:
        job.attempts += 1
        job.progress, job.begun_at, job.lease_until = 0, at, at + LEASE
    session.commit()
    return job


def report(session: Session, job_id: int, progress: int, total: int, *, at: datetime) -> bool:
    """Say how far a job is, and keep it in hand. False if nobody wants it any more."""
    begin_writing(session)
    told = {"progress": progress, "total": total, "lease_until": at + LEASE}
    wanted = update(Job).where(Job.id == job_id, Job.done_at.is_(None)).returning(Job.id)
    found = session.scalar(wanted.values(told))
    session.commit()
    return found is not None


def finish(
    session: Session,
    job: Job,
    *,
    at: datetime,
    result: str = "",
    failure: str = "",
    along: Iterable[Callable[[Session], None]] = (),
) -> None:
    """Close a job with its file, or with the reason it failed; one that is closed stays so.

    `along` writes what stands or falls with it, in the same transaction.
    """
    begin_writing(session)
    session.refresh(job, with_for_update=True)
    if job.done_at is None:
        for write in along:
            write(session)
        job.done_at, job.result, job.failure, job.lease_until = at, result, failure, None
        if not failure:
            job.progress = job.total
    session.commit()


def cancel(session: Session, job: Job, *, at: datetime) -> bool:
    """Stop a job that is not done. False if it was over already. The caller commits."""
    session.refresh(job, with_for_update=True)
    if job.done_at is not None:
        return False
    job.done_at, job.failure, job.lease_until = at, CANCELLED, None
    return True


def postpone(session: Session, job: Job, *, until: datetime) -> None:
    """Leave a job for later, when what it needs does not answer now."""
    begin_writing(session)
    job.lease_until = until
    session.commit()


def release(session: Session) -> None:
    """Free what a worker that is no more had in hand; only its successor may say so."""
    begin_writing(session)
    session.execute(update(Job).where(Job.done_at.is_(None)).values(lease_until=None))
    session.commit()


def forget(session: Session, *, at: datetime) -> None:
    """Drop the jobs whose files were kept long enough."""
    begin_writing(session)
    session.execute(delete(Job).where(Job.done_at < at - KEPT))
    session.commit()


def due(at: datetime) -> Select[Job]:
    """Jobs that nobody has in hand, oldest first."""
    free = or_(Job.lease_until.is_(None), Job.lease_until < at)
    return select(Job).where(Job.done_at.is_(None), free).order_by(Job.id)


def seconds_to_go(job: Job, *, at: datetime) -> int | None:
    """At the pace so far, or None as long as there is none."""
    if job.begun_at is None or job.done_at or not job.progress or not job.total:
        return None
    passed = (at - job.begun_at).total_seconds()
    return round(passed * (job.total - job.progress) / job.progress)


def asked_by(email: str) -> Select[Job]:
    """What one person asked for, newest first."""
    return select(Job).where(Job.asked_by == email).order_by(Job.id.desc())
