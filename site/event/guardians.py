"""Consent for somebody under sixteen: a parent or guardian gives it, and can be asked about it.

No year of birth is kept: that somebody stands here says all that is needed.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, add_rows
from event.stated import Guardian


class Guardianship(Base):
    """Who consented for an attendee, and when."""

    __tablename__ = "guardians"
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(20))
    agreed_at: Mapped[datetime] = mapped_column(Moment)


def guardian_of(session: Session, attendee_id: int) -> Guardianship | None:
    """None for whoever is sixteen or older."""
    return session.get(Guardianship, attendee_id)


def keep_guardian(session: Session, attendee_id: int, guardian: Guardian, *, at: datetime) -> None:
    """In the transaction that registers; does not commit."""
    row = {"attendee_id": attendee_id, "name": guardian.name, "phone": guardian.phone}
    add_rows(session, Guardianship, row | {"agreed_at": at})
