"""How an engine must behave: SQLite durable and strict, writers queueing before they begin."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30


def make_engine(url: str, **options: Any) -> Engine:
    """An engine of its own, for commands and tests that run without Flask."""
    engine = create_engine(url, **options)
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Teach an engine our rules; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """WAL and FULL: readers never wait, and what was acknowledged survives a power cut."""
    connection.isolation_level = None  # the "begin" hook says BEGIN, not the driver
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
