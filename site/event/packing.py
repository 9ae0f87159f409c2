"""Offline packs: one moment of the database for all their parts, and who took one away."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.jobs import Job
from event.journal import note
from event.keys import tag
from event.programme import Event


@dataclass(frozen=True)
class Pack:
    """What is wanted. `number` is 8 hex digits, which name the pack in the scan log.

    `contacts`: with phones and e-mail addresses. `password` encrypts the whole, if there is one.
    """

    number: str
    language: str = "vi"
    layout: str = "a6"
    contacts: bool = False
    password: str = ""

    def told(self) -> dict[str, object]:
        """What the journal keeps of it; never the password, only that there is one."""
        return {
            "pack": self.number,
            "layout": self.layout,
            "contacts": self.contacts,
            "protected": bool(self.password),
        }


@contextmanager
def one_moment(engine: Engine) -> Iterator[Session]:
    """A session whose queries all see the database as it is when the first of them is sent.

    It neither waits for writers nor holds them up.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite reads from one moment in any case
            connection.execution_options(isolation_level="REPEATABLE READ")
        with Session(connection, expire_on_commit=False) as session:
            yield session


def order_pack(
    session: Session,
    event: Event,
    pack: Pack,
    wish: dict[str, object],
    *,
    by: str,
    at: datetime,
) -> Job:
    """A job for the worker, and in the journal who takes everybody's data away."""
    begin_writing(session)
    job = Job(kind="pack", wish=wish, asked_by=by, asked_at=at)
    session.add(job)
    session.flush()
    note(session, "exported", "event", event.id, by=by, at=at, job=job.id, **pack.told())
    session.commit()
    return job


def log_pack(session: Session, event: Event, pack: Pack, *, by: str, at: datetime) -> None:
    """The same for one that is made at once."""
    begin_writing(session)
    note(session, "exported", "event", event.id, by=by, at=at, **pack.told())
    session.commit()


def device_of(number: str) -> str:
    """What the scan log calls the pages of a pack."""
    return f"pack:{number}"


def proof_of(key: bytes, event_key: str, number: str) -> str:
    """32 hex digits that only this site can make: in a rehearsal, codes are of other people."""
    return tag(key, "pack", event_key, number).hex()


def is_ours(key: bytes, event_key: str, number: str, proof: str) -> bool:
    """Whether this site made the pack."""
    return hmac.compare_digest(proof_of(key, event_key, number).encode(), proof.encode())
