"""A real worker killed in the middle of sending: every mail arrives, and doubts are counted."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import create_app
from event.attendees import Registration, register
from event.base import Base
from pages.database import db
from tests.house import furnish
from tests.post_offices import Office, opened
from tests.sites import ROOT, eventually

PEOPLE = 40
KILLS = (8, 16, 24)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """The data of a site whose outbox is full."""
    app = create_app(data_dir=tmp_path / "data")
    with app.app_context():
        Base.metadata.create_all(db.engine)
        furnish(db.session())
        for number in range(PEOPLE):
            person = Registration(f"Người {number}", email=f"n{number}@vidu.vn")
            register(db.session(), person, at=datetime.now(UTC))
        yield app.config["DATA_DIR"]
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def start_worker(data_dir: Path) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Real workers on this data, which end with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(smtp_url: str) -> "subprocess.Popen[bytes]":
        told = {"DATA_DIR": str(data_dir), "SMTP_URL": smtp_url.partition("?")[0]}
        command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | told))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def outbox(data_dir: Path) -> tuple[int, int]:
    """How many mails wait, and how many doubts there are."""
    sql = "select count(*) filter (where done_at is null), sum(unsure) from mails"
    with closing(sqlite3.connect(data_dir / "ghidanh.db")) as connection:
        waiting, unsure = connection.execute(sql).fetchone()
        return waiting, unsure


def test_workers_killed_one_after_the_other_lose_nothing(
    data_dir: Path, start_worker: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    office = Office()
    with opened(office) as url:
        for count in KILLS:
            worker = start_worker(url)
            eventually(lambda count=count: len(office.taken) >= count)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert outbox(data_dir)[0] > 0, "it was killed too late"
        start_worker(url)
        eventually(lambda: outbox(data_dir)[0] == 0)
    arrived = [str(message["Message-ID"]) for message in office.taken]
    twice = len(arrived) - len(set(arrived))
    assert len(set(arrived)) == PEOPLE
    assert twice <= outbox(data_dir)[1] <= len(KILLS)


def test_a_worker_killed_between_the_mail_and_the_answer_knows_of_the_doubt(
    data_dir: Path, start_worker: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    office = Office(to_mail="taken, stall")
    with opened(office) as url:
        worker = start_worker(url)
        eventually(lambda: len(office.taken) == 1)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        office.to_mail = "250 OK"
        start_worker(url)
        eventually(lambda: outbox(data_dir)[0] == 0)
    assert len(office.taken) == PEOPLE + 1
    assert len({str(message["Message-ID"]) for message in office.taken}) == PEOPLE
    assert outbox(data_dir) == (0, 1)
