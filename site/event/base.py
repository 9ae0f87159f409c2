"""What every table shares: the base class, columns for moments and words, and the way to start a
write.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Insert, MetaData, insert
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from event.words import Words

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Plain declarative models; names of constraints are fixed so that migrations can find them."""

    metadata = MetaData(naming_convention=NAMES)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware in Python, UTC in the database, the same on SQLite and PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive time: it would mean another moment on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone: what it holds is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Bilingual(TypeDecorator[Words]):
    """A column of `Words`, kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Words | None, dialect: Dialect) -> Any:
        """Words to a JSON object."""
        return None if value is None else value.as_dict()

    def process_result_value(self, value: Any, dialect: Dialect) -> Words | None:
        """A JSON object to words."""
        return None if value is None else Words(**value)


def add_rows(session: Session, kind: type[Base], *rows: dict[str, Any]) -> None:
    """Insert rows that nobody looks at in this transaction, at a third of what objects cost."""
    session.connection().execute(_insert(kind), rows)


@cache
def _insert(kind: type[Base]) -> Insert:
    return insert(kind.__table__)  # type: ignore[arg-type]


def begin_writing(session: Session) -> None:
    """Start the transaction of a verb, on SQLite with the write lock taken at once.

    A transaction that read first and writes later can be refused half-way ("database is locked");
    so the read transaction of the request ends here, and a new one begins that means to write.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a verb must start with nothing unsaved")
    session.commit()
    session.connection(execution_options={"writing": True})
