"""Wakes the worker: mails and jobs are rows, and Huey carries no more than "look now"."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import click
import psycopg
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey.api import Huey, crontab
from huey.storage import PostgresStorage, SqliteStorage

from event.jobs import release
from event.mail import release_mails
from pages.chores import clear_away, everything_due
from pages.database import db

POLLS = (0.05, 0.5)
"""Seconds between two looks at the queue, the least and the most; PostgreSQL notifies."""

WAIT_FOR_LOCK = 20.0
"""Seconds for an earlier worker to leave: longer than a supervisor lets it live."""

log = logging.getLogger(__name__)


class AlreadyAtWork(Exception):
    """Another worker serves this site."""


class Bell:
    """Huey, bound to one site: `ring` from any process, `answer` in the worker."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping: Callable[[], bool] = lambda: False
        self.huey = Huey("ghidanh", results=False, **_storage(app))
        self._look = self.huey.task(name="look")(self.look)
        self.huey.periodic_task(crontab(), name="look_each_minute")(self.look)
        self.huey.periodic_task(crontab(minute="7"), name="clear_away")(self.clear)

    def ring(self) -> None:
        """One call waiting is enough: the look that it brings finds all rows written before."""
        if self.huey.storage.queue_size() == 0:
            self._look()

    def look(self) -> None:
        """Do what is due."""
        with self._app.app_context():
            everything_due(self._stopping)

    def clear(self) -> None:
        """Remove what was kept long enough."""
        with self._app.app_context():
            clear_away()

    def answer(self) -> None:
        """Work until SIGTERM, which lets the mail or the job in hand end first."""
        first, longest = POLLS
        consumer = self.huey.create_consumer(
            workers=1, initial_delay=first, max_delay=longest, graceful_signal="TERM"
        )
        self._stopping = consumer.stop_flag.is_set
        self.ring()
        consumer.run()


def wake() -> None:
    """Let the worker look for new rows now; should that fail, it looks within a minute."""
    try:
        bell(current_app._get_current_object()).ring()  # type: ignore[attr-defined]
    except (sqlite3.Error, psycopg.Error):
        log.warning("The worker could not be woken; it looks by itself within a minute")


def bell(app: Flask) -> Bell:
    """The site's, made when it is first needed."""
    if "bell" not in app.extensions:
        app.extensions["bell"] = Bell(app)
    return cast(Bell, app.extensions["bell"])


def work(app: Flask) -> None:
    """Be the worker of this site, the only one. Raises `AlreadyAtWork`."""
    with alone(app.config["DATA_DIR"]):
        with app.app_context():  # whoever had these in hand is no more
            release(db.session())
            release_mails(db.session())
        bell(app).answer()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a lock that the system gives back even after a kill: SQLite's own, for every system."""
    with closing(sqlite3.connect(folder / "worker.lock", timeout=WAIT_FOR_LOCK)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise AlreadyAtWork from error
        yield


def _storage(app: Flask) -> dict[str, Any]:
    """The queue lies beside the database, or in it on PostgreSQL. Losing it loses no work."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.startswith("postgresql"):
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        return {"storage_class": PostgresStorage, "dsn": plain}
    file = str(app.config["DATA_DIR"] / "queue.db")
    return {"storage_class": SqliteStorage, "filename": file, "fsync": False}


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mails and do jobs until told to stop; `flask serve` starts one by itself."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        work(current_app._get_current_object())  # type: ignore[attr-defined]
    except AlreadyAtWork:
        raise click.ClickException("Another worker serves this site already.") from None


def init_app(app: Flask) -> None:
    """Add the command that is the worker."""
    app.cli.add_command(worker)
