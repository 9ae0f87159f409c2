"""The people of a list as plain rows, in batches: three queries for each thousand."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.bookings import Booking
from event.delegations import Delegation
from event.programme import Category, Checkpoint, Slot, Track
from event.questions import QUESTIONS
from event.scans import Presence
from event.words import Words

BATCH = 1000
READ = (
    *(getattr(Attendee, question.key) for question in QUESTIONS if question.key != "category"),
    Attendee.id,
    Attendee.category_id,
    Attendee.party_id,
    Attendee.heads_party,
    Attendee.language,
    Attendee.revision,
    Attendee.remark,
    Attendee.interests,
    Attendee.registered_at,
)


@dataclass(frozen=True)
class Choice:
    """A session somebody booked; `track` is a key, `bit` its place among a badge's entitlements."""

    title: Words
    track: str | None
    bit: int | None


class Person(NamedTuple):
    """One row: `stated` has the columns in `READ` by name, the rest comes from other tables."""

    stated: Any
    category: Category
    party: str
    choices: Sequence[Choice]
    arrived_at: datetime | None
    arrived_by: Words | None

    @property
    def code(self) -> str:
        """As `Attendee.code`."""
        return f"{self.stated.id:05d}"


@dataclass(frozen=True)
class _Known:
    """The small tables, read once, by their numbers."""

    categories: dict[int, Category]
    parties: dict[int, str]
    choices: dict[int, Choice]
    places: dict[int, Words]


def read_people(session: Session, people: Select[Attendee]) -> Iterator[Person]:
    """Everybody the query chooses, in its order."""
    known = _known(session)
    query = people.with_only_columns(*READ, maintain_column_froms=True)
    for rows in session.execute(query, execution_options={"yield_per": BATCH}).partitions():
        yield from _batch(session, rows, known)


def _known(session: Session) -> _Known:
    choices = select(Slot.id, Slot.title, Track.key, Slot.bit).outerjoin(Slot.track)
    return _Known(
        {category.id: category for category in session.scalars(select(Category))},
        dict(session.execute(select(Delegation.id, Delegation.name)).all()),
        {key: Choice(title, track, bit) for key, title, track, bit in session.execute(choices)},
        dict(session.execute(select(Checkpoint.id, Checkpoint.name)).all()),
    )


def _batch(session: Session, rows: Sequence[Any], known: _Known) -> Iterator[Person]:
    ids = [row.id for row in rows]
    chosen = _chosen(session, ids)
    arrivals = _arrivals(session, ids)
    for row in rows:
        at, place = arrivals.get(row.id, (None, 0))
        yield Person(
            stated=row,
            category=known.categories[row.category_id],
            party=known.parties.get(row.party_id, ""),
            choices=[known.choices[slot] for slot in chosen[row.id]],
            arrived_at=at,
            arrived_by=known.places.get(place),
        )


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


def _arrivals(session: Session, ids: Sequence[int]) -> dict[int, tuple[datetime, int]]:
    """When and where each was first let in."""
    query = (
        select(Presence.attendee_id, Presence.first_at, Presence.checkpoint_id)
        .where(Presence.attendee_id.in_(ids))
        .order_by(Presence.first_at.desc(), Presence.id.desc())
    )
    return {attendee: (at, place) for attendee, at, place in session.execute(query)}
