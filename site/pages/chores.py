"""What the worker does when it is woken: mails for a moment, then one job, until nothing is due."""

import importlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from event.finding import answer_lookups, forget_attempts
from event.jobs import KEPT, Job, finish, forget, postpone, report, take
from event.printing import left_over
from pages.clock import now
from pages.database import db
from pages.postman import deliver

TASKS = "pages.tasks"
"""Says how each kind of job is done. Only the worker loads it, with the writers of PDF and XLSX."""

TELLING = 0.4
"""Seconds between two rows of progress."""

PAUSE = timedelta(seconds=30)
"""Until the next try, where the database does not answer."""

log = logging.getLogger(__name__)


class CannotDo(Exception):
    """A job that will never succeed as it was asked for; the message key says why."""


class Cancelled(Exception):
    """Nobody wants the job any more."""


@dataclass(frozen=True)
class Work:
    """What the doer of a job gets: the database, what is wanted, by whom, a folder for files."""

    session: Session
    wish: dict[str, Any]
    by: str
    progress: Callable[[int, int], None]
    """Tells how far it is: done, and out of how many. Raises `Cancelled`."""
    folder: Path
    along: list[Callable[[Session], None]] = field(default_factory=list)
    """Writes what stands or falls with the job, in the transaction that finishes it."""


Task = Callable[[Work], str]
"""Does a job and gives the name of its file in the folder, or "" for none."""


def everything_due(stopping: Callable[[], bool]) -> None:
    """Until nothing is left to do, or the worker has to leave."""
    busy = True
    while busy and not stopping():
        answer_lookups(db.session(), at=now())
        mails = deliver(stopping)
        job = take(db.session(), at=now())
        if job is not None:
            do(job)
        busy = bool(mails or job)


def do(job: Job) -> None:
    """One job, to its end."""
    session = db.session()
    try:
        work = _work(session, job)
        result = _task(job.kind)(work)
        session.rollback()
        finish(session, job, at=now(), result=result, along=work.along)
    except Cancelled:
        session.rollback()
    except CannotDo as error:
        _give_up(job, str(error))
    except OperationalError:
        log.exception("Job %s waits for the database", job.id)
        session.rollback()
        postpone(session, job, until=now() + PAUSE)
    except Exception:
        log.exception("Job %s failed", job.id)
        _give_up(job, "job.failed")


def _give_up(job: Job, failure: str) -> None:
    session = db.session()
    session.rollback()
    finish(session, job, at=now(), failure=failure)


def _task(kind: str) -> Task:
    tasks: dict[str, Task] = importlib.import_module(TASKS).BY_KIND
    if kind not in tasks:
        raise CannotDo("job.unknown")
    return tasks[kind]


def _work(session: Session, job: Job) -> Work:
    folder = result_folder() / str(job.id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Work(session, job.wish, job.asked_by, _progress(job.id), folder)


def _progress(job_id: int) -> Callable[[int, int], None]:
    """Writes down how far a job is, now and then, on a connection of its own: the job's is busy."""
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= TELLING:
            with Session(db.engine) as session:
                wanted = report(session, job_id, done, total, at=now())
            if not wanted:
                raise Cancelled
            last = time.monotonic()

    return tell


def result_folder() -> Path:
    """Holds a folder for each job."""
    return cast(Path, current_app.config["DATA_DIR"]) / "files" / "jobs"


def file_of(job: Job) -> Path:
    """Where the result of a job lies; that of a print run is kept for longer."""
    if "run" in job.wish:
        return file_of_run(job.wish["run"])
    return result_folder() / str(job.id) / job.result


def file_of_run(number: int) -> Path:
    """Where the badges of a print run lie until an organiser has them dropped."""
    folder = cast(Path, current_app.config["DATA_DIR"]) / "files" / "prints"
    return folder / f"{number:06d}.pdf"


def draft_of_run(number: int) -> Path:
    """Where they are written before that; `pages.being_written` tells whether they still are."""
    return file_of_run(number).with_suffix(".part")


def clear_away() -> None:
    """Remove what was kept long enough: jobs by the site's clock, files by the computer's."""
    forget(db.session(), at=now())
    forget_attempts(db.session(), at=now())
    for number in db.session().scalars(left_over(now() - KEPT)):
        file_of_run(number).unlink(missing_ok=True)
        draft_of_run(number).unlink(missing_ok=True)
    limit = time.time() - KEPT.total_seconds()
    for file in sorted(result_folder().glob("**/*"), reverse=True):
        if file.stat().st_mtime >= limit:
            continue
        if file.is_dir():
            _remove_if_empty(file)
        else:
            file.unlink(missing_ok=True)


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
