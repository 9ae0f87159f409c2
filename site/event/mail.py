"""The outbox: each mail is a row of the transaction that causes it; the worker sends it."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Select,
    String,
    Table,
    bindparam,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Bilingual, Moment, begin_writing
from event.prepared import Prepared
from event.words import Words

LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAX_ATTEMPTS = 16
"""With pauses that double up to the longest, this is nearly two days."""
WINDOW = timedelta(minutes=1)
"""What a provider's limit is counted over."""
ABOUT_ONE, TO_MANY = 0, 1
"""Ranks: a confirmation never waits behind ten thousand circular letters."""


GONE = text("address <> ''")


class Circular(Base):
    """One letter to many: whom it is for (`event.people.filtered`), and how far it has come."""

    __tablename__ = "circulars"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Words] = mapped_column(Bilingual)
    body: Mapped[Words] = mapped_column(Bilingual)
    people: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    with_badge: Mapped[bool] = mapped_column(default=False)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    total: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)


class Mail(Base):
    """One mail, to an attendee or, as a trial of a circular letter, to an `address` alone.

    `lease_until`: a worker has it before it; `in_hand`: it is being handed over just now, so that
    whoever finds it like this after a crash knows that it may have arrived. `unsure` counts how
    often that happened. `address` is where it went; `failure` what went wrong. `done_at` with a
    `failure` means that it was given up, with a `returned_at` that it was sent and came back.
    `own`: a visitor caused it, not staff; see `event.mail_limits`.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_due", "done_at", "rank", "due_at"),
        Index("ix_mails_to", "address", "tried_at", sqlite_where=GONE, postgresql_where=GONE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), index=True
    )
    circular_id: Mapped[int | None] = mapped_column(ForeignKey("circulars.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    rank: Mapped[int] = mapped_column(default=ABOUT_ONE)
    own: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(String(254), default="")
    queued_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    in_hand: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    unsure: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    returned_at: Mapped[datetime | None] = mapped_column(Moment)
    failure: Mapped[str] = mapped_column(String(300), default="")


_ROWS = cast(Table, Mail.__table__)
_NUMBER: Any = literal_column("0")
_TEXT: Any = literal_column("''")
_QUEUE_ONE = insert(_ROWS).values(
    attendee_id=bindparam("to"),
    kind=bindparam("what"),
    own=bindparam("own"),
    queued_at=bindparam("now", type_=Moment),
    due_at=bindparam("now", type_=Moment),
    **dict.fromkeys(("rank", "attempts", "unsure"), _NUMBER),
    **dict.fromkeys(("address", "failure"), _TEXT),
    in_hand=false(),
)
_QUEUE = Prepared(_QUEUE_ONE.returning(_ROWS.c.id))
"""What every mail begins with stands in the statement: each registration waits for this one."""


def queue_mail(
    session: Session, attendee_id: int, kind: str, *, at: datetime, own: bool = False
) -> None:
    """Put a mail into the outbox; does not commit. `own`: no member of staff asked for it."""
    _QUEUE(session.connection(), to=attendee_id, what=kind, now=at, own=own)


def take_mails(session: Session, limit: int, *, at: datetime) -> list[Mail]:
    """Take up to `limit` mails that are due and that nobody has, oldest first, circulars last."""
    begin_writing(session)
    waiting = due_mails(at).limit(limit).with_for_update(skip_locked=True)
    mails = list(session.scalars(waiting.execution_options(populate_existing=True)))
    for mail in mails:
        mail.unsure += mail.in_hand
        mail.in_hand, mail.lease_until = False, at + LEASE
    session.commit()
    return mails


def hand_over(session: Session, mail: Mail, address: str, *, at: datetime) -> bool:
    """Say that a mail goes out now. False, and it is left alone, if it was stopped or paused."""
    begin_writing(session)
    told = {"in_hand": True, "tried_at": at, "address": address}
    wanted = update(Mail).where(Mail.id == mail.id, Mail.done_at.is_(None), _not_paused())
    found = session.scalar(wanted.values(told).returning(Mail.id))
    if found is None:
        session.execute(update(Mail).where(Mail.id == mail.id).values(lease_until=None))
    session.commit()
    return found is not None


def sent(session: Session, mail: Mail, *, at: datetime) -> bool:
    """The other side has taken the mail over. False if it was stopped while it was in hand."""
    begin_writing(session)
    session.refresh(mail)
    wanted = mail.done_at is None
    mail.attempts += 1
    mail.done_at, mail.failure, mail.lease_until, mail.in_hand = at, "", None, False
    session.commit()
    return wanted


def refused(
    session: Session,
    mail: Mail,
    why: str,
    *,
    for_good: bool,
    at: datetime,
    unsure: bool = False,
) -> None:
    """The mail was not taken: try later and later, or give it up.

    `unsure`: all of it was sent, and no answer came; it goes again, since none may be lost. One
    that was stopped while it was in hand stays so: what servers say repeats whom they refuse.
    """
    begin_writing(session)
    session.refresh(mail)
    mail.attempts += 1
    mail.unsure += unsure
    mail.lease_until, mail.in_hand = None, False
    if mail.done_at is None:
        mail.failure, mail.due_at = why[:300], at + _pause(mail.attempts)
        mail.done_at = at if for_good or mail.attempts >= MAX_ATTEMPTS else None
    session.commit()


def _pause(attempts: int) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** (attempts - 1)
    return min(doubled, LONGEST_PAUSE)


def put_back(session: Session, mails: list[Mail], *, until: datetime) -> None:
    """Nobody answers at all: that is no fault of these mails, so it does not count as a try."""
    begin_writing(session)
    for mail in mails:
        mail.due_at, mail.lease_until, mail.in_hand = until, None, False
    session.commit()


def hold_back(session: Session, mail: Mail, why: str, *, until: datetime) -> None:
    """Leave a mail for later, and say why; it was not tried."""
    begin_writing(session)
    mail.due_at, mail.failure, mail.lease_until = until, why, None
    session.commit()


def release_mails(session: Session) -> None:
    """Free what a worker that is no more had before it; only its successor may say so."""
    begin_writing(session)
    session.execute(update(Mail).where(Mail.done_at.is_(None)).values(lease_until=None))
    session.commit()


def room_left(session: Session, per_minute: int, *, at: datetime) -> int:
    """How many more mails a provider takes now, which takes so many in any minute."""
    lately = select(func.count()).select_from(Mail).where(Mail.tried_at > at - WINDOW)
    return max(0, per_minute - (session.scalar(lately) or 0))


def next_room(session: Session, *, at: datetime) -> datetime:
    """When the oldest try of the last minute no longer counts."""
    oldest = session.scalar(select(func.min(Mail.tried_at)).where(Mail.tried_at > at - WINDOW))
    return (oldest or at) + WINDOW


def due_mails(at: datetime) -> Select[Mail]:
    """Mails that should go out now, in the order in which they should."""
    free = or_(Mail.lease_until.is_(None), Mail.lease_until < at)
    return (
        select(Mail)
        .where(Mail.done_at.is_(None), Mail.due_at <= at, free, _not_paused())
        .order_by(Mail.rank, Mail.due_at, Mail.id)
    )


def _not_paused() -> Any:
    paused = select(Circular.id).where(Circular.paused_at.is_not(None))
    return or_(Mail.circular_id.is_(None), Mail.circular_id.not_in(paused))


def mails_of(attendee_id: int) -> Select[Mail]:
    """What was and will be sent to one person, newest first."""
    return select(Mail).where(Mail.attendee_id == attendee_id).order_by(Mail.id.desc())
