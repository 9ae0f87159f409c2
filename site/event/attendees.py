"""The people: who put their name down, for what, and how they are found again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    exists,
    insert,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.base import Base, Moment, begin_writing
from event.bookings import Booking, book, choose
from event.consents import consent
from event.guardians import keep_guardian
from event.journal import note
from event.mail import queue_mail
from event.names import fold, sort_key
from event.programme import Category, Slot
from event.stated import STATED, Registration

__all__ = [
    "STATED", "Attendee", "Registered", "Registration", "UnknownCategory", "everyone", "in_session",
    "matching", "put_down", "register", "search_text", "state", "twins",
]  # fmt: skip


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


class Attendee(Base):
    """One person of one event. Neither e-mail nor phone is unique: a secretary registers ten
    colleagues.
    """

    __tablename__ = "attendees"
    __table_args__ = (
        Index("ix_attendees_order", "sort_key", "id"),
        Index("ix_attendees_category", "category_id", "cancelled_at"),
        Index("ix_attendees_twin", "folded_name", "phone"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    honorific: Mapped[str] = mapped_column(String(20), default="")
    degree: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary)
    folded_name: Mapped[str] = mapped_column(String(200))
    found_by: Mapped[str] = mapped_column(String(900))  # see search_text
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[str] = mapped_column(String(120), default="")
    province: Mapped[str] = mapped_column(String(10), default="")
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    # What an office wrote beside the name, and the tracks that its list named.
    remark: Mapped[str] = mapped_column(String(500), default="")
    interests: Mapped[list[str]] = mapped_column(JSON, default=list)
    companions: Mapped[int] = mapped_column(default=0)  # who come along without a name
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"), index=True)
    heads_party: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    nonce: Mapped[str | None] = mapped_column(String(40), unique=True)
    registered_at: Mapped[datetime] = mapped_column(Moment)
    registered_by: Mapped[str] = mapped_column(String(200))
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    waits: Mapped[bool] = mapped_column(default=False)  # for an organiser's yes: no place yet
    erased_at: Mapped[datetime | None] = mapped_column(Moment)  # only a number is left
    informed_at: Mapped[datetime | None] = mapped_column(Moment)  # saw the privacy notice
    revision: Mapped[int] = mapped_column(default=0)  # of the badge: a new one kills the old one
    link_revision: Mapped[int] = mapped_column(default=0)
    category: Mapped[Category] = relationship(lazy="raise")
    bookings: Mapped[list[Booking]] = relationship(lazy="raise", order_by=Booking.slot_id)

    @property
    def code(self) -> str:
        """What stands under the QR code and can be said on the phone: five digits or more."""
        return f"{self.id:05d}"

    @property
    def has_badge(self) -> bool:
        """Whether a door lets them in."""
        return self.cancelled_at is None and not self.waits

    @property
    def titled_name(self) -> str:
        """The name with its degree, as on a badge: "TS. Phạm Quốc Bảo"."""
        return f"{self.degree} {self.name}".strip()


def register(
    session: Session,
    registration: Registration,
    *,
    at: datetime,
    by: str = "attendee",
    nonce: str | None = None,
) -> Registered:
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
        earlier = _by_nonce(session, nonce) if isinstance(error, IntegrityError) else None
        if earlier is None:
            raise
        return earlier
    return Registered(session, number, 0, first_time=True)


_PEOPLE = cast(Table, Attendee.__table__)
_PRESSED = select(_PEOPLE.c.id, _PEOPLE.c.link_revision).where(
    _PEOPLE.c.nonce == bindparam("nonce")
)


def _by_nonce(session: Session, nonce: str | None) -> Registered | None:
    """Who came of this form already."""
    found = session.connection().execute(_PRESSED, {"nonce": nonce}).first() if nonce else None
    return Registered(session, *found, first_time=False) if found else None


_PUT_DOWN = insert(_PEOPLE).returning(_PEOPLE.c.id)


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
    row = first_row(session, registration, at=at, by=by) | {
        "nonce": nonce,
        "party_id": party_id,
        "import_id": import_id,
    }
    row["waits"] = _waits(session, registration, by)
    number: int = session.connection().execute(_PUT_DOWN, row).scalar_one()
    follow_up(session, number, registration, at=at, by=by)
    if row["waits"]:
        note(session, "waits", "attendee", number, by=by, at=at)
    return number


_ASKED = select(Category.id).where(Category.key == bindparam("key"), Category.approval)


def _waits(session: Session, registration: Registration, by: str) -> bool:
    """Whoever comes by their own form in such a category; a list or the desk is a yes already."""
    asked = session.connection().scalar(_ASKED, {"key": registration.category})
    return by == "attendee" and asked is not None


def first_row(
    session: Session, registration: Registration, *, at: datetime, by: str
) -> dict[str, Any]:
    """The columns of somebody new. Raises `UnknownCategory`."""
    return _stated(session, registration) | {
        "registered_at": at,
        "registered_by": by,
        "informed_at": at if registration.agreed else None,
        "language": registration.language,
        "remark": registration.remark,
        "interests": list(registration.interests),
        "companions": registration.companions,
    }


def follow_up(
    session: Session, attendee_id: int, registration: Registration, *, at: datetime, by: str
) -> None:
    """What a new row brings with it: seats, consent, the mail and the journal."""
    book(session, attendee_id, choose(session, registration.sessions), at=at)
    if registration.agreed:
        consent(session, attendee_id, registration, at=at, by=by)
    if registration.guardian:
        keep_guardian(session, attendee_id, registration.guardian, at=at)
    if registration.email and registration.mail:
        queue_mail(session, attendee_id, "registered", at=at)
    note(session, "registered", "attendee", attendee_id, by=by, at=at)


def state(session: Session, attendee: Attendee, stated: Registration) -> None:
    """Write what a person states onto their row, with the columns that search and order need."""
    for column, value in _stated(session, stated).items():
        setattr(attendee, column, value)


_CATEGORIES = cast(Table, Category.__table__)
_CATEGORY = select(_CATEGORIES.c.id).where(_CATEGORIES.c.key == bindparam("key"))


def _stated(session: Session, stated: Registration) -> dict[str, Any]:
    category_id = session.connection().scalar(_CATEGORY, {"key": stated.category})
    if category_id is None:
        raise UnknownCategory(stated.category)
    row = {field: getattr(stated, field) for field in STATED if field != "category"}
    return row | {
        "category_id": category_id,
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
    return (
        select(Attendee)
        .where(Attendee.cancelled_at.is_(None), Attendee.erased_at.is_(None), ~Attendee.waits)
        .order_by(Attendee.sort_key, Attendee.id)
    )


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
