"""Statements of each scan and each registration: compiled once, and handed to SQLite's driver.

SQLite answers within this process; SQLAlchemy's own way to it takes ten times as long as that.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVarTuple, cast

from sqlalchemy import Connection, Row
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import TypedReturnsRows

from event.database import driver_of

Ts = TypeVarTuple("Ts")
Process = Callable[[Any], Any]
DIALECT = sqlite.dialect()


class Prepared(Generic[*Ts]):
    """A statement with named parameters, the same ones each time; of an INSERT, all its columns.

    On PostgreSQL, SQLAlchemy executes it like any other.
    """

    def __init__(self, statement: TypedReturnsRows[*Ts]) -> None:
        self._statement = statement
        self._compiled: _Compiled | None = None

    def __call__(self, connection: Connection, **values: Any) -> Sequence[Row[*Ts]]:
        """All rows. Raises what SQLAlchemy raises."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        if self._compiled is None:
            self._compiled = _Compiled(self._statement, values)
        return cast(Sequence[Row[*Ts]], self._compiled.rows(connection, values))

    def first(self, connection: Connection, **values: Any) -> Row[*Ts] | None:
        """The first row, where there is any."""
        rows = self(connection, **values)
        return rows[0] if rows else None


class _Compiled:
    """A statement in SQLite's words, and how its values become what the driver takes and gives."""

    def __init__(
        self, statement: TypedReturnsRows[*tuple[Any, ...]], parameters: Iterable[str]
    ) -> None:
        compiled = statement.compile(dialect=DIALECT, column_keys=list(parameters))
        self._words = str(compiled)
        self._names = compiled.positiontup or []
        self._fixed = compiled.params
        self._to = _processes(
            compiled.binds[name].type.dialect_impl(DIALECT).bind_processor(DIALECT)
            for name in self._names
        )
        columns = list(statement.exported_columns)
        self._from = _processes(
            column.type.dialect_impl(DIALECT).result_processor(DIALECT, None) for column in columns
        )
        names = [str(column.key) for column in columns]
        row: Any = namedtuple("row", names)  # type: ignore[misc]
        self._row = row._make

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        all_values = {**self._fixed, **values}
        taken = _through(self._to, [all_values[name] for name in self._names])
        try:
            rows = driver_of(connection).execute(self._words, taken).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self._words, taken, error, sqlite3.Error, hide_parameters=True, dialect=DIALECT
            ) from error
        return [self._row(_through(self._from, list(row))) for row in rows]


def _processes(each: Iterable[Process | None]) -> list[tuple[int, Process]]:
    """Those that do anything, with their places."""
    return [(place, process) for place, process in enumerate(each) if process]


def _through(processes: Iterable[tuple[int, Process]], values: list[Any]) -> list[Any]:
    for place, process in processes:
        values[place] = process(values[place])
    return values
