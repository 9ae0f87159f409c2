"""Erasing one person, or everybody: the rows, the files, and what the database kept."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from flask import current_app

from event.attendees import Attendee
from event.elsewhere import mails_naming
from event.erasing import erase_everybody, erase_person
from event.programme import Event, the_event
from event.retention import is_due
from pages.clock import now, really_now
from pages.database import db
from pages.reading import file_of

FOLDERS = ("mail", "files/jobs", "files/prints", "files/uploads", "files/corrections")
"""Below the data folder: letters, lists, badges and what offices sent in."""
NIGHTLY = "nightly"
"""Who erased, in the record, where an organiser had said yes before."""

log = logging.getLogger(__name__)


def forget_everybody(event: Event, by: str) -> dict[str, int]:
    """Give how many rows of each table were emptied. Raises `NotYet`."""
    counts = erase_everybody(db.session(), event, at=now(), really=really_now(), by=by)
    for path in files_of_people():
        path.unlink(missing_ok=True)
    for folder in _folders():
        shutil.rmtree(folder, ignore_errors=True)
    _tidy("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    return counts


def forget_person(attendee: Attendee, by: str) -> None:
    """The rows, and the letters that lie in the data folder, to others too where they name them;
    lists made before go in their turn.
    """
    letters = [file_of(mail) for mail in db.session().scalars(mails_naming(attendee))]
    erase_person(db.session(), attendee, at=now(), by=by)
    for letter in letters:
        letter.unlink(missing_ok=True)
    _tidy("PRAGMA wal_checkpoint(TRUNCATE)")


def files_of_people() -> Iterator[Path]:
    """Every file that may name somebody."""
    for folder in _folders():
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def erase_if_due() -> None:
    """The nightly job. The computer's own date counts too: a clock that was set erases nobody."""
    session = db.session()
    event = the_event(session)
    if event is None or not is_due(session, event, at=now(), really=really_now()):
        return
    counts = forget_everybody(event, NIGHTLY)
    log.info("The personal data of this event are erased: %s rows", sum(counts.values()))


def _folders() -> list[Path]:
    folder = cast(Path, current_app.config["DATA_DIR"])
    return [folder / name for name in FOLDERS]


def _tidy(*statements: str) -> None:
    """SQLite writes its file anew, without the room where rows once stood, and empties its log."""
    if db.engine.dialect.name != "sqlite":
        return
    db.session.rollback()
    raw = db.engine.raw_connection()
    try:
        for statement in statements:
            raw.cursor().execute(statement)
    finally:
        raw.close()
