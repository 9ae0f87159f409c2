"""How an engine must behave: SQLite durable and strict, writers queueing before they begin."""

import sqlite3
import time
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from event.turns import Turn

BUSY_SECONDS = 30
PAUSE = 0.0005
"""Seconds between two tries for the write lock."""


QUIET: dict[str, Any] = {"hide_parameters": True}
"""An error in the log says which statement failed, and nothing of the person in it."""


def make_engine(url: str, **options: Any) -> Engine:
    """An engine of its own, for commands and tests that run without Flask."""
    engine = create_engine(url, **QUIET, **options)
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Teach an engine our rules; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _queued)
        event.listen(engine, "connect", _on_connect)
        # The dialect's own hook: a listener would slow every statement, not only this one.
        engine.dialect.do_begin = _begin_reading  # type: ignore[assignment]


def _queued(_: Dialect, __: ConnectionPoolEntry, ___: Any, options: dict[str, Any]) -> None:
    options["factory"] = QueuedConnection


class QueuedConnection(sqlite3.Connection):
    """Leaves its turn to the next writer when its transaction ends."""

    turn: Turn | None = None

    def queue(self) -> None:
        """Wait for its turn."""
        if self.turn:
            self.turn.take()

    def leave(self) -> None:
        """Let the next one write."""
        if self.turn:
            self.turn.leave()

    def commit(self) -> None:
        """As ever, then the next."""
        try:
            super().commit()
        finally:
            self.leave()

    def rollback(self) -> None:
        """As ever, then the next."""
        try:
            super().rollback()
        finally:
            self.leave()

    def close(self) -> None:
        """As ever, then the next."""
        super().close()
        if self.turn:
            self.turn.close()


def _on_connect(connection: QueuedConnection, _: ConnectionPoolEntry) -> None:
    """WAL and FULL: readers never wait, and what was acknowledged survives a power cut."""
    connection.isolation_level = None  # the hook says BEGIN, not the driver
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _, _, file = connection.execute("PRAGMA database_list").fetchone()
    if file:  # else it is in memory, and of this connection alone
        connection.turn = Turn(f"{file}-turn")


def _begin_reading(connection: PoolProxiedConnection) -> None:
    """From here on, the transaction sees one moment."""
    _raw(connection).execute("BEGIN")


def take_write_lock(connection: Connection) -> None:
    """Turn SQLite's reading transaction into a writing one, as soon as no other one writes.

    What was read before may be older than what is read from here on. Writers queue (`Turn`); who
    finds SQLite locked all the same tries again after a short pause, the same for all. SQLite's own
    waiting pauses longer and longer, up to a tenth of a second, while others come and go.
    """
    raw = driver_of(connection)
    raw.execute("COMMIT")
    raw.queue()
    raw.execute("PRAGMA busy_timeout=0")
    last = time.monotonic() + BUSY_SECONDS
    try:
        while not _begun(raw, time.monotonic() > last):
            time.sleep(PAUSE)
    except BaseException:
        raw.leave()
        raise
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def driver_of(connection: Connection) -> QueuedConnection:
    """SQLite's own connection, past SQLAlchemy."""
    return _raw(connection.connection)


def _raw(connection: PoolProxiedConnection) -> QueuedConnection:
    return cast(QueuedConnection, connection.driver_connection)


def _begun(raw: sqlite3.Connection, last_try: bool) -> bool:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last_try or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
