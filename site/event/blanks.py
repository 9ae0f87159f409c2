"""Blank badges: printed and signed before anybody knows who will wear them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import (
    Connection,
    ForeignKey,
    Row,
    Select,
    String,
    Update,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from event.attendees import Attendee, UnknownCategory
from event.badges import FIRST_BLANK, Facts, sign
from event.base import Base, Moment, add_rows, begin_writing
from event.journal import note
from event.printing import Paper, PrintRun
from event.programme import Category, Event
from event.words import Words

MOST = 10_000
"""So many may be printed at a time."""
LARGEST = FIRST_BLANK - 1
NUMBER = re.compile(r"[Bb]\s*0*([0-9]{1,9})")
LOST = "lost"
"""Why a blank is withdrawn when its person, who lost it, was given another."""


class UnknownBlank(LookupError):
    """No blank badge of this number was ever printed."""


class TooMany(ValueError):
    """None at all, or more than `MOST` at a time."""


class BlankBatch(Base):
    """One printing of blanks, `count` of them from number `first` on; its run says who and when."""

    __tablename__ = "blank_batches"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(unique=True)
    count: Mapped[int]
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("print_runs.id"), unique=True)
    category: Mapped[Category] = relationship(lazy="raise")

    @property
    def last(self) -> int:
        """The highest number in it."""
        return self.first + self.count - 1


class Blank(Base):
    """One blank badge: its number, and whose it is once it was bound.

    `replaced` is the revision of the person's own badge that it took the place of, if it did.
    """

    __tablename__ = "blanks"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    batch_id: Mapped[int] = mapped_column(ForeignKey("blank_batches.id"), index=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendees.id"), index=True)
    bound_at: Mapped[datetime | None] = mapped_column(Moment)
    bound_by: Mapped[str] = mapped_column(String(200), default="")
    replaced: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_why: Mapped[str] = mapped_column(String(120), default="")
    batch: Mapped[BlankBatch] = relationship(lazy="raise")
    attendee: Mapped[Attendee | None] = relationship(lazy="raise")

    @property
    def code(self) -> str:
        """What stands under its QR code: "B0001"."""
        return code_of(self.id)


@dataclass(frozen=True)
class Issue:
    """What is to be printed: `category` is a key; `options` are those of `layouts.Imposing`."""

    count: int
    category: str
    layout: str
    options: dict[str, Any] = field(default_factory=dict)


def code_of(number: int) -> str:
    """What people call it."""
    return f"B{number:04d}"


def number_of(typed: str) -> int | None:
    """The number in "B0001" or "b1"; None for anything else, such as "00001" below a badge."""
    found = NUMBER.fullmatch(typed.strip())
    return int(found[1]) if found and 0 < int(found[1]) <= LARGEST else None


def issue(session: Session, event: Event, wanted: Issue, *, by: str, at: datetime) -> BlankBatch:
    """The next numbers, and the print run that puts them on paper: from now on the door knows them.

    Raises `UnknownCategory`, `TooMany`.
    """
    begin_writing(session)
    try:
        batch = _issue(session, event, wanted, by=by, at=at)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return batch


def _issue(session: Session, event: Event, wanted: Issue, *, by: str, at: datetime) -> BlankBatch:
    if not 0 < wanted.count <= MOST:
        raise TooMany(wanted.count)
    # Whoever prints meanwhile waits here, so that no number is given twice on PostgreSQL either.
    session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    category = session.scalar(select(Category).where(Category.key == wanted.category))
    if category is None:
        raise UnknownCategory(wanted.category)
    first = last_printed(session) + 1
    told = {"blanks": f"{code_of(first)}–{code_of(first + wanted.count - 1)}"}
    told["category"] = category.key
    run = PrintRun(by=by, at=at, layout=wanted.layout, people=told, options=wanted.options)
    session.add(run)
    session.flush()
    batch = BlankBatch(first=first, count=wanted.count, category_id=category.id, run_id=run.id)
    session.add(batch)
    session.flush()
    numbers = range(first, first + wanted.count)
    add_rows(session, Blank, *({"id": number, "batch_id": batch.id} for number in numbers))
    said = {"run": run.id, "list": "badges", "layout": wanted.layout, "people": told}
    note(session, "exported", "event", event.id, by=by, at=at, **said)
    return batch


def finish(session: Session, batch: BlankBatch, paper: Paper, *, at: datetime) -> None:
    """Say that the file of a printing is whole."""
    begin_writing(session)
    run = session.get_one(PrintRun, batch.run_id)
    run.done_at, run.count = at, batch.count
    run.file_name, run.size, run.sha256 = paper.file_name, paper.size, paper.sha256
    session.commit()


def token_of_blank(event: Event, number: int, category: int, key: Ed25519PrivateKey) -> str:
    """The digits of its QR code; `category` is the category's number."""
    return sign(Facts(event.number, FIRST_BLANK + number, 0, category), key)


@dataclass(frozen=True)
class Pile:
    """Blanks from one number to another, both in it, and why they are withdrawn."""

    first: int
    last: int
    why: str = ""


def withdraw(session: Session, event: Event, pile: Pile, *, by: str, at: datetime) -> int:
    """Refuse these blanks at every door from now on, for example a pile that was lost.

    Returns how many of them counted until now.
    """
    good = Blank.withdrawn_at.is_(None)
    turned = update(Blank).where(good).values(withdrawn_at=at, withdrawn_why=pile.why)
    return _turn(session, event, pile, turned, verb="blanks_withdrawn", by=by, at=at)


def give_back(session: Session, event: Event, pile: Pile, *, by: str, at: datetime) -> int:
    """Let withdrawn blanks count again: the pile was found. Returns how many they are."""
    bad = Blank.withdrawn_at.is_not(None)
    turned = update(Blank).where(bad).values(withdrawn_at=None, withdrawn_why="")
    return _turn(session, event, pile, turned, verb="blanks_given_back", by=by, at=at)


def _turn(
    session: Session, event: Event, pile: Pile, turned: Update, *, verb: str, by: str, at: datetime
) -> int:
    begin_writing(session)
    within = turned.where(Blank.id.between(pile.first, pile.last)).returning(Blank.id)
    count = len(session.scalars(within).all())
    if count:
        note(session, verb, "event", event.id, by=by, at=at, count=count, **vars(pile))
    session.commit()
    return count


Found = Row[int, int | None, datetime | None, str, Words, str]
"""Number, whose it is, when and why it was withdrawn, category and colour."""
_BLANK = (
    select(
        Blank.id,
        Blank.attendee_id,
        Blank.withdrawn_at,
        Blank.withdrawn_why,
        Category.name.label("category"),
        Category.colour,
    )
    .join(BlankBatch, BlankBatch.id == Blank.batch_id)
    .join(Category, Category.id == BlankBatch.category_id)
    .where(Blank.id == bindparam("blank"))
)
# Held until the end: a scan and a binding of one blank take turns.
_BLANK_HELD = _BLANK.with_for_update(of=Blank)


def find_blank(connection: Connection, number: int, *, held: bool) -> Found | None:
    """One blank as the door needs it; None for a number that was never printed."""
    return connection.execute(_BLANK_HELD if held else _BLANK, {"blank": number}).first()


def last_printed(session: Session) -> int:
    """The highest number on paper; 0 before the first printing."""
    return session.scalar(select(func.max(Blank.id))) or 0


def one_blank(number: int) -> Select[Blank]:
    """A blank with its category, and with the person it belongs to."""
    category = joinedload(Blank.batch).joinedload(BlankBatch.category)
    return select(Blank).where(Blank.id == number).options(category, joinedload(Blank.attendee))


def blanks_of(attendee_id: int) -> Select[Blank]:
    """Those that belong to somebody."""
    return select(Blank).where(Blank.attendee_id == attendee_id).order_by(Blank.id)


def batches() -> Select[BlankBatch, PrintRun, int, int]:
    """Each printing, the newest first, with its run, how many are bound, and how many withdrawn."""
    count = select(func.count()).where(Blank.batch_id == BlankBatch.id)
    bound = count.where(Blank.attendee_id.is_not(None)).scalar_subquery()
    gone = count.where(Blank.withdrawn_at.is_not(None)).scalar_subquery()
    return (
        select(BlankBatch, PrintRun, bound, gone)
        .join(PrintRun, PrintRun.id == BlankBatch.run_id)
        .options(joinedload(BlankBatch.category))
        .order_by(BlankBatch.id.desc())
    )


def piles() -> Select[int, int, int, str, datetime | None]:
    """What was withdrawn at one time: first and last number, how many, why and when."""
    return (
        select(
            func.min(Blank.id),
            func.max(Blank.id),
            func.count(),
            Blank.withdrawn_why,
            Blank.withdrawn_at,
        )
        .where(Blank.withdrawn_at.is_not(None))
        .group_by(Blank.withdrawn_at, Blank.withdrawn_why)
        .order_by(Blank.withdrawn_at.desc())
    )
