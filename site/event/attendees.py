"""The people: who put their name down, for what, and how they are found again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Select, Table, bindparam, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.bookings import Booking, book, choose
from event.consents import consent
from event.guardians import keep_guardian
from event.journal import note
from event.limits import limited, limits
from event.line import next_turn
from event.mail import queue_mail
from event.names import fold, sort_key
from event.person import Attendee, has_place
from event.prepared import Prepared
from event.programme import Category, Slot
from event.stated import STATED, Registration
from event.waiting import hold_queues, stand_in

__all__ = [
    "STATED", "Attendee", "Registered", "Registration", "UnknownCategory", "everyone", "in_session",
    "matching", "put_down", "put_in_place_of", "register", "search_text", "state", "twins",
]  # fmt: skip

BY_THEMSELVES = "attendee"


class UnknownCategory(LookupError):
    """The category that was named does not exist in this event."""


@dataclass(frozen=True)
class Registered:
    """The outcome of `register`: a repeat of the same form gives the same attendee, not a second
    one. `id` is theirs; with `link_revision` it makes their link.
    """

    session: Session
    id: int
    link_revision: int
    first_time: bool

    @property
    def attendee(self) -> "Attendee":
        """The whole row, read only where somebody asks for it."""
        return self.session.get_one(Attendee, self.id)


def register(
    session: Session, registration: Registration, *, at: datetime, by: str = BY_THEMSELVES,
    nonce: str | None = None,
) -> Registered:  # fmt: skip
    """Put one person down: details, consent, seats and the mail to them, in one transaction.

    Raises `UnknownCategory`, and of bookings `UnknownSessions`, `SeatsClash` and `SeatsGone`.
    """
    begin_writing(session)
    try:
        number = put_down(session, registration, at=at, by=by, nonce=nonce)
        session.commit()
    except Exception as error:
        session.rollback()
        # The form was pressed before: its nonce is taken, which the first INSERT finds out.
        taken = nonce is not None and isinstance(error, IntegrityError)
        if taken and (earlier := pressed(session, nonce)):
            return earlier
        if not (taken and _forget_press(session, nonce)):
            raise
        return register(session, registration, at=at, by=by, nonce=nonce)
    return Registered(session, number, 0, first_time=True)


_PEOPLE = cast(Table, Attendee.__table__)
_GONE = or_(_PEOPLE.c.cancelled_at.is_not(None), _PEOPLE.c.erased_at.is_not(None))
_PRESSED = select(_PEOPLE.c.id, _PEOPLE.c.link_revision).where(
    _PEOPLE.c.nonce == bindparam("nonce"), ~_GONE
)


def pressed(session: Session, nonce: str | None) -> Registered | None:
    """Who came of this form already, and is there still."""
    found = session.connection().execute(_PRESSED, {"nonce": nonce}).first() if nonce else None
    return Registered(session, *found, first_time=False) if found else None


def _forget_press(session: Session, nonce: str | None) -> bool:
    """Let a form register once more whose registration is gone."""
    begin_writing(session)
    gone = update(_PEOPLE).where(_PEOPLE.c.nonce == nonce, _GONE).values(nonce=None)
    found = session.execute(gone.returning(_PEOPLE.c.id)).first()
    session.commit()
    return found is not None


_NEW = {
    **dict.fromkeys(("cancelled_at", "erased_at", "line", "nonce", "party_id", "import_id")),
    **dict.fromkeys(("heads_party", "waits"), False),
    **dict.fromkeys(("revision", "link_revision"), 0),
}
_PUT_DOWN = Prepared(insert(_PEOPLE).returning(_PEOPLE.c.id))
_CATEGORY = Prepared(
    select(Category.id, Category.approval, limited().label("limited")).where(
        Category.key == bindparam("key")
    )
)
Known: TypeAlias = Row[int, bool, bool]
"""A category: its number, whether they wait for a yes, and whether the event has any limit."""


def put_down(
    session: Session,
    registration: Registration,
    *,
    at: datetime,
    by: str,
    nonce: str | None = None,
    party_id: int | None = None,
    import_id: int | None = None,
) -> int:
    """The registration itself, in a transaction that the caller commits; gives the new id."""
    category = _known(session, registration.category)
    came = {"nonce": nonce, "party_id": party_id, "import_id": import_id}
    if category.limited:
        hold_queues(session)  # seats go to those in line too: all writers take turns
    came |= _standing(session, category, registration.companions, by)
    return _write(session, registration, category, came, at=at, by=by)


def put_in_place_of(
    session: Session, attendee: Attendee, registration: Registration, *, at: datetime, by: str
) -> int:
    """The same, for somebody who gets a place that another has: nobody is asked for it.

    An organiser's yes was for the other one alone; whoever needs one waits for their own.
    """
    category = _known(session, registration.category)
    waits = attendee.waits or (category.approval and by == BY_THEMSELVES)
    came = {"party_id": attendee.party_id, "waits": waits}
    return _write(session, registration, category, came, at=at, by=by)


def _standing(session: Session, category: Known, companions: int, by: str) -> dict[str, Any]:
    """Only whoever comes by their own form may have to wait, for a yes or for a place."""
    if by != BY_THEMSELVES or category.approval:
        return {"waits": by == BY_THEMSELVES}
    if not category.limited or limits(session).hold(category.id, 1 + companions):
        return {}
    return {"waits": True, "line": next_turn(session)}


def _write(
    session: Session, registration: Registration, category: Known, came: dict[str, Any], *,
    at: datetime, by: str,
) -> int:  # fmt: skip
    row = _NEW | _stated(category, registration) | _first(registration, at, by) | came
    number: int = _PUT_DOWN(session.connection(), **row)[0][0]
    lined_up = row["line"] is not None
    _follow_up(session, number, registration, at=at, by=by, lined_up=lined_up)
    if row["waits"]:
        note(session, "lined_up" if lined_up else "waits", "attendee", number, by=by, at=at)
    return number


def _first(registration: Registration, at: datetime, by: str) -> dict[str, Any]:
    return {
        "registered_at": at,
        "registered_by": by,
        "informed_at": at if registration.agreed else None,
        "language": registration.language,
        "remark": registration.remark,
        "interests": list(registration.interests),
        "companions": registration.companions,
    }


def _follow_up(
    session: Session,
    attendee_id: int,
    registration: Registration,
    *,
    at: datetime,
    by: str,
    lined_up: bool,
) -> None:
    """What a new row brings with it: seats, consent, the mail and the journal."""
    chosen = choose(session, registration.sessions)
    if lined_up:
        stand_in(session, attendee_id, [slot.id for slot in chosen], at=at)
    else:
        book(session, attendee_id, chosen, at=at)
    if registration.agreed:
        consent(session, attendee_id, registration, at=at, by=by)
    if registration.guardian:
        keep_guardian(session, attendee_id, registration.guardian, at=at)
    if registration.email and registration.mail:
        queue_mail(session, attendee_id, "registered", at=at, own=by == BY_THEMSELVES)
    note(session, "registered", "attendee", attendee_id, by=by, at=at)


def state(session: Session, attendee: Attendee, stated: Registration) -> None:
    """Write what a person states onto their row, with the columns that search and order need."""
    for column, value in _stated(_known(session, stated.category), stated).items():
        setattr(attendee, column, value)


def _known(session: Session, key: str) -> Known:
    """Raises `UnknownCategory`."""
    found = _CATEGORY.first(session.connection(), key=key)
    if found is None:
        raise UnknownCategory(key)
    return found


def _stated(category: Known, stated: Registration) -> dict[str, Any]:
    row = {field: getattr(stated, field) for field in STATED if field != "category"}
    return row | {
        "category_id": category.id,
        "sort_key": sort_key(stated.name),
        "folded_name": fold(stated.name),
        "found_by": search_text(stated),
    }


def search_text(stated: Registration) -> str:
    """What a person may be searched by, folded, in one column; a code is found by its number."""
    national = stated.phone.replace("+84", "0", 1)
    parts = [fold(stated.name), fold(stated.organisation), stated.email.casefold()]
    return " ".join([*parts, stated.phone, national])


def everyone() -> Select[Attendee]:
    """All who hold a place, in the Vietnamese order of given names."""
    return select(Attendee).where(has_place()).order_by(Attendee.sort_key, Attendee.id)


def matching(query: Select[Attendee], text: str) -> Select[Attendee]:
    """Narrow to people whose name, organisation, phone, e-mail or code holds every word of `text`.

    Words are compared without accents: "nguyen van a" finds Nguyễn Văn Á. A number is a code or a
    part of a phone, however its digits are grouped.
    """
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    if digits and not any(c.isalpha() for c in text):
        by_phone = Attendee.found_by.contains(digits, autoescape=True)
        by_code = Attendee.id == int(digits[:9])
        return query.where(or_(by_phone, by_code) if len(digits) > 4 else by_code)
    words = [text.strip().casefold()] if "@" in text else fold(text).split()
    for word in words:
        query = query.where(Attendee.found_by.contains(word, autoescape=True))
    return query


def in_session(query: Select[Attendee], slot_key: str) -> Select[Attendee]:
    """Narrow to people who booked a session."""
    booked = exists().where(
        Booking.attendee_id == Attendee.id, Booking.slot_id == Slot.id, Slot.key == slot_key
    )
    return query.where(booked)


def twins(attendee: Attendee) -> Select[Attendee]:
    """Likely the same person twice: same name without accents, and same phone or e-mail."""
    return everyone().where(
        Attendee.id != attendee.id,
        Attendee.folded_name == attendee.folded_name,
        or_(
            (Attendee.phone == attendee.phone) & (Attendee.phone != ""),
            (Attendee.email == attendee.email) & (Attendee.email != ""),
        ),
    )
