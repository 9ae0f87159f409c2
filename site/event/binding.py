"""A blank badge becomes somebody's by one scan, before or after they came in; and back again."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import FIRST_BLANK, Unreadable, read
from event.base import begin_writing
from event.blanks import Blank, UnknownBlank, code_of, number_of
from event.corrections import WHILE_FRESH, Person
from event.journal import note
from event.programme import Event
from event.recounting import recount


class NotBlank(ValueError):
    """What was scanned is somebody's own badge, was not read whole, or is no badge of ours."""


class AlreadyBound(Exception):
    """It belongs to somebody: `attendee_id` is theirs."""

    def __init__(self, attendee_id: int) -> None:
        super().__init__(attendee_id)
        self.attendee_id = attendee_id


class Withdrawn(Exception):
    """An organiser withdrew it, so no door would take it."""


class NoPlace(Exception):
    """There is no such person, or their registration was cancelled."""


class MayNotUnbind(PermissionError):
    """Bound by somebody else, or too long ago, for somebody who is no supervisor."""


@dataclass(frozen=True)
class Wish:
    """`lost`: the person's own badge is gone, and is refused from now on."""

    blank: int
    attendee_id: int
    lost: bool = False


def scanned_blank(event: Event, code: str, key: Ed25519PublicKey) -> int:
    """The number of the blank that was scanned, or typed as it stands under its code.

    Raises `NotBlank`.
    """
    typed = number_of(code)
    if typed is not None:
        return typed
    try:
        facts = read(code, key)
    except Unreadable as error:
        raise NotBlank(code) from error
    if facts.event != event.number or facts.attendee < FIRST_BLANK:
        raise NotBlank(code)
    return facts.attendee - FIRST_BLANK


def bind(session: Session, event: Event, wish: Wish, *, by: str, at: datetime) -> None:
    """Give a blank to a person; what it was let in for counts for them, earlier scans too.

    Of two desks that take one blank, one wins. The same once more changes nothing. Raises
    `UnknownBlank`, `Withdrawn`, `AlreadyBound`, `NoPlace`.
    """
    begin_writing(session)
    try:
        if _take(session, wish, by=by, at=at):
            if wish.lost:
                _replace(session, wish)
            recount(session, event, FIRST_BLANK + wish.blank)
            recount(session, event, wish.attendee_id)
            told = {"blank": code_of(wish.blank), "lost": wish.lost}
            note(session, "blank_bound", "attendee", wish.attendee_id, by=by, at=at, **told)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _take(session: Session, wish: Wish, *, by: str, at: datetime) -> bool:
    """False if it is theirs already. The UPDATE settles who was first."""
    free = (Blank.attendee_id.is_(None), Blank.withdrawn_at.is_(None))
    mine = {"attendee_id": wish.attendee_id, "bound_at": at, "bound_by": by, "replaced": None}
    person = select(Attendee.id).where(
        Attendee.id == wish.attendee_id, Attendee.cancelled_at.is_(None)
    )
    if session.scalar(person) is None:
        raise NoPlace(wish.attendee_id)
    taken = update(Blank).where(Blank.id == wish.blank, *free).values(mine).returning(Blank.id)
    if session.scalar(taken) is not None:
        return True
    found = select(Blank.attendee_id).where(Blank.id == wish.blank)
    row = session.execute(found).first()
    if row is None:
        raise UnknownBlank(wish.blank)
    if row.attendee_id is None:
        raise Withdrawn(wish.blank)
    if row.attendee_id != wish.attendee_id:
        raise AlreadyBound(row.attendee_id)
    return False


def _replace(session: Session, wish: Wish) -> None:
    """Refuse the person's own badge, and keep which one it was."""
    mine = select(Attendee).where(Attendee.id == wish.attendee_id).with_for_update()
    person = session.scalars(mine, execution_options={"populate_existing": True}).one()
    kept = update(Blank).where(Blank.id == wish.blank).values(replaced=person.revision)
    session.execute(kept)
    person.revision = (person.revision + 1) % 256


def unbind(session: Session, event: Event, number: int, person: Person, *, at: datetime) -> int:
    """Take a blank back from the wrong person; gives their number.

    Their own badge is good again, if it had been refused for this one and no newer one was made.
    Raises `UnknownBlank` (also if it is nobody's), `MayNotUnbind`.
    """
    begin_writing(session)
    try:
        whose = _let_go(session, number, person, at)
        recount(session, event, FIRST_BLANK + number)
        recount(session, event, whose)
        told = {"blank": code_of(number)}
        note(session, "blank_unbound", "attendee", whose, by=person.email, at=at, **told)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return whose


def _let_go(session: Session, number: int, person: Person, at: datetime) -> int:
    held = select(Blank).where(Blank.id == number).with_for_update()
    blank = session.scalar(held, execution_options={"populate_existing": True})
    if blank is None or blank.attendee_id is None:
        raise UnknownBlank(number)
    if not may_unbind(blank, person, at=at):
        raise MayNotUnbind(number)
    whose = blank.attendee_id
    if blank.replaced is not None:
        newer = (blank.replaced + 1) % 256
        owner = update(Attendee).where(Attendee.id == whose, Attendee.revision == newer)
        session.execute(owner.values(revision=blank.replaced))
    blank.attendee_id = blank.bound_at = blank.replaced = None
    blank.bound_by = ""
    session.flush()
    return whose


def may_unbind(blank: Blank, person: Person, *, at: datetime) -> bool:
    """A supervisor any binding; the desk its own, while it is fresh."""
    if blank.bound_at is None or person.may("supervisor"):
        return blank.bound_at is not None
    return blank.bound_by == person.email and at - blank.bound_at <= WHILE_FRESH
