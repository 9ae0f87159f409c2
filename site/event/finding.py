"""Lost links: whoever asks gets the same answer, and a mail goes to the address on file, if any."""

from datetime import datetime, timedelta

from sqlalchemy import Select, String, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.attendees import Attendee
from event.base import Base, Moment, add_rows, begin_writing
from event.mail import queue_mail
from event.questions import WrongAnswer, a_phone, an_email
from event.rehearsal import BY as INVENTED
from event.staff import Attempt, TooManyAttempts, hashed

KIND = "link"
WINDOW = timedelta(minutes=10)
FOR_ONE = 3
"""So many mails may be asked for one address in ten minutes; what is more is not sent."""
FOR_AN_ORIGIN = 300
"""A ministry's thousand people come from one network address."""
AT_ONCE = 50


class Lookup(Base):
    """Somebody asked for the link of an address or a phone; the row goes with the answer."""

    __tablename__ = "lookups"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(Moment)


def ask_for_link(session: Session, asked: str, *, origin: str, at: datetime) -> None:
    """Write down that a link is wanted; whether anybody is known is not even looked at here.

    So that neither the answer nor its time tells who is registered. Raises `WrongAnswer` for what
    is neither address nor phone, `TooManyAttempts` for too many from one network address; `origin`
    is "" where none can be told apart.
    """
    wanted = read(asked)
    begin_writing(session)
    if origin and not _counts(session, f"find from {origin}", FOR_AN_ORIGIN, at):
        session.rollback()
        raise TooManyAttempts
    if _counts(session, f"find {''.join(wanted.values())}", FOR_ONE, at):
        add_rows(session, Lookup, {"email": "", "phone": "", "at": at} | wanted)
    session.commit()


def read(asked: str) -> dict[str, str]:
    """An address or a phone, as it is kept. Raises `WrongAnswer`."""
    key, value = ("email", an_email(asked)) if "@" in asked else ("phone", a_phone(asked))
    if not value:
        raise WrongAnswer("required")
    return {key: value}


def _counts(session: Session, what: str, limit: int, at: datetime) -> bool:
    """Count a try within the caller's transaction. False if there were too many already."""
    digest = hashed(what)
    recent = select(func.count()).where(Attempt.what == digest, Attempt.at > at - WINDOW)
    if (session.scalar(recent) or 0) >= limit:
        return False
    add_rows(session, Attempt, {"what": digest, "at": at})
    return True


def answer_lookups(session: Session, *, at: datetime) -> int:
    """Queue a mail to each address on file that was asked for; how many questions there were."""
    begin_writing(session)
    asked = session.scalars(select(Lookup).order_by(Lookup.id).limit(AT_ONCE)).all()
    for lookup in asked:
        for number in session.scalars(_to_write_to(lookup)):
            queue_mail(session, number, KIND, at=at, own=True)
    session.execute(delete(Lookup).where(Lookup.id.in_([lookup.id for lookup in asked])))
    session.commit()
    return len(asked)


def _to_write_to(lookup: Lookup) -> Select[int]:
    """One person for each address: the mail to them names all who share it."""
    known = or_(
        (Attendee.email == lookup.email) & (Attendee.email != ""),
        (Attendee.phone == lookup.phone) & (Attendee.phone != ""),
    )
    return (
        select(func.min(Attendee.id))
        .where(known, Attendee.email != "")
        .where(Attendee.registered_by != INVENTED)
        .group_by(Attendee.email)
    )


def sharing(email: str) -> Select[Attendee]:
    """Everybody registered with an address, who waits or stands in line too: a secretary may hold
    ten. Whoever cancelled comes last: their data are still theirs to see and erase.
    """
    mine = Attendee.email == email, Attendee.erased_at.is_(None)
    return select(Attendee).where(*mine).order_by(Attendee.cancelled_at.is_not(None), Attendee.id)


def forget_attempts(session: Session, *, at: datetime) -> None:
    """Drop the counts of tries that no longer count."""
    begin_writing(session)
    session.execute(delete(Attempt).where(Attempt.at < at - WINDOW))
    session.commit()
