"""A blank badge becomes somebody's by one scan, before or after they came in; and back again."""

from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Exists, exists, select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import FIRST_BLANK, Unreadable, read
from event.base import begin_writing
from event.blanks import LOST, Blank, UnknownBlank, code_of, number_of
from event.corrections import WHILE_FRESH, Person
from event.journal import note
from event.printing import Printed
from event.programme import Event
from event.recounting import recount
from event.review import look_through
from event.scans import Scan


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
    """`lost`: every badge that the person had is gone, and is refused from now on."""

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

    Of two desks that take one blank, one wins. The same once more changes nothing, but it may be
    said later that the others are lost. Raises `UnknownBlank`, `Withdrawn`, `AlreadyBound`,
    `NoPlace`.
    """
    begin_writing(session)
    try:
        taken = _take(session, wish, by=by, at=at)
        refused = wish.lost and _refuse_others(session, wish)
        if taken or refused:
            recount(session, event, FIRST_BLANK + wish.blank)
            recount(session, event, wish.attendee_id)
            theirs = session.scalars(select(Scan.id).where(Scan.blank_id == wish.blank)).all()
            look_through(session.connection(), theirs, at=at)
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
        Attendee.id == wish.attendee_id,
        Attendee.cancelled_at.is_(None),
        Attendee.erased_at.is_(None),
    )
    if session.scalar(person) is None:
        raise NoPlace(wish.attendee_id)
    taken = update(Blank).where(Blank.id == wish.blank, *free).values(mine).returning(Blank.id)
    if session.scalar(taken) is not None:
        return True
    found = select(Blank.attendee_id, Blank.withdrawn_at).where(Blank.id == wish.blank)
    row = session.execute(found).first()
    if row is None:
        raise UnknownBlank(wish.blank)
    if row.attendee_id not in (None, wish.attendee_id):
        raise AlreadyBound(row.attendee_id)
    if row.withdrawn_at is not None:
        raise Withdrawn(wish.blank)
    return False


def _refuse_others(session: Session, wish: Wish) -> bool:
    """Refuse the person's own badge and earlier blanks; False if they all were refused already.

    The blank keeps which badge it was. What it withdraws has the time of its binding, by which
    `_let_go` finds it.
    """
    blank = session.get_one(Blank, wish.blank, populate_existing=True)
    others = update(Blank).where(
        Blank.attendee_id == wish.attendee_id, Blank.id != blank.id, Blank.withdrawn_at.is_(None)
    )
    gone = others.values(withdrawn_at=blank.bound_at, withdrawn_why=LOST).returning(Blank.id)
    changed = bool(session.scalars(gone).all())
    # Blanks before their person, as at the door, so that neither waits for the other.
    mine = select(Attendee).where(Attendee.id == wish.attendee_id).with_for_update()
    person = session.scalars(mine, execution_options={"populate_existing": True}).one()
    if not _refused(session, person):
        person.revision = (person.revision + 1) % 256
        changed = True
    blank.replaced = (person.revision - 1) % 256
    session.flush()
    return changed


def _refused(session: Session, person: Attendee) -> bool:
    """Whether a blank took the place of their badge, and none was made since."""
    before = (person.revision - 1) % 256
    took_its_place = exists().where(Blank.attendee_id == person.id, Blank.replaced == before)
    return bool(session.scalar(select(took_its_place & ~_on_paper(person))))


def _on_paper(person: Attendee) -> Exists:
    return exists().where(Printed.attendee_id == person.id, Printed.revision == person.revision)


def keep_new_badge(session: Session, attendee_id: int) -> None:
    """Somebody's badge is printed at the desk: taking a blank back does not revive an older one."""
    begin_writing(session)
    mine = update(Blank).where(Blank.attendee_id == attendee_id, Blank.replaced.is_not(None))
    session.execute(mine.values(replaced=None))
    session.commit()


def unbind(session: Session, event: Event, number: int, person: Person, *, at: datetime) -> int:
    """Take a blank back from the wrong person; gives their number.

    What was refused for this one alone is good again: earlier blanks, and their own badge if no
    newer one was made.
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
    _pass_on(session, blank)
    replaced, blank.attendee_id = blank.replaced, None
    blank.bound_at = blank.replaced = None
    blank.bound_by = ""
    session.flush()
    if replaced is not None:
        _revive(session, whose, replaced)
    return whose


def _pass_on(session: Session, blank: Blank) -> None:
    """The blanks that were lost before this one: good again, or lost as this one is by now."""
    lost = blank.withdrawn_why == LOST
    before = update(Blank).where(
        Blank.attendee_id == blank.attendee_id,
        Blank.id != blank.id,
        Blank.withdrawn_at == blank.bound_at,
        Blank.withdrawn_why == LOST,
    )
    fate = {"withdrawn_at": blank.withdrawn_at if lost else None}
    session.execute(before.values(fate | {"withdrawn_why": LOST if lost else ""}))


def _revive(session: Session, attendee_id: int, revision: int) -> None:
    """Their own badge of that revision, if nothing speaks against it any more."""
    mine = select(Attendee).where(Attendee.id == attendee_id).with_for_update()
    person = session.scalars(mine, execution_options={"populate_existing": True}).one()
    others = exists().where(Blank.attendee_id == attendee_id, Blank.replaced == revision)
    if session.scalar(select(others | _on_paper(person))):
        return
    if person.revision == (revision + 1) % 256:
        person.revision = revision
        session.flush()


def may_unbind(blank: Blank, person: Person, *, at: datetime) -> bool:
    """A supervisor any binding; the desk its own, while it is fresh."""
    if blank.bound_at is None or person.may("supervisor"):
        return blank.bound_at is not None
    return blank.bound_by == person.email and at - blank.bound_at <= WHILE_FRESH
