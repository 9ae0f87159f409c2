"""The event files that come along, the default one, a small one and a wide one; `bare` takes them.

`bare` is a session on a database with every table and no event, once on SQLite and once on
PostgreSQL.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.database import make_engine
from event.eventfile import Document, parse, read_file
from event.loading import Loaded, load

ROOT = Path(__file__).parents[1]
DEFAULT = ROOT / "site" / "event.toml"
EVENTS = ROOT / "tests" / "events"
ONE_DAY = EVENTS / "one-day.toml"
TEN_TRACKS = EVENTS / "ten-tracks.toml"
ALL = (DEFAULT, ONE_DAY, TEN_TRACKS)


def document(path: Path = DEFAULT) -> Document:
    """A file, read."""
    return parse(read_file(path), path.name)


AT = datetime(2023, 9, 1, tzinfo=UTC)


@pytest.fixture
def bare(database_url: str) -> Iterator[Session]:
    """A database with every table and no event."""
    engine = make_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def take(session: Session, file: Document) -> Loaded:
    return load(session, file, at=AT, by="command")


def edited(path: Path, *changes: tuple[str, str]) -> Document:
    """A file with these replacements in its text."""
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse(text.encode(), path.name)


def without(file: Document, section: str, *keys: str) -> Document:
    left = {k: v for k, v in getattr(file, section).items() if k not in keys}
    return msgspec.structs.replace(file, **{section: left})


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def come(session: Session, *keys: str, category: str = "visitor", number: int = 1) -> None:
    for _ in range(number):
        stated = Registration("Lý A Sử", category=category, sessions=keys, agreed=("take_part",))
        register(session, stated, at=AT)
