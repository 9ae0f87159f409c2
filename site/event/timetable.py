"""Changing the programme of a running event: nobody's seat is lost by it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select, text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, contains_eager

from event.attendees import Attendee, everyone, in_session
from event.badges import entitle
from event.base import begin_writing
from event.bookings import UnknownSessions
from event.in_use import door_of, refuse_in_use, refuse_too_few_seats
from event.journal import expect, note
from event.names import clean
from event.programme import Category, Checkpoint, Event, Room, Slot, Track, slots
from event.sittings import Frame, Problem, SlotFacts, WrongSession, problems_of
from event.waiting import settle_all
from event.words import Words


def add_session(session: Session, facts: SlotFacts, *, at: datetime, by: str) -> Slot:
    """Put a session into the programme, with its own door. Raises `WrongSession`."""
    with _changing(session) as event:
        _refuse_wrong(session, event, facts, others=_all(session))
        taken = or_(
            select(Slot.id).where(Slot.key == facts.key).exists(),
            select(Checkpoint.id).where(Checkpoint.key == facts.key).exists(),
        )
        if session.scalar(select(taken)):
            raise WrongSession([Problem("key", "key_taken", {"found": facts.key})])
        event.version += 1
        return put_in(session, facts, at=at, by=by)


def change_session(
    session: Session,
    slot: Slot,
    facts: SlotFacts,
    *,
    at: datetime,
    by: str,
    seen: int | None = None,
) -> dict[str, list[Any]]:
    """Change a session; its key stays. Returns [before, after] by field, as in the event file.

    Raises `WrongSession`, `CapacityBelowTaken`, `UnknownSessions`, and `journal.ChangedMeanwhile`
    if it is no longer in the version `seen`; then nothing has changed.
    """
    facts = replace(facts, key=slot.key)
    with _changing(session) as event:
        _renew(session, slot, facts.key)
        expect(session, "slot", slot.id, seen)
        _refuse_change(session, event, slot, facts)
        details = alter(session, slot, facts, at=at, by=by)
        event.version += bool(details)
    return details


def refuse_change(session: Session, slot: Slot, facts: SlotFacts) -> None:
    """Raises the `WrongSession` or `CapacityBelowTaken` of `change_session`, and changes nothing.

    For a page that asks before it changes: what cannot be is told before anybody agrees to it.
    """
    _refuse_change(session, session.scalars(select(Event)).one(), slot, facts)
    refuse_too_few_seats(slot, facts)


def remove_session(session: Session, slot: Slot, *, at: datetime, by: str) -> None:
    """Take a session out. Raises `SessionBooked`, `CheckpointScanned`, `UnknownSessions`."""
    key = slot.key
    with _changing(session) as event:
        _renew(session, slot, key)
        event.version += 1
        take_out(session, slot, at=at, by=by)


def affected(slot: Slot) -> Select[Attendee]:
    """Whom a change of time or room, or the end of a session, would concern: those with a seat."""
    return in_session(everyone(), slot.key)


def free_key(session: Session, stem: str) -> str:
    """A key for a new session, such as "it-5" for the stem "it"."""
    used = set(session.scalars(select(Slot.key))) | set(session.scalars(select(Checkpoint.key)))
    return next(key for n in range(1, len(used) + 2) if (key := f"{stem}-{n}") not in used)


def hold(session: Session) -> None:
    """Let nobody take a seat or pass a door until this transaction ends; reading goes on.

    SQLite has one writer anyway. The tables come in the order of a registration (category, seats,
    notice), so that it never waits in a ring with us.
    """
    if session.get_bind().dialect.name == "postgresql":
        tables = "waits, event, categories, slots, notices, checkpoints"
        session.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))


def programme(session: Session) -> dict[str, Slot]:
    """All sessions, forums and rounds by key, in order of time, with track and room, fresh."""
    found = slots().options(contains_eager(Slot.track), contains_eager(Slot.room))
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {slot.key: slot for slot in rows}


def facts_of(slot: Slot) -> SlotFacts:
    """What is stated of a session now. Needs its track and room loaded (see `programme`)."""
    return SlotFacts(
        key=slot.key,
        title=slot.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        kind=slot.kind,
        chair=slot.chair,
        track=slot.track.key if slot.track else None,
        room=slot.room.key if slot.room else None,
        capacity=slot.capacity,
        rule=slot.rule,
        categories=tuple(slot.categories),
        entry=slot.entry,
        meetings=slot.meetings,
        assumed=tuple(slot.assumed),
    )


def put_in(session: Session, facts: SlotFacts, *, at: datetime, by: str) -> Slot:
    """The adding itself, of facts already checked, in a transaction that the caller commits."""
    slot = Slot(key=facts.key, taken=0)
    _write(session, slot, facts)
    session.add(slot)
    session.flush()
    _settle(session, slot)
    details = {field: [None, value] for field, value in _as_written(facts).items() if value}
    note(session, "added", "slot", slot.id, by=by, at=at, key=slot.key, **details)
    return slot


def alter(
    session: Session, slot: Slot, facts: SlotFacts, *, at: datetime, by: str
) -> dict[str, list[Any]]:
    """The change itself, of facts already checked, in a transaction that holds the programme.

    Raises `CapacityBelowTaken` before anything is changed.
    """
    session.refresh(slot, ["track", "room"])
    before = _as_written(facts_of(slot))
    after = _as_written(facts)
    details = {k: [before[k], after[k]] for k in before if before[k] != after[k]}
    refuse_too_few_seats(slot, facts)
    if details:
        _write(session, slot, facts)
        session.flush()
        _settle(session, slot)
        note(session, "changed", "slot", slot.id, by=by, at=at, **details)
        settle_all(session, at=at)
    return details


def take_out(session: Session, slot: Slot, *, at: datetime, by: str) -> None:
    """The removal itself, in a transaction that holds the programme."""
    refuse_in_use(session, slot)
    door = door_of(session, slot)
    if door is not None:
        session.delete(door)
        session.flush()
    note(session, "removed", "slot", slot.id, by=by, at=at, key=slot.key, title=slot.title.vi)
    session.delete(slot)
    session.flush()


def order_doors(session: Session) -> None:
    """Doors of sessions stand in order of time, as `programme.slots` gives it."""
    doors = select(Checkpoint).where(Checkpoint.slot_id.is_not(None))
    by_slot = {door.slot_id: door for door in session.scalars(doors)}
    for position, slot_id in enumerate(session.scalars(slots().with_only_columns(Slot.id))):
        if slot_id in by_slot:
            by_slot[slot_id].position = position


@contextmanager
def _changing(session: Session) -> Iterator[Event]:
    begin_writing(session)
    try:
        hold(session)
        event = session.scalars(select(Event).execution_options(populate_existing=True)).one()
        yield event
        session.flush()
        order_doors(session)
        session.commit()
    except Exception:
        session.rollback()
        raise


def _renew(session: Session, slot: Slot, key: str) -> None:
    """What the page showed may be old by now; somebody may even have taken the session out."""
    try:
        session.refresh(slot)
    except InvalidRequestError:
        raise UnknownSessions([key]) from None


def _all(session: Session) -> dict[str, SlotFacts]:
    return {key: facts_of(slot) for key, slot in programme(session).items()}


def _stays(facts: SlotFacts, before: SlotFacts) -> bool:
    """Whether room and time are as before: who shares a room already may still mend a title."""
    places = [(f.room, f.starts_at, f.ends_at) for f in (facts, before)]
    return places[0] == places[1]


def _refuse_change(session: Session, event: Event, slot: Slot, facts: SlotFacts) -> None:
    others = _all(session)
    if _stays(facts, others.pop(slot.key)):
        others.clear()
    _refuse_wrong(session, event, facts, others)


def _refuse_wrong(
    session: Session, event: Event, facts: SlotFacts, others: Mapping[str, SlotFacts]
) -> None:
    frame = Frame(
        first_day=event.first_day,
        last_day=event.last_day,
        zone=ZoneInfo(event.zone),
        tracks=frozenset(session.scalars(select(Track.key))),
        rooms=frozenset(session.scalars(select(Room.key))),
        categories=frozenset(session.scalars(select(Category.key))),
    )
    problems = list(problems_of(facts, frame, others.values()))
    if problems:
        raise WrongSession(problems)


def _write(session: Session, slot: Slot, facts: SlotFacts) -> None:
    slot.track_id = session.scalar(select(Track.id).where(Track.key == facts.track))
    slot.room_id = session.scalar(select(Room.id).where(Room.key == facts.room))
    slot.title, slot.chair = _clean(facts.title), _clean(facts.chair)
    slot.assumed = list(facts.assumed)
    slot.categories = list(facts.categories)
    for field in ("kind", "starts_at", "ends_at", "capacity", "rule", "entry", "meetings"):
        setattr(slot, field, getattr(facts, field))


def _clean(words: Words) -> Words:
    return Words(clean(words.vi), clean(words.en))


def _settle(session: Session, slot: Slot) -> None:
    """What follows from the facts: the bit on badges, and the door with the session's name."""
    entitle(session, slot)
    door = door_of(session, slot)
    if door is not None:
        door.name = slot.title
    elif slot.kind != "round":
        session.add(
            Checkpoint(key=slot.key, kind="session", name=slot.title, slot_id=slot.id, position=0)
        )
    session.flush()
    session.refresh(slot, ["track", "room"])


def _as_written(facts: SlotFacts) -> dict[str, Any]:
    """By field of the event file, as text and numbers that a history can keep."""
    return {
        "kind": facts.kind,
        "title": clean(facts.title.vi),
        "title_en": clean(facts.title.en),
        "chair": clean(facts.chair.vi),
        "chair_en": clean(facts.chair.en),
        "starts": facts.starts_at.astimezone(UTC).isoformat(),
        "ends": facts.ends_at.astimezone(UTC).isoformat(),
        "track": facts.track,
        "room": facts.room,
        "capacity": facts.capacity,
        "rule": facts.rule,
        "categories": " ".join(facts.categories),
        "entry": facts.entry,
        "meetings": facts.meetings,
        "assumed": list(facts.assumed),
    }
