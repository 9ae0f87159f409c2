"""The outbox: each mail is a row of the transaction that causes it; the worker sends it."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, add_rows, begin_writing

LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 16
"""With pauses that double up to the longest, this is nearly two days."""


class Mail(Base):
    """One mail to one person. `lease_until`: a worker has it in hand; `failure`: what went wrong.

    `done_at` with a `failure` means that it was given up.
    """

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_due", "done_at", "due_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40))
    queued_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    failure: Mapped[str] = mapped_column(String(300), default="")


def queue_mail(session: Session, attendee_id: int, kind: str, *, at: datetime) -> None:
    """Put a mail into the outbox; does not commit."""
    row = {"attendee_id": attendee_id, "kind": kind, "queued_at": at, "due_at": at}
    add_rows(session, Mail, row)


def take_mails(session: Session, limit: int, *, at: datetime) -> list[Mail]:
    """Take up to `limit` mails in hand that are due and that nobody has, oldest first."""
    begin_writing(session)
    waiting = due_mails(at).limit(limit).with_for_update(skip_locked=True)
    mails = list(session.scalars(waiting.execution_options(populate_existing=True)))
    for mail in mails:
        mail.lease_until = at + LEASE
    session.commit()
    return mails


def sent(session: Session, mail: Mail, *, at: datetime) -> None:
    """The other side has taken the mail over."""
    begin_writing(session)
    mail.attempts += 1
    mail.done_at, mail.failure, mail.lease_until = at, "", None
    session.commit()


def refused(session: Session, mail: Mail, why: str, *, for_good: bool, at: datetime) -> None:
    """The mail was not taken: try later and later, or give it up."""
    begin_writing(session)
    mail.attempts += 1
    mail.failure, mail.lease_until = why[:300], None
    if for_good or mail.attempts >= MAX_ATTEMPTS:
        mail.done_at = at
    else:
        mail.due_at = at + min(FIRST_PAUSE * 2 ** (mail.attempts - 1), LONGEST_PAUSE)
    session.commit()


def put_back(session: Session, mails: list[Mail], *, until: datetime) -> None:
    """Nobody answers at all: that is no fault of these mails, so it does not count as a try."""
    begin_writing(session)
    for mail in mails:
        mail.due_at, mail.lease_until = until, None
    session.commit()


def release_mails(session: Session) -> None:
    """Free what a worker that is no more had in hand; only its successor may say so."""
    begin_writing(session)
    session.execute(update(Mail).where(Mail.done_at.is_(None)).values(lease_until=None))
    session.commit()


def due_mails(at: datetime) -> Select[Mail]:
    """Mails that should go out now, oldest first."""
    free = or_(Mail.lease_until.is_(None), Mail.lease_until < at)
    return (
        select(Mail)
        .where(Mail.done_at.is_(None), Mail.due_at <= at, free)
        .order_by(Mail.due_at, Mail.id)
    )


def mails_of(attendee_id: int) -> Select[Mail]:
    """What was and will be sent to one person, newest first."""
    return select(Mail).where(Mail.attendee_id == attendee_id).order_by(Mail.id.desc())
