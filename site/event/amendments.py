"""What is changed after somebody was put down: details and seats, the place itself, badge, link."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import STATED, Attendee, Registration, state
from event.base import begin_writing
from event.bookings import Booking, book, choose, drop
from event.journal import expect, note
from event.programme import Category, Slot


def change(
    session: Session,
    attendee: Attendee,
    stated: Registration,
    *,
    at: datetime,
    by: str,
    seen: int | None = None,
) -> dict[str, list[str]]:
    """Correct details and sessions; the badge stays valid. Returns [before, after] by field.

    Raises the same errors as `register`; on an error nothing has changed. All verbs here take in
    `seen` the `journal.version` that the reader saw, and may raise `journal.ChangedMeanwhile`.
    """
    with _holding(session, attendee, seen):
        details = _correct(session, attendee, stated, at=at)
        if details:
            note(session, "changed", "attendee", attendee.id, by=by, at=at, **details)
    return details


def _correct(
    session: Session, attendee: Attendee, stated: Registration, *, at: datetime
) -> dict[str, list[str]]:
    before = as_stated(session, attendee)
    state(session, attendee, stated)
    drop(session, attendee.id, keep=stated.sessions)
    held = set(before["sessions"].split())
    chosen = choose(session, stated.sessions)
    book(session, attendee.id, [slot for slot in chosen if slot.key not in held], at=at)
    session.flush()
    after = as_stated(session, attendee)
    return {k: [before[k], after[k]] for k in before if before[k] != after[k]}


def as_stated(session: Session, attendee: Attendee) -> dict[str, str]:
    """What is put down for a person now, by field; sessions as keys with spaces between them."""
    category = select(Category.key).where(Category.id == attendee.category_id)
    stated = {field: getattr(attendee, field) for field in STATED if field != "category"}
    sessions = _held(session, attendee)
    return stated | {"category": session.scalars(category).one(), "sessions": sessions}


def _held(session: Session, attendee: Attendee) -> str:
    """The keys of somebody's sessions, with spaces between them."""
    mine = select(Slot.key).join(Booking).where(Booking.attendee_id == attendee.id)
    return " ".join(session.scalars(mine.order_by(Slot.id)))


def cancel(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """Give the place back: seats are freed, the badge is refused. A repeat changes nothing.

    The journal keeps which seats they were: they may have to be chosen again.
    """
    with _holding(session, attendee, seen):
        if attendee.cancelled_at is None:
            attendee.cancelled_at = at
            seats = _held(session, attendee)
            drop(session, attendee.id)
            freed = {"sessions": [seats, ""]} if seats else {}
            note(session, "cancelled", "attendee", attendee.id, by=by, at=at, **freed)


def reinstate(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """Undo a cancellation; seats that were given back have to be chosen again."""
    with _holding(session, attendee, seen):
        if attendee.cancelled_at is not None:
            attendee.cancelled_at = None
            note(session, "reinstated", "attendee", attendee.id, by=by, at=at)


def replace_badge(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """A new badge for a lost one: from now on the door refuses the old one."""
    with _holding(session, attendee, seen):
        attendee.revision = (attendee.revision + 1) % 256
        note(session, "badge_replaced", "attendee", attendee.id, by=by, at=at)


def replace_link(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """A new address for a person's own page: the old one opens nothing any more."""
    with _holding(session, attendee, seen):
        attendee.link_revision += 1
        note(session, "link_replaced", "attendee", attendee.id, by=by, at=at)


@contextmanager
def _holding(session: Session, attendee: Attendee, seen: int | None) -> Iterator[None]:
    """The row to ourselves, and still as the reader saw it; all of it is kept, or nothing."""
    begin_writing(session)
    try:
        session.refresh(attendee, with_for_update=True)
        expect(session, "attendee", attendee.id, seen)
        yield
        session.commit()
    except Exception:
        session.rollback()
        raise
