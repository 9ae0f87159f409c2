"""The worker, which does what need not be done before the answer: how to wake it, and to be it."""

import gc
import importlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from event.jobs import release
from event.mail import release_mails
from pages.database import db

if TYPE_CHECKING:
    from pages.bell import Bell

WAIT_FOR_LOCK = 20.0
"""Seconds for an earlier worker to leave: longer than a supervisor lets it live."""


class AlreadyAtWork(Exception):
    """Another worker serves this site."""


def wake() -> None:
    """Let the worker look for new rows now; should that fail, it looks within a minute."""
    bell(current_app._get_current_object()).ring()  # type: ignore[attr-defined]


def work(app: Flask) -> None:
    """Be the worker of this site, the only one. Raises `AlreadyAtWork`."""
    with alone(app.config["DATA_DIR"]):
        with app.app_context():  # whoever had these in hand is no more
            release(db.session())
            release_mails(db.session())
        gc.freeze()  # what is loaded now stays: a long list is a tenth quicker
        bell(app).answer()


def bell(app: Flask) -> "Bell":
    """The site's, made when it is first needed: Huey brings drivers that an idle site can spare."""
    if "bell" not in app.extensions:
        app.extensions["bell"] = importlib.import_module("pages.bell").Bell(app)
    return cast("Bell", app.extensions["bell"])


@contextmanager
def alone(folder: Path, patience: float = WAIT_FOR_LOCK) -> Iterator[None]:
    """Hold a lock that the system gives back even after a kill: SQLite's own, for every system."""
    with closing(sqlite3.connect(folder / "worker.lock", timeout=patience)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise AlreadyAtWork from error
        yield
