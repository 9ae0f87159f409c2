"""Print runs without paper: what the press notes of people, and a run that printed them."""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.looks import TracksShown, looks_now
from event.printing import Mark, Paper, PrintRun, finish_run, start_run
from event.programme import the_event
from event.reprints import tally
from exports.faces import faces
from pages.press import marked
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
WISH: dict[str, Any] = {"people": {}, "layout": "a6", "title": "Thẻ", "format": "pdf"}


def marks(session: Session) -> list[Mark]:
    """What stands on everybody's badge now, as the press notes it when it draws them."""
    event, tracks = the_event(session), TracksShown(session)
    assert event
    found: list[Mark] = []

    def note(row: Sequence[Any]) -> None:
        found.append(marked(row, tracks))

    list(faces(session, event, KEY, note=note))
    session.rollback()
    return found


def printed(session: Session, *numbers: int) -> PrintRun:
    """A run that printed these people as they stand, or everybody."""
    event = the_event(session)
    assert event
    run = start_run(session, event, WISH, by="command", at=OPENING)
    chosen = [mark for mark in marks(session) if not numbers or mark[0] in numbers]
    looks = looks_now(session)
    paper = Paper("a.pdf", 10, "0" * 64, chosen, looks, tally(session, chosen, looks))
    session.rollback()
    begin_writing(session)
    finish_run(session, run.id, paper, at=OPENING)
    session.commit()
    return run
