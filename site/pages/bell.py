"""What wakes the worker: Huey, which carries no more than "look now"; a lost call loses no work."""

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from flask import Flask
from huey.api import Huey, crontab
from huey.storage import PostgresStorage, SqliteStorage

from pages.chores import clear_away, everything_due
from pages.clock import now
from pages.forgetting import erase_if_due
from pages.postman import time_for_more
from pages.returned import read_returned

POLLS = (0.05, 0.5)
"""Seconds between two looks at the queue, the least and the most; PostgreSQL notifies."""

log = logging.getLogger(__name__)


class Bell:
    """Huey, bound to one site: `ring` from any process, `answer` in the worker."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping: Callable[[], bool] = lambda: False
        self.huey = Huey("ghidanh", results=False, **_storage(app))
        self._look = self.huey.task(name="look")(self.look)
        self.huey.periodic_task(crontab(), name="look_each_minute")(self.look)
        self.huey.periodic_task(crontab(minute="*/3"), name="returned")(self.returned)
        self.huey.periodic_task(crontab(minute="7"), name="clear_away")(self.clear)
        self.huey.periodic_task(crontab(minute="30", hour="19"), name="erase")(self.erase)

    def ring(self) -> None:
        """One call waiting is enough: the look that it brings finds all rows written before."""
        try:
            if self.huey.storage.queue_size() == 0:
                self._look()
        except (sqlite3.Error, psycopg.Error):
            log.warning("The worker could not be woken; it looks by itself within a minute")

    def look(self) -> None:
        """Do what is due."""
        with self._app.app_context():
            everything_due(self._stopping)
            self._come_again(time_for_more())

    def _come_again(self, at: datetime | None) -> None:
        """Look again when the provider takes more mails; one such call waiting is enough."""
        if at is not None and self.huey.storage.schedule_size() == 0:
            self._look.schedule(delay=max(1.0, (at - now()).total_seconds()))

    def returned(self) -> None:
        """See which mails came back."""
        with self._app.app_context():
            read_returned(self._stopping)

    def clear(self) -> None:
        """Remove what was kept long enough."""
        with self._app.app_context():
            clear_away()

    def erase(self) -> None:
        """At 19:30 UTC, half past two in Việt Nam: whom the event need not know any more."""
        with self._app.app_context():
            erase_if_due()

    def answer(self) -> None:
        """Work until SIGTERM, which lets the mail or the job in hand end first."""
        first, longest = POLLS
        consumer = self.huey.create_consumer(
            workers=1, initial_delay=first, max_delay=longest, graceful_signal="TERM"
        )
        self._stopping = consumer.stop_flag.is_set
        self.ring()
        consumer.run()


def _storage(app: Flask) -> dict[str, Any]:
    """The queue lies beside the database, or in it on PostgreSQL."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.startswith("postgresql"):
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        return {"storage_class": PostgresStorage, "dsn": plain}
    file = str(app.config["DATA_DIR"] / "queue.db")
    return {"storage_class": SqliteStorage, "filename": file, "fsync": False}
