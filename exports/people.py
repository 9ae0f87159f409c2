"""The people of a list as plain rows, in batches: two more queries for each thousand."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from event.attendees import Attendee
from event.bookings import Booking
from event.delegations import Delegation
from event.programme import Category, Checkpoint, Slot, Track
from event.scans import Presence
from event.words import Words

BATCH = 1000


@dataclass(frozen=True)
class Choice:
    """A session somebody booked; `bit` is its place among the entitlements of a badge."""

    title: Words
    track: Words | None
    bit: int | None


@dataclass(frozen=True)
class Person:
    """One row: `stated` has the attendee's columns by name, the rest comes from other tables."""

    stated: Any
    category: Words
    category_number: int
    colour: str
    party: str
    choices: Sequence[Choice]
    arrived_at: datetime | None
    arrived_by: Words | None

    @property
    def code(self) -> str:
        """As `Attendee.code`."""
        return f"{self.stated.id:05d}"


def read_people(session: Session, people: Select[Attendee]) -> Iterator[Person]:
    """Everybody the query chooses, in its order."""
    kind, party = aliased(Category), aliased(Delegation)
    query = (
        people.join(kind, kind.id == Attendee.category_id)
        .outerjoin(party, party.id == Attendee.party_id)
        .with_only_columns(
            *(column for column in Attendee.__table__.c if column.key not in _UNREAD),
            kind.name.label("category_name"),
            kind.number.label("category_number"),
            kind.colour.label("colour"),
            party.name.label("party_name"),
            maintain_column_froms=True,
        )
    )
    choices = _all_choices(session)
    for rows in session.execute(query, execution_options={"yield_per": BATCH}).partitions():
        yield from _batch(session, rows, choices)


_UNREAD = {"sort_key", "folded_name", "found_by", "nonce", "interests"}


def _batch(session: Session, rows: Sequence[Any], choices: dict[int, Choice]) -> Iterator[Person]:
    ids = [row.id for row in rows]
    chosen = _chosen(session, ids)
    arrivals = _arrivals(session, ids)
    for row in rows:
        at, place = arrivals.get(row.id, (None, None))
        yield Person(
            stated=row,
            category=row.category_name,
            category_number=row.category_number,
            colour=row.colour,
            party=row.party_name or "",
            choices=[choices[slot] for slot in chosen[row.id]],
            arrived_at=at,
            arrived_by=place,
        )


def _all_choices(session: Session) -> dict[int, Choice]:
    query = select(Slot.id, Slot.title, Track.name, Slot.bit).outerjoin(Slot.track)
    return {key: Choice(title, track, bit) for key, title, track, bit in session.execute(query)}


def _chosen(session: Session, ids: Sequence[int]) -> defaultdict[int, list[int]]:
    """The sessions of each person, in order of time."""
    query = (
        select(Booking.attendee_id, Booking.slot_id)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.attendee_id.in_(ids))
        .order_by(Slot.starts_at, Slot.id)
    )
    chosen = defaultdict[int, list[int]](list)
    for attendee, slot in session.execute(query):
        chosen[attendee].append(slot)
    return chosen


def _arrivals(session: Session, ids: Sequence[int]) -> dict[int, tuple[datetime, Words]]:
    """When and where each was first let in."""
    query = (
        select(Presence.attendee_id, Presence.first_at, Checkpoint.name)
        .join(Checkpoint, Checkpoint.id == Presence.checkpoint_id)
        .where(Presence.attendee_id.in_(ids))
        .order_by(Presence.first_at.desc(), Presence.id.desc())
    )
    return {attendee: (at, place) for attendee, at, place in session.execute(query)}
