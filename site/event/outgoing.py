"""Lists and badges that leave the site: asked for, and in the journal at the same moment."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from event.base import begin_writing
from event.jobs import Job
from event.journal import note
from event.programme import Event


def order(
    session: Session, event: Event, kind: str, wish: dict[str, Any], *, by: str, at: datetime
) -> Job:
    """A job for the worker. Who takes away whose data, and when, can be told afterwards."""
    begin_writing(session)
    job = Job(kind=kind, wish=wish, asked_by=by, asked_at=at)
    session.add(job)
    session.flush()
    what = {key: wish[key] for key in ("list", "format", "layout", "people") if wish.get(key)}
    note(session, "exported", "event", event.id, by=by, at=at, job=job.id, **what)
    session.commit()
    return job
