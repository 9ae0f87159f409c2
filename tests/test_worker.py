"""Jobs and mails are done by a real worker; one that is killed in the middle loses nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from event.attendees import Registration, register
from event.base import Base
from event.jobs import KEPT, LEASE, MAX_ATTEMPTS, Job, ask, due, finish, report, take
from event.mail import Mail
from event.printing import order_run
from event.programme import the_event
from event.rehearsal import invent
from pages.chores import clear_away, everything_due, file_of
from pages.database import db
from pages.worker import AlreadyAtWork, alone, bell, wake
from tests.house import Clock, furnish
from tests.sites import ROOT, eventually

ALL = {
    "list": "attendees", "format": "csv", "people": {}, "language": "vi", "title": "Danh sách",
    "attached_to": "", "signature": {}, "all_columns": False, "on": "",
}  # fmt: skip
CARDS = {"people": {}, "layout": "a6", "title": "Thẻ", "format": "pdf"}


def never() -> bool:
    """The worker has all the time it wants."""
    return False


def print_job(session: Session, at: datetime) -> Job:
    """The job of a print run of everybody."""
    event = the_event(session)
    assert event
    run = order_run(session, event, CARDS, by="x@vidu.vn", at=at)
    return session.get_one(Job, run.job_id)


def again(session: Session, job: Job) -> Job:
    """The job as it stands now."""
    session.rollback()
    session.refresh(job)
    return job


def test_a_job_goes_to_one_worker(session: Session, clock: Clock) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    taken = take(session, at=clock())
    assert taken is not None
    assert (taken.id, taken.attempts) == (job.id, 1)
    assert take(session, at=clock()) is None


def test_a_job_that_nobody_speaks_of_any_more_is_taken_again(
    session: Session, clock: Clock
) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    take(session, at=clock())
    clock.forward(seconds=LEASE.total_seconds() - 1)
    report(session, job.id, 1, 2, at=clock())
    clock.forward(seconds=2)
    assert take(session, at=clock()) is None, "it was heard of two seconds ago"
    clock.forward(seconds=LEASE.total_seconds())
    assert take(session, at=clock()) is not None


def test_a_job_that_takes_workers_down_is_given_up_aloud(session: Session, clock: Clock) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    other = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    for _ in range(MAX_ATTEMPTS):
        assert take(session, at=clock()) == job
        clock.time += LEASE + timedelta(seconds=1)
        other.lease_until = clock() + LEASE
        session.commit()
    other.lease_until = None
    session.commit()
    assert take(session, at=clock()) == other
    assert (job.done_at, job.failure) == (clock(), "job.gave_up")


def test_a_finished_job_is_not_due(session: Session, clock: Clock) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    finish(session, job, at=clock(), result="a.csv")
    assert session.scalars(due(clock())).all() == []


@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
def test_a_list_is_made(session: Session, clock: Clock, format: str) -> None:
    register(session, Registration(name="Nguyễn Văn Á"), at=clock())
    job = ask(session, "list", ALL | {"format": format}, by="x@vidu.vn", at=clock())
    everything_due(never)
    assert again(session, job).failure == ""
    assert job.result == f"Danh sách 29-09-2023.{format}"
    assert file_of(job).stat().st_size > 100


def test_badges_are_made(session: Session, clock: Clock) -> None:
    register(session, Registration(name="Nguyễn Văn Á"), at=clock())
    job = print_job(session, clock())
    everything_due(never)
    assert file_of(again(session, job)).read_bytes().startswith(b"%PDF")


def test_an_unknown_job_fails_and_stops_nobody_else(session: Session, clock: Clock) -> None:
    wrong = ask(session, "dance", {}, by="x@vidu.vn", at=clock())
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    everything_due(never)
    assert again(session, wrong).failure == "job.unknown"
    assert again(session, job).result


def test_a_broken_wish_fails_aloud(session: Session, clock: Clock) -> None:
    job = ask(session, "list", {"list": "attendees"}, by="x@vidu.vn", at=clock())
    everything_due(never)
    assert (again(session, job).failure, job.done_at) == ("job.failed", clock())


def test_a_worker_that_has_to_leave_begins_nothing(session: Session, clock: Clock) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    everything_due(lambda: True)
    assert again(session, job).attempts == 0


def test_files_and_jobs_are_kept_for_a_day(session: Session, clock: Clock) -> None:
    job = ask(session, "list", ALL, by="x@vidu.vn", at=clock())
    everything_due(never)
    path = file_of(again(session, job))
    clock.forward(hours=23)
    clear_away()
    assert path.exists()
    assert session.get(Job, job.id) is not None
    clock.forward(hours=2)
    yesterday = time.time() - KEPT.total_seconds() - 60
    os.utime(path, (yesterday, yesterday))
    os.utime(path.parent, (yesterday, yesterday))
    clear_away()
    assert not path.exists()
    assert session.scalars(select(Job)).all() == []


def test_many_calls_are_one_ring(app: Flask) -> None:
    for _ in range(5):
        wake()
    assert bell(app).huey.storage.queue_size() == 1


def test_a_site_has_one_worker(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(AlreadyAtWork), alone(tmp_path, patience=0):
        pass
    with alone(tmp_path, patience=0):
        pass


def test_an_idle_web_process_loads_no_writer_of_files() -> None:
    heavy = ("reportlab", "xlsxwriter", "uharfbuzz", "huey", "psycopg", "alembic")
    script = f"import sys, app; app.create_app(); print([m for m in {heavy} if m in sys.modules])"
    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    assert printed.strip() == "[]"


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Path]:
    """The data of a site with enough badges to print for a worker to be killed on the way."""
    app = create_app(data_dir=tmp_path / "data")
    with app.app_context():
        Base.metadata.create_all(db.engine)
        furnish(db.session())
        invent(db.session(), 600, seed=1, at=datetime.now(UTC))
        yield app.config["DATA_DIR"]
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Real workers on this data, which end with the test."""
    started = []
    environment = os.environ | {"DATA_DIR": str(tmp_path / "data")}

    def start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def asked(data_dir: Path, sql: str) -> list[Any]:
    """What the database says, read from outside."""
    with closing(sqlite3.connect(data_dir / "ghidanh.db")) as connection:
        return connection.execute(sql).fetchall()


def test_a_killed_worker_loses_nothing(
    crowded: Path, start_worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    job = print_job(db.session(), datetime.now(UTC))
    first = start_worker()
    eventually(lambda: asked(crowded, "select attempts from jobs") == [(1,)])
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert asked(crowded, "select done_at from jobs") == [(None,)], "it was killed too late"
    start_worker()
    eventually(lambda: asked(crowded, "select done_at is null from jobs") == [(0,)])
    again(db.session(), job)
    assert (job.attempts, job.failure) == (2, "")
    assert file_of(job).read_bytes().endswith(b"%%EOF\n")


def test_a_worker_at_work_hears_the_bell_and_leaves_when_told(
    crowded: Path, start_worker: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    worker = start_worker()
    one = Registration(name="Nguyễn Văn Á", email="a@vidu.vn")
    register(db.session(), one, at=datetime.now(UTC))
    wake()
    eventually(lambda: asked(crowded, "select count(*) from mails where done_at is null") == [(0,)])
    worker.terminate()
    assert worker.wait(20) == 0
    sent = db.session().scalars(select(Mail).where(Mail.failure == "")).one()
    assert (crowded / "mail" / f"{sent.id:06d}.eml").exists()
