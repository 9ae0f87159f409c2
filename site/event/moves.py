"""Whom a new programme would send elsewhere: people with a seat in a session that moves."""

from sqlalchemy.orm import Session

from event.dumping import document_of
from event.eventfile import Document, Sitting
from event.programme import Slot
from event.sittings import SlotFacts
from event.timetable import facts_of, programme


def moves(slot: Slot, facts: SlotFacts) -> bool:
    """Whether people who booked would have to come at another time or to another room."""
    now = facts_of(slot)
    return (now.starts_at, now.ends_at, now.room) != (facts.starts_at, facts.ends_at, facts.room)


def moved(session: Session, document: Document) -> list[Slot]:
    """The booked sessions that a file would move; those it would remove are refused by the load."""
    before, after = _sittings(document_of(session)), _sittings(document)
    return [
        slot
        for key, slot in programme(session).items()
        if slot.taken and key in after and _place(before[key]) != _place(after[key])
    ]


def _sittings(document: Document) -> dict[str, Sitting]:
    return document.forums | document.sessions | document.rounds


def _place(sitting: Sitting) -> tuple[object, ...]:
    return sitting.starts, sitting.ends, sitting.room
