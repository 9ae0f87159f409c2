"""What every table shares: the base class, columns for moments and words, and the way to start a
write.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Dialect, Insert, MetaData, String, insert
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from event.database import take_write_lock
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
        """The same moment, in UTC."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """SQLite holds UTC without saying so; read like this, it costs an eighth."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda text: None if text is None else datetime.fromisoformat(f"{text}+00:00")


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


class Folded(TypeDecorator[str]):
    """Text to be searched or compared, cut to the column: folding makes some letters several."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Its beginning; whatever it is compared with is cut alike."""
        return value if value is None else value[: self.length]


def add_rows(session: Session, kind: type[Base], *rows: dict[str, Any]) -> None:
    """Insert rows that nobody looks at in this transaction, at a third of what objects cost."""
    session.connection().execute(_insert(kind), rows)


@cache
def _insert(kind: type[Base]) -> Insert:
    return insert(kind.__table__)  # type: ignore[arg-type]


def begin_writing(session: Session) -> Connection:
    """Start the transaction of a verb, on SQLite with the write lock taken at once.

    A transaction that read first and writes later can be refused half-way ("database is locked");
    so the reading of the request ends here, and a new transaction begins that means to write.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a verb must start with nothing unsaved")
    if session.get_bind().dialect.name == "sqlite":
        connection = session.connection()
        take_write_lock(connection)
        return connection
    session.commit()
    return session.connection()
