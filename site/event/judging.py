"""What somebody made of the entries that wait to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, Select, exists, func, literal, or_, select, tuple_, union, update
from sqlalchemy.orm import Session, aliased, joinedload

from event.attendees import Attendee
from event.base import Moment, begin_writing
from event.blanks import Blank
from event.journal import note
from event.review import Review
from event.scans import Scan

OUTCOMES = ("shared", "mistake", "fine")


class UnknownReview(LookupError):
    """There is nothing of this number to look at."""


def settle(session: Session, number: int, outcome: str, *, by: str, at: datetime) -> Review:
    """Say what it was: one of OUTCOMES. Of two people who say so at once, the first one counts.

    Gives the review as it stands. Raises `UnknownReview`, `ValueError` on the outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    begin_writing(session)
    words = {"settled_at": at, "settled_by": by, "outcome": outcome}
    mine = update(Review).where(Review.id == number, Review.settled_at.is_(None)).values(words)
    if session.scalar(mine.returning(Review.id)) is not None:
        note(session, "review_settled", "review", number, by=by, at=at, outcome=outcome)
    session.commit()
    return one_of(session, number)


def open_again(session: Session, number: int, *, by: str, at: datetime) -> Review:
    """Take back what was said, unless one of its entries was taken back, which stays so.

    Gives the review as it stands. Raises `UnknownReview`.
    """
    begin_writing(session)
    words = {"settled_at": None, "settled_by": "", "outcome": ""}
    theirs = update(Review).where(Review.id == number, Review.settled_at.is_not(None))
    theirs = theirs.where(~_taken_back(Review))
    if session.scalar(theirs.values(words).returning(Review.id)) is not None:
        note(session, "review_reopened", "review", number, by=by, at=at)
    session.commit()
    return one_of(session, number)


def waiting() -> Select[Review]:
    """What nobody has judged yet, as long as none of its entries was taken back; oldest first.

    A single entry is shown in its pairs alone, until none of them stands.
    """
    pair = aliased(Review)
    stands = select(pair).where(pair.second_id.is_not(None), ~_taken_back(pair))
    paired = union(*(stands.with_only_columns(c) for c in (pair.first_id, pair.second_id)))
    shown = or_(Review.second_id.is_not(None), Review.first_id.not_in(paired))
    alone = select(Review).where(Review.settled_at.is_(None), ~_taken_back(Review), shown)
    return alone.order_by(Review.id)


def _taken_back(review: type[Review]) -> Exists:
    undo = aliased(Scan)
    return exists().where(undo.undoes_id.in_((review.first_id, review.second_id)))


def settled() -> Select[Review]:
    """What was judged, the last one first."""
    done = select(Review).where(Review.settled_at.is_not(None))
    return done.order_by(Review.settled_at.desc(), Review.id.desc())


def how_many_wait() -> Select[int]:
    """For the navigation."""
    return select(func.count()).select_from(waiting().order_by(None).subquery())


@dataclass(frozen=True)
class Page:
    """Some reviews with all that is shown of them; `more` is the number to go on after, or None."""

    reviews: Sequence[Review]
    more: int | None


_WHOLE = [
    path
    for scan in (Review.first, Review.second)
    for path in (
        joinedload(scan).joinedload(Scan.attendee).joinedload(Attendee.category),
        joinedload(scan)
        .joinedload(Scan.blank)
        .joinedload(Blank.attendee)
        .joinedload(Attendee.category),
        joinedload(scan).joinedload(Scan.checkpoint),
    )
]


def page_of(session: Session, *, done: bool, after: int | None = None, size: int = 20) -> Page:
    """What waits, or what is `done`, as long as it comes after one of them; else the first ones."""
    query = settled() if done else waiting()
    edge = session.get(Review, after) if after is not None else None
    if edge and not done:
        query = query.where(Review.id > edge.id)
    elif edge and edge.settled_at:
        here = literal(edge.settled_at, Moment), literal(edge.id)
        query = query.where(tuple_(Review.settled_at, Review.id) < tuple_(*here))
    rows = session.scalars(query.options(*_WHOLE).limit(size + 1)).all()
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


def one_of(session: Session, number: int) -> Review:
    """One with all that is shown of it. Raises `UnknownReview`."""
    wanted = select(Review).where(Review.id == number).options(*_WHOLE)
    found = session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise UnknownReview(number)
    return found
