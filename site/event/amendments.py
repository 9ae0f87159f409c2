"""What is changed after somebody was put down: details and seats, the place itself, badge, link."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import STATED, Attendee, Registration, state
from event.base import begin_writing
from event.bookings import Chosen, book, choose, drop, held
from event.journal import expect, note
from event.line import admit
from event.person import hold
from event.programme import Category, Slot
from event.waiting import (
    hold_queues,
    hold_seats,
    settle,
    stand_in,
    step_out,
    waited_for,
    wished,
)


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
    with holding(session, attendee, seen, sessions=stated.sessions):
        details = correct(session, attendee, stated, at=at)
        if details:
            note(session, "changed", "attendee", attendee.id, by=by, at=at, **details)
    return details


def correct(
    session: Session, attendee: Attendee, stated: Registration, *, at: datetime
) -> dict[str, list[str]]:
    """The change itself, of somebody whom the caller holds; who waits for a seat given back has it.

    All seats are given back and taken together; only then are those served who wait: for a place
    in another category, and for seats.
    """
    before = as_stated(session, attendee)
    state(session, attendee, stated)
    had = set(before["sessions"].split())
    new = [slot for slot in choose(session, stated.sessions) if slot.key not in had]
    gone = had - set(stated.sessions)
    freed = _move(session, attendee, gone, new, at=at)
    session.flush()
    after = as_stated(session, attendee)
    if before["category"] != after["category"]:
        admit(session, at=at)
    if attendee.line is None:
        settle(session, [*freed, *waited_for(session, attendee.id)], at=at)
    return {k: [before[k], after[k]] for k in before if before[k] != after[k]}


def _move(
    session: Session, attendee: Attendee, gone: Collection[str], new: Sequence[Chosen], *,
    at: datetime,
) -> list[int]:  # fmt: skip
    """Seats for seats; or wishes for wishes, of somebody in line. Gives what is free by it."""
    slots = [slot.id for slot in new]
    if attendee.line is not None:
        step_out(session, attendee.id, session.scalars(select(Slot.id).where(Slot.key.in_(gone))))
        stand_in(session, attendee.id, slots, at=at)
        return []
    keep = [key for key in held(session, attendee.id).split() if key not in gone]
    freed = drop(session, attendee.id, keep=keep)
    book(session, attendee.id, new, at=at)
    step_out(session, attendee.id, slots)
    return freed


def sessions_of(session: Session, attendee: Attendee) -> str:
    """The keys of somebody's sessions: their seats or, in line for a place, their wishes."""
    keys = held if attendee.line is None else wished
    return keys(session, attendee.id)


def as_stated(session: Session, attendee: Attendee) -> dict[str, str]:
    """What is put down for a person now, by field; sessions as keys with spaces between them."""
    category = select(Category.key).where(Category.id == attendee.category_id)
    stated = {field: getattr(attendee, field) for field in STATED if field != "category"}
    sessions = sessions_of(session, attendee)
    return stated | {"category": session.scalars(category).one(), "sessions": sessions}


def cancel(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """Give the place back: seats are freed, the badge is refused. A repeat changes nothing.

    The journal keeps which seats they were: they may have to be chosen again. Whoever waits for
    one has it before this ends.
    """
    with holding(session, attendee, seen):
        if attendee.cancelled_at is None:
            give_back(session, attendee, at=at, by=by)


def give_back(session: Session, attendee: Attendee, *, at: datetime, by: str) -> None:
    """The cancellation itself, in a transaction that the caller is `holding`.

    Who stands in line has the place first, then the seats go to whoever waits for them.
    """
    seats = sessions_of(session, attendee)
    attendee.cancelled_at = at
    if attendee.line is not None:
        attendee.waits, attendee.line = False, None
    freed = drop(session, attendee.id)
    step_out(session, attendee.id, waited_for(session, attendee.id))
    admit(session, at=at)
    settle(session, freed, at=at)
    lost = {"sessions": [seats, ""]} if seats else {}
    note(session, "cancelled", "attendee", attendee.id, by=by, at=at, **lost)


def reinstate(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """Undo a cancellation; seats that were given back have to be chosen again."""
    with holding(session, attendee, seen):
        if attendee.cancelled_at is not None:
            attendee.cancelled_at = None
            note(session, "reinstated", "attendee", attendee.id, by=by, at=at)


def replace_badge(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """A new badge for a lost one: from now on the door refuses the old one."""
    with holding(session, attendee, seen):
        attendee.revision = (attendee.revision + 1) % 256
        note(session, "badge_replaced", "attendee", attendee.id, by=by, at=at)


def replace_link(
    session: Session, attendee: Attendee, *, at: datetime, by: str, seen: int | None = None
) -> None:
    """A new address for a person's own page: the old one opens nothing any more."""
    with holding(session, attendee, seen):
        attendee.link_revision += 1
        note(session, "link_replaced", "attendee", attendee.id, by=by, at=at)


@contextmanager
def holding(
    session: Session, attendee: Attendee, seen: int | None = None, *, sessions: Sequence[str] = ()
) -> Iterator[None]:
    """The row to ourselves, and still as the reader saw it; all of it is kept, or nothing.

    With it the queues, and the sessions that somebody holds, waits for or now chooses. Raises
    `person.Erased`.
    """
    begin_writing(session)
    try:
        hold_queues(session)
        hold(session, attendee)
        expect(session, "attendee", attendee.id, seen)
        hold_seats(session, attendee.id, sessions)
        yield
        session.commit()
    except Exception:
        session.rollback()
        raise
