"""The people who run the event: accounts, roles, one-time sign-in links, and limits on guessing."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ForeignKey, Index, Select, String, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing
from event.journal import note
from event.prepared import Prepared
from event.questions import an_email

ROLES = ("desk", "supervisor", "organiser")  # each may do what those before it may
KIOSK = "kiosk"
"""What a tablet may at which guests check themselves in: hand over scans. All others may that too.
"""
GATE = "gate"
"""What a paired device may: scan at its doors. Accounts may that too."""
LEVELS = (KIOSK, GATE, *ROLES)
LINK_LIFE = timedelta(hours=24)
ATTEMPTS = 10
ORIGIN_ATTEMPTS = 100  # a whole team signs in from behind one address at the venue
ATTEMPTS_WINDOW = timedelta(minutes=10)
MIN_PASSWORD = 10


class WrongSignIn(Exception):
    """Unknown address, wrong password, spent or expired link: which one is not told."""


class TooManyAttempts(Exception):
    """Guessing has to wait; holds for all processes, since attempts are rows."""


class LastOrganiser(Exception):
    """Nobody would be left who may open accounts."""


class WeakPassword(ValueError):
    """Shorter than ten characters."""


class Staff(Base):
    """One account. Without a password, one-time links are the only way in."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(12))
    password: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    stamp: Mapped[str] = mapped_column(
        String(16)
    )  # part of the session: a new one signs out everywhere

    def may(self, role: str) -> bool:
        """Whether this account may do what `role` may."""
        return self.closed_at is None and LEVELS.index(self.role) >= LEVELS.index(role)


@dataclass(frozen=True)
class Account:
    """An open account as pages ask for it with every request."""

    id: int
    email: str
    role: str
    stamp: str

    def may(self, role: str) -> bool:
        """Whether this account may do what `role` may."""
        return LEVELS.index(self.role) >= LEVELS.index(role)


class SignInLink(Base):
    """A one-time link; only a hash is kept, so that a stolen database opens no door."""

    __tablename__ = "sign_in_links"
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Attempt(Base):
    """One try at something that must not be guessed; `what` is a hash: no address stays behind."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_what", "what", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


_OPEN = Prepared(
    select(Staff.id, Staff.email, Staff.role, Staff.stamp).where(
        Staff.id == bindparam("id"), Staff.closed_at.is_(None)
    )
)


def open_account(session: Session, number: int) -> Account | None:
    """The account of this number, unless it was closed."""
    row = _OPEN.first(session.connection(), id=number)
    return Account(*row) if row else None


def hashed(secret: str) -> str:
    """What is stored in place of a secret of high entropy."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add_staff(session: Session, email: str, role: str, *, at: datetime, by: str) -> Staff:
    """Open an account, or give an old one another role.

    Raises `WrongAnswer`, `LastOrganiser`, `ValueError` on the role.
    """
    if role not in ROLES:
        raise ValueError(role)
    address = an_email(email)
    begin_writing(session)
    person = session.scalar(select(Staff).where(Staff.email == address))
    if person is None:
        person = Staff(email=address, role=role, created_at=at, stamp=secrets.token_hex(8))
        session.add(person)
    elif role != "organiser":
        _leave_an_organiser(session, person)
    person.role, person.closed_at = role, None
    session.flush()
    note(session, "staff_added", "staff", person.id, by=by, at=at, role=role)
    session.commit()
    return person


def close_staff(session: Session, person: Staff, *, at: datetime, by: str) -> None:
    """Shut an account: its open sessions and links end at once. Raises `LastOrganiser`."""
    begin_writing(session)
    _leave_an_organiser(session, person)
    person.closed_at = at
    person.stamp = secrets.token_hex(8)
    note(session, "staff_closed", "staff", person.id, by=by, at=at)
    session.commit()


def _leave_an_organiser(session: Session, person: Staff) -> None:
    """Hold the open accounts of organisers, and look whether one is left besides this person."""
    query = select(Staff.id).where(Staff.role == "organiser", Staff.closed_at.is_(None))
    organisers = session.scalars(query.order_by(Staff.id).with_for_update()).all()
    if list(organisers) == [person.id]:
        session.rollback()
        raise LastOrganiser(person.email)


def make_link(session: Session, person: Staff, *, at: datetime) -> str:
    """A fresh one-time secret for `/staff/sign-in/<secret>`, good for a day."""
    secret = secrets.token_urlsafe(24)
    begin_writing(session)
    session.add(SignInLink(digest=hashed(secret), staff_id=person.id, expires_at=at + LINK_LIFE))
    session.commit()
    return secret


def link_holder(session: Session, secret: str, *, at: datetime) -> Staff:
    """Whose link this is; looking does not use it up. Raises `WrongSignIn`."""
    found = session.scalar(
        select(Staff)
        .join(SignInLink, SignInLink.staff_id == Staff.id)
        .where(
            SignInLink.digest == hashed(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > at,
            Staff.closed_at.is_(None),
        )
    )
    if found is None:
        raise WrongSignIn
    return found


def use_link(session: Session, secret: str, *, at: datetime) -> Staff:
    """Sign in by link: of two presses at once, one succeeds. Raises `WrongSignIn`."""
    begin_writing(session)
    person = link_holder(session, secret, at=at)
    spent = session.execute(
        update(SignInLink)
        .where(SignInLink.digest == hashed(secret), SignInLink.used_at.is_(None))
        .values(used_at=at)
    )
    session.commit()
    if spent.rowcount == 0:  # type: ignore[attr-defined]
        raise WrongSignIn
    return person


def set_password(session: Session, person: Staff, password: str, *, at: datetime) -> None:
    """Choose a password; other sessions and unused links of the account end with the old one.

    Raises `WeakPassword`.
    """
    if len(password) < MIN_PASSWORD:
        raise WeakPassword
    begin_writing(session)
    person.password = PasswordHasher().hash(password)
    person.stamp = secrets.token_hex(8)
    unused = SignInLink.staff_id == person.id, SignInLink.used_at.is_(None)
    session.execute(update(SignInLink).where(*unused).values(used_at=at))
    note(session, "password_set", "staff", person.id, by=person.email, at=at)
    session.commit()


def sign_in(session: Session, email: str, password: str, *, origin: str, at: datetime) -> Staff:
    """Sign in by password. Raises `WrongSignIn`, `TooManyAttempts` (per account and per network
    address).
    """
    address = email.strip().lower()
    attempt(session, f"account:{address}", at=at)
    attempt(session, f"origin:{origin}", at=at, limit=ORIGIN_ATTEMPTS)
    person = session.scalar(select(Staff).where(Staff.email == address, Staff.closed_at.is_(None)))
    if not _matches(person.password if person else None, password) or person is None:
        raise WrongSignIn
    return person


def attempt(session: Session, what: str, *, at: datetime, limit: int = ATTEMPTS) -> None:
    """Count a try. Raises `TooManyAttempts` when `limit` tries came in the last ten minutes."""
    begin_writing(session)
    digest = hashed(what)
    recent = select(func.count()).where(Attempt.what == digest, Attempt.at > at - ATTEMPTS_WINDOW)
    count = session.scalar(recent) or 0
    if count < limit:
        session.add(Attempt(what=digest, at=at))
    session.commit()
    if count >= limit:
        raise TooManyAttempts


# Takes as long as a real check, so that the time of an answer does not tell whether an account
# exists.
_NOBODY = (  # of a password that nobody was told
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$ufiBMRUQTdbsIlegmwy5OQ$7HgizXBj88e3uzsGWpMlop9rrc/ZzmyWrhFTYOGyMWo"
)


def _matches(stored: str | None, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored or _NOBODY, password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def accounts() -> Select[Staff]:
    """Open accounts first, then by address."""
    return select(Staff).order_by(Staff.closed_at.is_not(None), Staff.email)
