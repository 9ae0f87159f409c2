"""Mails that came back after the server had taken them: which, why, and how far that is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing
from event.mail import Mail
from event.mailboxes import Place
from event.postmarks import mail_of
from event.reports import DELAYED, FAILED, Report

FIRST_PAUSE = timedelta(minutes=3)
LONGEST_PAUSE = timedelta(hours=1)


class Reading(Base):
    """How far the mailbox for reports was read; `mailbox` is a hash of which one it is.

    `failures` counts looks in vain since `read_at`, and `failure` is what the last one met.
    """

    __tablename__ = "mailbox_readings"
    mailbox: Mapped[str] = mapped_column(String(64), primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last: Mapped[int] = mapped_column(BigInteger, default=0)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(300), default="")


@dataclass(frozen=True)
class Told:
    """What some reports told: mails that came back, late ones, and what is about none of ours."""

    returned: int = 0
    known: int = 0
    late: int = 0
    others: int = 0

    def __add__(self, more: "Told") -> "Told":
        return Told(
            self.returned + more.returned, self.known + more.known,
            self.late + more.late, self.others + more.others,
        )  # fmt: skip


def take_note(
    session: Session, reports: Iterable[Report | None], key: bytes, *, at: datetime
) -> list[Told]:
    """Mark the mails that came back; for each report in turn, what it told. Repeats change nothing.

    `key` is the one that postmarks are signed with: a report about nobody's mail marks none.
    """
    begin_writing(session)
    told = [_one(session, report, key, at) for report in reports]
    session.commit()
    return told


def _one(session: Session, report: Report | None, key: bytes, at: datetime) -> Told:
    mails = [mail_of(session, mark, key) for mark in report.marks[:3]] if report else []
    mail = next((mail for mail in mails if mail), None)
    if report is None or mail is None or report.action not in (FAILED, DELAYED):
        return Told(others=1)
    if report.action == DELAYED:
        return Told(late=1)
    back = {"returned_at": at, "failure": report.said or "mail.returned"}
    # What was not sent cannot come back; and who was erased is not written down again.
    sent = (Mail.done_at.is_not(None), Mail.failure == "", Mail.address != "")
    marked = update(Mail).where(Mail.id == mail.id, *sent).values(back).returning(Mail.id)
    return Told(returned=1) if session.scalar(marked) else Told(known=1)


def reading_of(session: Session, mailbox: str, *, at: datetime) -> Reading:
    """How far a mailbox was read; one that was never looked into is due at once."""
    found = session.get(Reading, mailbox, populate_existing=True)
    blank = Reading(mailbox=mailbox, validity=0, last=0, due_at=at, failures=0, failure="")
    return found or blank


def read_up_to(session: Session, mailbox: str, place: Place, *, at: datetime) -> None:
    """All up to a place was looked at."""
    begin_writing(session)
    row = _row(session, mailbox, at)
    row.validity, row.last, row.read_at = place.validity, place.last, at
    session.commit()


def looked(session: Session, mailbox: str, failure: str = "", *, at: datetime) -> None:
    """A look ended; after one in vain the next comes later and later."""
    begin_writing(session)
    row = _row(session, mailbox, at)
    row.failures = row.failures + 1 if failure else 0
    row.failure = failure[:300]
    row.read_at = row.read_at if failure else at
    row.due_at = at + min(FIRST_PAUSE * 2 ** max(0, row.failures - 1), LONGEST_PAUSE)
    session.commit()


def _row(session: Session, mailbox: str, at: datetime) -> Reading:
    row = reading_of(session, mailbox, at=at)
    session.add(row)
    return row
