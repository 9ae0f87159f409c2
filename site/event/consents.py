"""Consent as evidence: which notice a person saw, in which version and language, and when they
agreed.
"""

from datetime import datetime
from typing import Protocol, cast

from sqlalchemy import (
    ForeignKey,
    Select,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Bilingual, Moment, begin_writing
from event.journal import note
from event.prepared import Prepared
from event.words import Words

EXHIBITORS = "exhibitors"
"""The purpose of being contacted by exhibitors."""


class Agreeing(Protocol):
    """What `consent` needs to know of a registration."""

    @property
    def agreed(self) -> tuple[str, ...]:
        """The purposes that were ticked."""
        ...

    @property
    def language(self) -> str:
        """The language in which the notice was read."""
        ...


class Notice(Base):
    """The words shown for one purpose; other words are a new version, and the old one is kept."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("purpose", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    words: Mapped[Words] = mapped_column(Bilingual)


class Consent(Base):
    """One person's agreement to one purpose (Law 91/2025/QH15: voluntary and provable)."""

    __tablename__ = "consents"
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), index=True
    )
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    language: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[datetime] = mapped_column(Moment)
    given_by: Mapped[str] = mapped_column(String(200))  # "attendee", or the staff who was told so
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


def notices() -> Select[Notice]:
    """The words in force, one row for each purpose."""
    newest = select(func.max(Notice.id)).group_by(Notice.purpose)
    return select(Notice).where(Notice.id.in_(newest)).order_by(Notice.id)


_NOTICES = cast(Table, Notice.__table__)
_SHOWN = Prepared(
    select(_NOTICES.c.purpose, func.max(_NOTICES.c.id).label("newest")).group_by(_NOTICES.c.purpose)
)
_AGREED = Prepared(insert(Consent).returning(Consent.id))


def consent(
    session: Session, attendee_id: int, agreeing: Agreeing, *, at: datetime, by: str
) -> None:
    """Keep the evidence, in the transaction that registers; does not commit."""
    connection = session.connection()
    same = {"language": agreeing.language, "given_at": at, "given_by": by}
    for purpose, newest in _SHOWN(connection):
        if purpose in agreeing.agreed:
            _AGREED(connection, attendee_id=attendee_id, notice_id=newest, **same)


def withdraw(session: Session, attendee_id: int, purpose: str, *, at: datetime, by: str) -> bool:
    """End somebody's consent to a purpose, whichever words they agreed to; False if there is none.

    That it was given, and when, stays as evidence.
    """
    begin_writing(session)
    about_it = select(Notice.id).where(Notice.purpose == purpose)
    given = update(Consent).where(
        Consent.attendee_id == attendee_id,
        Consent.notice_id.in_(about_it),
        Consent.withdrawn_at.is_(None),
    )
    ended = session.scalars(given.values(withdrawn_at=at).returning(Consent.id)).all()
    if ended:
        note(session, "withdrawn", "attendee", attendee_id, by=by, at=at, purpose=purpose)
    session.commit()
    return bool(ended)


def agreed_to(purpose: str) -> Select[int]:
    """The numbers of those whose consent to a purpose stands."""
    given = select(Consent.attendee_id).join(Notice, Notice.id == Consent.notice_id)
    return given.where(Notice.purpose == purpose, Consent.withdrawn_at.is_(None))


def consents_of(attendee_id: int) -> Select[Consent, Notice]:
    """What somebody agreed to, with the words that were shown, oldest first."""
    mine = select(Consent, Notice).join(Notice, Notice.id == Consent.notice_id)
    return mine.where(Consent.attendee_id == attendee_id).order_by(Consent.id)


def publish(session: Session, purpose: str, words: Words) -> bool:
    """Put new words in force, unless they are the ones already shown; does not commit."""
    current = session.scalar(notices().where(Notice.purpose == purpose))
    if current is not None and current.words == words:
        return False
    version = current.version + 1 if current else 1
    session.add(Notice(purpose=purpose, version=version, words=words))
    return True
