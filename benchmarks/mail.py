"""Ten thousand mails to a server on the loopback, the worker killed ten times on the way."""

import os
import random
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.sink import Sink, open_sink
from benchmarks.sites import ROOT, site
from event.attendees import Registration, put_down
from event.base import begin_writing
from event.mail import Mail
from pages.clock import computer_clock
from pages.database import db

PEOPLE = 10_000
KILLS = 10
IN_ONE_TRANSACTION = 200
PATIENCE = 1800.0  # seconds


def mail() -> list[Figure]:
    """What arrives, what arrives twice, and how fast, beside smtplib alone with the same bytes."""
    with site() as app, open_sink() as sink:
        _put_down_all()
        began = time.perf_counter()
        _deliver(app.config["DATA_DIR"], sink)
        seconds = time.perf_counter() - began
        db.session.rollback()
        distinct, sent = len(set(sink.numbers)), len(sink.numbers)
        unsure = db.session.scalar(select(func.sum(Mail.unsure))) or 0
        floor = _floor(sink)
    twice = sent - distinct
    return [
        Figure(f"mails that arrive, {KILLS} kills", distinct, "", PEOPLE, at_least=True),
        Figure("of these twice and not counted as unsure", max(0, twice - unsure), "", 0),
        Figure("of these twice, all in all", twice, "", KILLS),
        Figure("mails a second, with restarts", PEOPLE / seconds, "/s", 20, floor, at_least=True),
    ]


def _put_down_all() -> None:
    """People who register themselves, each with a mail waiting."""
    session = db.session()
    for start in range(0, PEOPLE, IN_ONE_TRANSACTION):
        begin_writing(session)
        for number in range(start, start + IN_ONE_TRANSACTION):
            person = Registration(
                f"Nguyễn Thị Hương {number}", email=f"n{number}@vidu.vn", agreed=("take_part",),
                organisation="Sở Khoa học và Công nghệ",
            )  # fmt: skip
            put_down(session, person, at=computer_clock(), by="attendee")
        session.commit()


def _deliver(folder: Path, sink: Sink) -> None:
    """Workers, one after the other, each but the last killed in the middle of its work."""
    chance = random.Random(1)
    share = PEOPLE // (KILLS + 1)
    for turn in range(1, KILLS + 1):
        with _worker(folder, sink.port) as worker:
            _wait(sink, share * turn)
            time.sleep(chance.random() / 20)
            worker.kill()
    with _worker(folder, sink.port):
        _wait_until_empty()


@contextmanager
def _worker(folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    told = {"DATA_DIR": str(folder), "SMTP_URL": f"smtp://127.0.0.1:{port}"}
    command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | told)
    yield worker
    worker.kill()
    worker.wait()


def _wait(sink: Sink, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(sink.numbers) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"only {len(sink.numbers)} mails arrived")
        time.sleep(0.005)


def _wait_until_empty() -> None:
    deadline = time.monotonic() + PATIENCE
    left = select(func.count()).select_from(Mail).where(Mail.done_at.is_(None))
    while db.session.scalar(left):
        db.session.rollback()
        if time.monotonic() > deadline:
            raise RuntimeError("mails are left over")
        time.sleep(0.2)


def _floor(sink: Sink) -> float:
    """Mails a second by smtplib on one line, ready-made, nothing written down."""
    mails = list(sink.mails)
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", sink.port) as line:
        for message in mails:
            line.sendmail("a@vidu.vn", ["b@vidu.vn"], message, mail_options=("BODY=8BITMIME",))
    return len(mails) / (time.perf_counter() - began)
