"""The line for a place at the event: a place that becomes free goes at once to the first who fits.

Nobody is asked first: they have the place, are told so by mail, and may give it back. Whoever needs
more places than are left (a school group), or comes in a full category, is passed over, and keeps
their turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.journal import note
from event.limits import Limits, limits
from event.mail import queue_mail
from event.person import Attendee
from event.programme import Category
from event.waiting import WAITING, hold_queues, settle, waited_for

ADMITTED = "admitted"
"""A verb of the journal, and a kind of mail."""


def in_line() -> Select[Attendee]:
    """Everybody who stands in line for a place, the next first."""
    return select(Attendee).where(Attendee.line.is_not(None)).order_by(Attendee.line)


def how_many_in_line() -> Select[int]:
    """All of them."""
    return select(func.count(Attendee.id)).where(Attendee.line.is_not(None))


@dataclass(frozen=True)
class Turn:
    """Where somebody stands: 1 is the next. Among their own where their `category` has a limit."""

    number: int
    category: Category | None


def turn_of(session: Session, attendee: Attendee) -> Turn | None:
    """None for whoever stands in no line for a place."""
    if attendee.line is None:
        return None
    category = session.get_one(Category, attendee.category_id)
    own = category if category.places is not None else None
    before = select(func.count(Attendee.id)).where(Attendee.line <= attendee.line)
    if own:
        before = before.where(Attendee.category_id == own.id)
    return Turn(session.scalar(before) or 0, own)


def next_turn(session: Session) -> int:
    """The end of the line; whoever takes it holds the queues."""
    last = select(func.max(Attendee.line)).where(Attendee.line.is_not(None))
    return (session.scalar(last) or 0) + 1


def line_up(session: Session, attendee: Attendee, *, at: datetime, by: str) -> None:
    """Put somebody at the end; does not commit."""
    attendee.waits, attendee.line = True, next_turn(session)
    note(session, "lined_up", "attendee", attendee.id, by=by, at=at)


def admit(session: Session, *, at: datetime) -> None:
    """Give what places are free to those in line, in order; does not commit.

    Whoever calls it holds the queues.
    """
    if not session.scalar(in_line().with_only_columns(Attendee.id).limit(1)):
        return
    now, lucky = limits(session), list[Attendee]()
    while attendee := session.scalar(_first(now)):
        now = now.after(attendee.category_id, attendee.takes)
        attendee.line = None
        lucky.append(attendee)
    place(session, lucky, at=at, by=WAITING)


def _first(now: Limits) -> Select[Attendee]:
    """The first in line for whom there is room.

    One walks along the line, whatever index of categories there is: hence the sum.
    """
    category = Attendee.category_id + 0
    able = [(category == n) & (Attendee.companions < most) for n, most in now.rooms()]
    first = in_line().where(or_(false(), *able)).limit(1)
    return first.execution_options(populate_existing=True)


def place(session: Session, people: Sequence[Attendee], *, at: datetime, by: str) -> None:
    """These have a place now, and those of the sessions they chose where seats are free."""
    for attendee in people:
        attendee.waits, attendee.line = False, None
        note(session, ADMITTED, "attendee", attendee.id, by=by, at=at)
        if attendee.email:
            queue_mail(session, attendee.id, ADMITTED, at=at)
    session.flush()
    wished = {slot for attendee in people for slot in waited_for(session, attendee.id)}
    settle(session, wished, at=at, told=[attendee.id for attendee in people])


def admit_now(session: Session, *, at: datetime) -> None:
    """After a limit was raised: a transaction of its own."""
    begin_writing(session)
    try:
        hold_queues(session)
        admit(session, at=at)
        session.commit()
    except Exception:
        session.rollback()
        raise
