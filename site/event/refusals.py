"""What stands against an event file: people, seats and scans that it would leave in the air."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.blanks import BlankBatch
from event.consents import Consent, Notice
from event.eventcheck import SECTIONS, sittings
from event.eventfile import Document
from event.in_use import (
    CheckpointScanned,
    InUse,
    refuse_in_use,
    refuse_scanned,
    refuse_too_few_seats,
)
from event.limits import limits
from event.programme import Category, Checkpoint, the_event
from event.sittings import Problem
from event.timetable import programme
from event.words import Words


def refusals(session: Session, document: Document) -> list[Problem]:
    """All of them at once, in a transaction that holds the programme."""
    other = _other_event(session, document)
    if other:
        return [other]
    return [
        *_notices(session, document),
        *_categories(session, document),
        *_with_blanks(session, document),
        *_places(session, document),
        *_gates(session, document),
        *_sessions(session, document),
    ]


def _other_event(session: Session, document: Document) -> Problem | None:
    event = the_event(session)
    people = session.scalar(select(func.count(Attendee.id))) or 0
    if event is None or event.key == document.event.key or not people:
        return None
    values = {"found": document.event.key, "loaded": event.key, "count": people}
    return Problem("event.key", "other_event", values)


def _notices(session: Session, document: Document) -> Iterator[Problem]:
    agreed = (
        select(Notice.purpose, func.count(Consent.id))
        .join(Consent, Consent.notice_id == Notice.id)
        .where(Notice.purpose.not_in(document.notices.keys()))
        .group_by(Notice.purpose)
        .order_by(Notice.purpose)
    )
    for purpose, count in session.execute(agreed):
        yield Problem(f"notices.{purpose}", "notice_agreed", {"count": count})


def _categories(session: Session, document: Document) -> Iterator[Problem]:
    """A category with people in it stays, with its number: that one stands in their badges."""
    used = (
        select(Category, func.count(Attendee.id))
        .join(Attendee, Attendee.category_id == Category.id)
        .group_by(Category.id)
        .order_by(Category.position)
    )
    for row, count in session.execute(used):
        values = {"name": row.name, "count": count}
        wanted = document.categories.get(row.key)
        if wanted is None:
            yield Problem(f"categories.{row.key}", "category_in_use", values)
        elif wanted.number != row.number:
            values |= {"found": wanted.number, "number": row.number}
            yield Problem(f"categories.{row.key}.number", "number_in_use", values)


def _with_blanks(session: Session, document: Document) -> Iterator[Problem]:
    """A category stays as long as there are blank badges of it: the door shows it."""
    printed = (
        select(Category, func.sum(BlankBatch.count))
        .join(BlankBatch, BlankBatch.category_id == Category.id)
        .where(Category.key.not_in(document.categories.keys()))
        .group_by(Category.id)
        .order_by(Category.position)
    )
    for row, count in session.execute(printed):
        values = {"name": row.name, "count": count}
        yield Problem(f"categories.{row.key}", "category_has_blanks", values)


def _places(session: Session, document: Document) -> Iterator[Problem]:
    """No limit is put, or cut, below the places taken; one that was passed already may stay."""
    event, now = the_event(session), limits(session)
    wanted = {"event": (document.event.places, event.name if event else Words(""), now.event)}
    for row in session.scalars(select(Category).order_by(Category.position)):
        part = document.categories.get(row.key)
        if part:
            wanted[f"categories.{row.key}"] = part.places, row.name, now.categories[row.id]
    for where, (places, name, limit) in wanted.items():
        if places is None or (limit.places is not None and places >= limit.places):
            continue
        if places < limit.taken:
            values = {"name": name, "found": places, "taken": limit.taken}
            yield Problem(f"{where}.places", "places_below_taken", values)


def _gates(session: Session, document: Document) -> Iterator[Problem]:
    going = select(Checkpoint).where(
        Checkpoint.kind == "gate", Checkpoint.key.not_in(document.gates.keys())
    )
    for place in session.scalars(going.order_by(Checkpoint.position)):
        try:
            refuse_scanned(session, place)
        except CheckpointScanned as error:
            yield replace(error.problem, where=f"gates.{place.key}")


def _sessions(session: Session, document: Document) -> Iterator[Problem]:
    coming = {facts.key: (path, facts) for path, facts in sittings(document).items()}
    for slot in programme(session).values():
        path, facts = coming.get(slot.key, (f"{SECTIONS[slot.kind]}.{slot.key}", None))
        try:
            if facts:
                refuse_too_few_seats(slot, facts)
            else:
                refuse_in_use(session, slot)
        except InUse as error:
            where = f"{path}.{error.problem.where}".rstrip(".")
            yield replace(error.problem, where=where)
