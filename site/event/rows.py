"""All tables as lines of JSON, the same from SQLite and PostgreSQL."""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)

BATCH = 500
OTHERS = ("alembic_version", "huey_")
"""Tables that are no data: how far migrations are, and the bell of the worker."""


def tables(connection: Connection) -> list[Table]:
    """As they stand in the database, each after those that it refers to."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if not table.name.startswith(OTHERS)]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a JSON object and a line end, in order of the primary key."""
    query = select(table).order_by(*table.primary_key.columns)
    rows = connection.execute(query, execution_options={"yield_per": BATCH})
    for row in rows.mappings():
        plain = {name: _plain(value) for name, value in row.items()}
        yield msgspec.json.encode(plain) + b"\n"


def put_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Insert such rows; how many they were."""
    count, batch = 0, list[dict[str, Any]]()
    for line in lines:
        batch.append(_row(table, msgspec.json.decode(line)))
        count += 1
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch.clear()
    if batch:
        connection.execute(insert(table), batch)
    _follow_on(connection, table)
    return count


def is_empty(connection: Connection) -> bool:
    """Whether no table holds anything."""
    return not any(
        connection.scalar(select(func.count()).select_from(table)) for table in tables(connection)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _row(table: Table, plain: dict[str, Any]) -> dict[str, Any]:
    return {name: _real(table.c[name].type, value) for name, value in plain.items()}


def _real(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


def _follow_on(connection: Connection, table: Table) -> None:
    """PostgreSQL counts on from the highest number; SQLite does so by itself."""
    keys = list(table.primary_key.columns)
    if connection.dialect.name != "postgresql" or len(keys) != 1:
        return
    if isinstance(keys[0].type, Integer):
        name = {"table": table.name, "key": keys[0].name}
        found = connection.scalar(text("select pg_get_serial_sequence(:table, :key)"), name)
        highest = connection.scalar(select(func.max(keys[0])))
        if found and highest:
            connection.execute(text("select setval(:name, :to)"), {"name": found, "to": highest})
