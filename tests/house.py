"""A small event in a real site: `app` on SQLite with its clock stopped, `client`, `session`, and
who signs in.

The event has two gates, three tracks' worth of sessions at known hours, and seats that run out
quickly.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from event.base import Base
from event.consents import Notice
from event.database import make_engine
from event.programme import Category, Checkpoint, EntitlementBit, Event, Room, Slot, Track
from event.staff import Staff, add_staff, make_link
from event.words import Words
from pages.database import db

OPENING = datetime(2023, 9, 29, 0, 30, tzinfo=UTC)
"""07:30 at the place of the event, on its first day: half an hour before the first session."""


@dataclass
class Clock:
    """The site's clock in tests: stands still until it is moved."""

    time: datetime = OPENING

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        """Move on, for example by `minutes=5`."""
        self.time += timedelta(**by)


def _slot(
    key: str, track: Track | None, room: Room, start: int, seats: int | None, rule: str
) -> Slot:
    begins = OPENING + timedelta(minutes=30 + start)
    return Slot(
        key=key, title=Words(f"Phiên {key}", f"Session {key}"), track=track, room=room,
        capacity=seats,         starts_at=begins, ends_at=begins + timedelta(minutes=90), rule=rule,
    )  # fmt: skip


def furnish(session: Session) -> None:
    """Write the small event down.

    Sessions, with start in minutes after 08:00 and 90 minutes long: it-1 (0, 2 seats, registered
    first),
    it-2 (120, open), energy-1 (0, 1 seat, registered only), energy-2 (60, 30 seats, open rule:
    overlaps both
    it-1 and it-2), forum (0, no limit, open).
    """
    it = Track(key="it", name=Words("Công nghệ thông tin", "Information technology"),
               colour="#1f4e9e",               subjects=["CNTT", "IT"], position=1)  # fmt: skip
    energy = Track(key="energy", name=Words("Năng lượng xanh", "Green energy"),
                   colour="#1b7a3d",                   subjects=[], position=2)  # fmt: skip
    hall = Room(key="hall", name=Words("Hội trường lớn", "Main hall"), position=1)
    room = Room(key="room-a", name=Words("Phòng A", "Room A"), position=2)
    sessions = [
        _slot("it-1", it, hall, 0, 2, "registered_first"),
        _slot("it-2", it, hall, 120, None, "open"),
        _slot("energy-1", energy, room, 0, 1, "registered_only"),
        _slot("energy-2", energy, room, 60, 30, "open"),
        _slot("forum", None, hall, 0, None, "open"),
    ]
    sessions[-1].kind = "forum"
    sessions[0].bit, sessions[2].bit = 0, 1
    for bit, key in enumerate(("it-1", "energy-1")):
        session.add(EntitlementBit(bit=bit, slot_key=key))
    session.add_all([
        Event(key="small-2023", number=2023, name=Words("Sự kiện nhỏ", "Small event"),
              theme=Words("Chủ đề", "Theme"), place=Words("Quảng Ninh", "Quang Ninh"),
              first_day=date(2023, 9, 29), last_day=date(2023, 9, 30), expected_people=100),
        Category(key="visitor", number=1, name=Words("Khách tham quan", "Visitor"),
                 colour="#0b5c7a", position=1),
        Category(key="delegate", number=2, name=Words("Đại biểu", "Delegate"),
                 colour="#8a1f2b", position=2),
        Category(key="staff", number=3, name=Words("Ban tổ chức", "Organiser"),
                 colour="#333333", public=False, position=3),
        Notice(purpose="take_part", version=1, words=Words("Tôi đồng ý", "I agree")),
        Checkpoint(key="gate-a", kind="gate", name=Words("Cổng A", "Gate A"), position=1),
        Checkpoint(key="gate-b", kind="gate", name=Words("Cổng B", "Gate B"), position=2),
        *sessions,
    ])  # fmt: skip
    session.flush()
    for position, slot in enumerate(sessions, 10):
        session.add(
            Checkpoint(
                key=slot.key, kind="session", name=slot.title, slot_id=slot.id, position=position
            )
        )
    session.commit()


@pytest.fixture
def store(database_url: str) -> Iterator[Session]:
    """The small event without the web, once on SQLite and once on PostgreSQL."""
    engine = make_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        furnish(session)
        yield session
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """The site's clock, at half past seven on the first morning."""
    return Clock()


def _forget() -> None:
    """One context serves the whole test: what one request knew of its reader ends with it."""
    for name in list(g):
        g.pop(name)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The templates of all sites of a run: each compiled once."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(tmp_path: Path, clock: Clock, compiled: BytecodeCache) -> Iterator[Flask]:
    """A site with the small event, inside its app context."""
    app = create_app(data_dir=tmp_path / "data", now=clock, testing=True)
    app.jinja_env.bytecode_cache = compiled
    app.before_request_funcs.setdefault(None, []).insert(0, _forget)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        furnish(db.session())
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    """The domain's session on the site's database."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody has signed in; CSRF tokens are real."""
    return app.test_client()


@pytest.fixture
def as_staff(app: Flask, clock: Clock) -> Callable[[str], FlaskClient]:
    """`as_staff("desk")` gives a browser signed in with that role through a real one-time link."""

    def sign_in(role: str) -> FlaskClient:
        person: Staff = add_staff(db.session(), f"{role}@vidu.vn", role, at=clock(), by="test")
        secret = make_link(db.session(), person, at=clock())
        browser = app.test_client()
        answer = post(browser, f"/staff/sign-in/{secret}", {})
        assert answer.status_code in (302, 303), answer.text
        return browser

    return sign_in


def post(
    browser: FlaskClient, address: str, fields: dict[str, Any], **options: Any
) -> TestResponse:
    """Send a form as a browser does: fetch the page first, take the CSRF token from it, send it
    back.
    """
    page = browser.get(address).text
    marker = 'name="csrf_token"'
    assert marker in page, f"no form at {address}"
    tag = page[page.index(marker) - 200 : page.index(marker) + 300]
    tag = tag[tag.rindex("<input", 0, tag.index(marker)) :]
    token = tag[tag.index('value="') + 7 :].split('"')[0]
    return browser.post(address, data={**fields, "csrf_token": token}, **options)
