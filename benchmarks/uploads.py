"""The figures after the network came back: one upload, and twenty devices at once."""

import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.load import ask, fetch, hammer
from benchmarks.sites import Running, serving, site
from benchmarks.visitors import Browser, sign_in
from benchmarks.web import badge_codes
from event.programme import Checkpoint
from event.review import Review
from event.scans import Scan
from event.staff import add_staff, make_link
from event.uploads import MOST
from pages.clock import computer_clock
from pages.database import db

DEVICES = 20
SCANS = 10_000
DOUBLE = 300
HOUR = timedelta(hours=1)
TRIES = 10

Row = dict[str, object]


def uploads() -> list[Figure]:
    """Each scan was decided by its device; three hundred badges went through two gates at once."""
    with site(people=SCANS - DOUBLE) as app:
        folder, rows = app.config["DATA_DIR"], _rows(badge_codes(), computer_clock() - HOUR)
        secrets = [_link(number) for number in range(DEVICES + 1)]
        with serving(folder) as server:
            browsers = [sign_in(server.port, secret) for secret in secrets]
            spent = _one_by_one(server, browsers.pop(), rows)
            together, refused = _together(server, browsers, rows)
        scans = _count(select(func.count(Scan.id))) - TRIES * MOST
        review = _count(select(func.count(Review.id)))
    return [
        Figure("an upload of 200", spent, "ms", 150, _least()),
        Figure("10,000 scans of 20 devices at once", together, "s", 15, _least() * 50 / 1000),
        Figure("of them refused", refused, "", 0, 0),
        Figure("of them lost", abs(SCANS - scans), "", 0, 0),
        Figure("pairs to review beside the 300", abs(review - DOUBLE), "", 0, 0),
    ]


def _rows(codes: list[str], start: datetime) -> list[list[Row]]:
    """By device. Everybody is scanned once; the first ones once more, elsewhere, in that minute."""
    gates = db.session().scalars(select(Checkpoint.key).where(Checkpoint.kind == "gate")).all()
    by_device: list[list[Row]] = [[] for _ in range(DEVICES)]
    for number, code in enumerate([*codes, *codes[:DOUBLE]]):
        again = number >= len(codes)
        person = number - len(codes) if again else number
        at = start + HOUR * (person / len(codes)) + timedelta(seconds=20 * again)
        device = (person + 1) % DEVICES if again else person % DEVICES
        by_device[device].append(_row(code, gates[(device + again) % len(gates)], number, at))
    return by_device


def _row(code: str, gate: str, number: int, at: datetime) -> Row:
    return {
        "nonce": f"kept-{number:08}",
        "method": "camera",
        "checkpoint": gate,
        "scanned_at": at.isoformat(),
        "device_at": at.isoformat(),
        "code": code,
        "decided": {"kind": "in", "reason": ""},
    }


def _link(number: int) -> str:
    at = computer_clock()
    staff = add_staff(db.session(), f"cua{number}@vidu.vn", "desk", at=at, by="bench")
    return make_link(db.session(), staff, at=at)


def _one_by_one(server: Running, browser: Browser, rows: list[list[Row]]) -> float:
    """The median of a few uploads of one device, of people who are scanned once that day."""
    times = []
    known = [row for device in rows for row in device if _once(row)]
    for turn in range(TRIES):
        early = timedelta(days=1)
        batch = [
            {**row, "nonce": f"alone-{turn}-{at:04}", "scanned_at": _earlier(row, early)}
            for at, row in enumerate(known[turn * MOST :][:MOST])
        ]
        began = time.perf_counter()
        head, _ = fetch(server.port, _upload(browser, batch))
        times.append((time.perf_counter() - began) * 1000)
        assert head.startswith("HTTP/1.1 200"), head
    return statistics.median(times)


def _once(row: Row) -> bool:
    return DOUBLE <= int(str(row["nonce"])[-8:]) < SCANS - DOUBLE


def _earlier(row: Row, by: timedelta) -> str:
    return (datetime.fromisoformat(str(row["scanned_at"])) - by).isoformat()


def _together(server: Running, browsers: list[Browser], rows: list[list[Row]]) -> tuple[float, int]:
    """Seconds until the last upload was answered, and how many were not taken."""

    def batches(number: int) -> Iterator[bytes]:
        mine = rows[number]
        for start in range(0, len(mine), MOST):
            yield _upload(browsers[number], mine[start:][:MOST])

    load = hammer(server.port, batches, clients=DEVICES, seconds=600)
    return load.seconds, sum(load.statuses.values()) - load.statuses.get(200, 0)


def _upload(browser: Browser, rows: list[Row]) -> bytes:
    headers = {"cookie": browser.cookie, "x_csrftoken": browser.token}
    body = json.dumps({"scans": rows}).encode()
    return ask("POST", "/checkin/scan", body, content_type="application/json", **headers)


def _least() -> float:
    """Milliseconds by hand: two hundred signatures read, two hundred rows in one durable write."""
    key = Ed25519PrivateKey.generate()
    signature, public = key.sign(b"facts"), key.public_key()
    with tempfile.TemporaryDirectory(prefix="ghi-danh-bench-") as folder:
        log = sqlite3.connect(Path(folder) / "log.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            log.execute(f"PRAGMA {pragma}")
        log.execute("CREATE TABLE scans (nonce TEXT UNIQUE, code TEXT, at TEXT)")
        times = [_write_by_hand(log, public.verify, signature) for _ in range(TRIES)]
        log.close()
    return statistics.median(times)


def _write_by_hand(log: sqlite3.Connection, verify: object, signature: bytes) -> float:
    assert callable(verify)
    began = time.perf_counter()
    for _ in range(MOST):
        verify(signature, b"facts")
    log.execute("BEGIN IMMEDIATE")
    rows = [(os.urandom(12).hex(), "1" * 200, "2023-09-29") for _ in range(MOST)]
    log.executemany("INSERT INTO scans VALUES (?, ?, ?)", rows)
    log.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def _count(query: object) -> int:
    db.session.rollback()
    return db.session().scalar(query) or 0  # type: ignore[call-overload]
