"""Lists as organisers want them again: columns, order and people, under a name that all share."""

from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import JSON, Select, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing
from event.journal import note
from event.names import clean, fold

LONGEST_NAME = 80


class NameTaken(Exception):
    """Another choice has that name; accents and capitals make no difference."""


class Choice(Base):
    """One saved choice. `columns` and `order` are columns of lists, `people` words of
    `event.people`, `paper` what stands around the table; `folded` is empty once it is dropped.
    """

    __tablename__ = "choices"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    folded: Mapped[str | None] = mapped_column(String(LONGEST_NAME * 2), unique=True)
    listing: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    order: Mapped[str] = mapped_column(String(40), default="")
    down: Mapped[bool] = mapped_column(default=False)
    people: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    paper: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_by: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    used_by: Mapped[str] = mapped_column(String(200), default="")
    used_at: Mapped[datetime | None] = mapped_column(Moment)


Chosen: TypeAlias = dict[str, Any]
"""What is chosen: the columns of `Choice` from `listing` to `paper`."""


def save(
    session: Session, name: str, chosen: Chosen, *, by: str, at: datetime, over: int | None = None
) -> Choice:
    """Keep what was chosen; over the choice of number `over`, if it still has that name.

    Raises `NameTaken`.
    """
    begin_writing(session)
    found = session.scalar(named(name))
    if found is not None and found.id != over:
        session.rollback()
        raise NameTaken(found.name)
    choice = found or Choice()
    session.add(choice)
    for word, value in (chosen | {"saved_by": by, "saved_at": at}).items():
        setattr(choice, word, value)
    _name(session, choice, name)
    note(session, "choice_saved", "choice", choice.id, by=by, at=at, name=choice.name)
    session.commit()
    return choice


def rename(session: Session, choice: Choice, name: str, *, by: str, at: datetime) -> None:
    """Give a choice another name. Raises `NameTaken`."""
    begin_writing(session)
    before = choice.name
    _name(session, choice, name)
    note(session, "choice_renamed", "choice", choice.id, by=by, at=at, name=[before, choice.name])
    session.commit()


def drop(session: Session, choice: Choice, *, by: str, at: datetime) -> None:
    """Take a choice out of sight; its name is free. It can be brought back."""
    begin_writing(session)
    choice.folded = None
    note(session, "choice_dropped", "choice", choice.id, by=by, at=at, name=choice.name)
    session.commit()


def bring_back(session: Session, choice: Choice, *, by: str, at: datetime) -> None:
    """Undo `drop`. Raises `NameTaken` if another choice has its name by now."""
    begin_writing(session)
    _name(session, choice, choice.name)
    note(session, "choice_brought_back", "choice", choice.id, by=by, at=at, name=choice.name)
    session.commit()


def use(session: Session, choice: Choice, *, by: str, at: datetime) -> None:
    """Say that a list was made by it."""
    begin_writing(session)
    choice.used_by, choice.used_at = by, at
    session.commit()


def _name(session: Session, choice: Choice, name: str) -> None:
    """The unique column decides between two who want one name at once."""
    choice.name = clean(name)
    choice.folded = fold(name) or choice.name
    taken = choice.name
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise NameTaken(taken) from None


def choices() -> Select[Choice]:
    """Those in use, in the order of their names."""
    return select(Choice).where(Choice.folded.is_not(None)).order_by(Choice.folded)


def dropped() -> Select[Choice]:
    """Those out of sight, the newest first."""
    return select(Choice).where(Choice.folded.is_(None)).order_by(Choice.id.desc())


def named(name: str) -> Select[Choice]:
    """The one of that name."""
    return choices().where(Choice.folded == (fold(name) or clean(name)))
