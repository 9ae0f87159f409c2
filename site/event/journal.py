"""Who changed what, and when: one row for each change, never altered afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Select, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment
from event.prepared import Prepared

TAKEN_ALONG = "taken_along"
"""Somebody took a copy of their data: that changes nothing."""


class Change(Base):
    """`actor` is a staff e-mail, or "attendee", "import:3", "command"; `details` holds [before,
    after] by field.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_subject", "subject", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(20))  # attendee, slot, staff, party, event
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


_NOTE = Prepared(insert(Change).returning(Change.id))


def note(
    session: Session,
    verb: str,
    subject: str,
    subject_id: int,
    *,
    by: str,
    at: datetime,
    **details: Any,
) -> None:
    """Write a change down in the transaction that makes it; does not commit."""
    told = {"verb": verb, "subject": subject, "subject_id": subject_id, "details": details}
    _NOTE(session.connection(), at=at, actor=by, **told)


def history(subject: str, subject_id: int) -> Select[Change]:
    """What happened to one thing, newest first."""
    return (
        select(Change)
        .where(Change.subject == subject, Change.subject_id == subject_id)
        .order_by(Change.id.desc())
    )


class ChangedMeanwhile(Exception):
    """Somebody else changed the thing after the reader had looked at it."""


def version(subject: str, subject_id: int) -> Select[int]:
    """A number that grows with each change to one thing: pages keep it in their forms."""
    return select(func.coalesce(func.max(Change.id), 0)).where(
        Change.subject == subject, Change.subject_id == subject_id, Change.verb != TAKEN_ALONG
    )


def expect(session: Session, subject: str, subject_id: int, seen: int | None) -> None:
    """Go on only if a thing is still in the version that was seen; None asks nothing.

    Raises `ChangedMeanwhile`. Call it inside the transaction that changes the thing.
    """
    if seen is not None and session.scalar(version(subject, subject_id)) != seen:
        raise ChangedMeanwhile
