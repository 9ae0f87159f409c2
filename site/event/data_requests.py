"""The register of what people ask about their data: deadlines of the law, and who did what.

Law 91/2025/QH15 and Decree 356/2025: an answer within 2 working days; then 10 days to show or
correct, 15 to stop after a withdrawal, 20 to erase.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Select, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.about import about
from event.attendees import Attendee
from event.base import Base, Moment, add_rows, begin_writing
from event.journal import note
from event.programme import Event
from event.scans import day_of

SETTLED_IN = {"access": 10, "correction": 10, "withdrawal": 15, "deletion": 20}
"""Days until each kind of wish is met."""
ANSWERED_IN = 2
"""Working days until whoever asks hears something."""
CHANNELS = ("page", "desk", "phone", "mail", "letter")
WEEKEND = (5, 6)  # Saturday, Sunday
DONE, REFUSED = "done", "refused"
CONTACT_OF = "contact of "
"""What the site itself asks organisers to look at; the delegation's number stands behind it."""


class DataRequest(Base):
    """One wish. `attendee_id` is whose data it is about, where that is known; `who` and `contact`
    say how to answer somebody who did not ask by their own page, `words` what they asked for.
    """

    __tablename__ = "data_requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(8))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"), index=True)
    who: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(254), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime] = mapped_column(Moment)
    received_by: Mapped[str] = mapped_column(String(200))
    answer_by: Mapped[date]
    settle_by: Mapped[date] = mapped_column(index=True)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(
        String(8), default=""
    )  # done, refused, "" while it is open
    attendee: Mapped[Attendee | None] = relationship(lazy="raise")

    @property
    def contact_of(self) -> int | None:
        """The delegation whose contact is perhaps the one who erased themselves."""
        of_contact = self.channel == "page" and self.words.startswith(CONTACT_OF)
        return int(self.words.removeprefix(CONTACT_OF)) if of_contact else None

    def late(self, today: date) -> str:
        """Which deadline has passed: "answer", "settle" or ""."""
        if self.settled_at is None and today > self.settle_by:
            return "settle"
        unanswered = self.answered_at is None and self.settled_at is None
        return "answer" if unanswered and today > self.answer_by else ""


@dataclass(frozen=True)
class Asked:
    """A wish as somebody wrote it down."""

    kind: str
    channel: str
    received_at: datetime
    attendee_id: int | None = None
    who: str = ""
    contact: str = ""
    words: str = ""


def working_day(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The day by which so many working days have passed; the first one itself does not count."""
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() not in WEEKEND and day not in holidays
    return day


def write_down(session: Session, event: Event, asked: Asked, *, at: datetime, by: str) -> int:
    """Enter a wish; its deadlines count from the day on which it came. Gives its number."""
    begin_writing(session)
    number = enter(session, event, asked, at=at, by=by)
    session.commit()
    return number


def enter(session: Session, event: Event, asked: Asked, *, at: datetime, by: str) -> int:
    """The same in a transaction that the caller commits."""
    row = DataRequest(**_facts(event, asked), received_by=by)
    session.add(row)
    session.flush()
    note(session, "asked", "request", row.id, by=by, at=at, kind=asked.kind)
    return row.id


def done_at_once(
    session: Session, event: Event, kind: str, attendee_id: int, *, at: datetime
) -> None:
    """What people did by themselves on their own page stands in the register too, as settled.

    Does not commit: it belongs to what was done.
    """
    row = _facts(event, Asked(kind, "page", at, attendee_id)) | {
        "who": "", "contact": "", "words": "", "received_by": "attendee",
        "answered_at": at, "answered_by": "attendee",
        "settled_at": at, "settled_by": "attendee", "outcome": DONE,
    }  # fmt: skip
    add_rows(session, DataRequest, row)


def _facts(event: Event, asked: Asked) -> dict[str, object]:
    came = day_of(event, asked.received_at)
    return vars(asked) | {
        "answer_by": working_day(came, ANSWERED_IN, about(event).holidays),
        "settle_by": came + timedelta(days=SETTLED_IN[asked.kind]),
    }


def answer(session: Session, wish: DataRequest, *, at: datetime, by: str) -> None:
    """Whoever asked has heard that it is being seen to. A repeat changes nothing."""
    begin_writing(session)
    session.refresh(wish, with_for_update=True)
    if wish.answered_at is None:
        wish.answered_at, wish.answered_by = at, by
        note(session, "answered", "request", wish.id, by=by, at=at)
    session.commit()


def settle(session: Session, wish: DataRequest, outcome: str, *, at: datetime, by: str) -> None:
    """It is done, or refused for a reason of the law. A repeat changes nothing."""
    begin_writing(session)
    session.refresh(wish, with_for_update=True)
    if wish.settled_at is None:
        if wish.answered_at is None:
            wish.answered_at, wish.answered_by = at, by
        wish.settled_at, wish.settled_by, wish.outcome = at, by, outcome
        note(session, "settled", "request", wish.id, by=by, at=at, outcome=outcome)
    session.commit()


def data_requests() -> Select[DataRequest]:
    """Open ones first, the most urgent on top; then the settled ones, newest first."""
    return select(DataRequest).order_by(
        DataRequest.settled_at.is_not(None),
        DataRequest.settled_at.desc(),
        DataRequest.settle_by,
        DataRequest.id,
    )


def overdue(today: date) -> Select[int]:
    """How many have let a deadline pass."""
    unanswered = DataRequest.answered_at.is_(None) & (DataRequest.answer_by < today)
    return (
        select(func.count(DataRequest.id))
        .where(DataRequest.settled_at.is_(None))
        .where(or_(DataRequest.settle_by < today, unanswered))
    )
