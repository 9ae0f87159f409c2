"""The outbox: each mail is a row, written in the transaction that causes it, and sent by the
worker.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment


class Mail(Base):
    """One mail to one person. `lease_until` says which worker has it in hand; `failure` why it was
    given up.
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
    session.add(Mail(attendee_id=attendee_id, kind=kind, queued_at=at, due_at=at))
