"""Badges of the people in the database: what stands on each, with its signed code."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee, everyone
from event.badges import Facts, entitlements, sign
from event.bookings import Booking
from event.programme import Category, Event, Slot, tracks
from exports.badge_face import Badge

BATCH = 1000
_SESSIONS = (
    select(func.aggregate_strings(cast(Booking.slot_id, String), ","))
    .where(Booking.attendee_id == Attendee.id)
    .correlate(Attendee)
    .scalar_subquery()
    .label("sessions")
)
STATED = (
    Attendee.id,
    Attendee.revision,
    Attendee.name,
    Attendee.degree,
    Attendee.organisation,
    Attendee.position,
    Attendee.category_id,
    _SESSIONS,
    cast(Attendee.interests, String).label("interests"),
    Attendee.language,
)
"""As one query reads it; sessions come as "7,3", and many people chose the same ones."""


def faces(
    session: Session,
    event: Event,
    key: Ed25519PrivateKey,
    people: Select[Attendee] | None = None,
    note: Callable[[Sequence[Any]], object] | None = None,
) -> Iterator[Badge]:
    """One badge for each, all people by default, in the language each of them chose.

    `note` is told what was read of each of them, as `STATED` says.
    """
    known = _Known(session, event)
    chosen_people = everyone() if people is None else people
    query = chosen_people.with_only_columns(*STATED, maintain_column_froms=True)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        if note:
            note(row)
        yield known.badge(row, key)


class _Category(NamedTuple):
    """A category in one language."""

    number: int
    name: str
    colour: str


class _Known:
    """What the numbers in the rows stand for, from the small tables, which are read once."""

    def __init__(self, session: Session, event: Event) -> None:
        self.event = event.number
        self._event = event
        self._categories = {found.id: found for found in session.scalars(select(Category))}
        self._tracks = {track.id: track for track in session.scalars(tracks())}
        slots = session.execute(select(Slot.id, Slot.track_id, Slot.bit))
        self._slots = {slot: (track, bit) for slot, track, bit in slots}
        self.choice = lru_cache(maxsize=4096)(self._choice)
        self.heading = cache(self._heading)

    def badge(self, row: Sequence[Any], key: Ed25519PrivateKey) -> Badge:
        """One person's, of what `STATED` reads."""
        number, revision, name, degree, organisation, position, *chosen = row
        kind, named, entitled = self.choice(*chosen)
        return Badge(
            number=f"{number:05d}",
            name=name,
            title_line=degree,
            organisation=organisation,
            position=position,
            category=kind.name,
            colour=kind.colour,
            tracks=named,
            token=sign(Facts(self.event, number, revision, kind.number, entitled), key),
            **self.heading(chosen[-1]),
        )

    def _category(self, number: int, language: str) -> _Category:
        found = self._categories[number]
        return _Category(found.number, found.name.in_(language), found.colour)

    def _choice(
        self, category: int, sessions: str | None, interests: str, language: str
    ) -> tuple[_Category, tuple[str, ...], int]:
        """The category, the names of the tracks in their order, and the doors that ask."""
        chosen = [self._slots[int(slot)] for slot in (sessions or "").split(",") if slot]
        wanted = {track for track, _ in chosen}
        keys = set(json.loads(interests or "[]"))
        named = tuple(
            track.name.in_(language)
            for number, track in self._tracks.items()
            if number in wanted or track.key in keys
        )
        bits = (bit for _, bit in chosen if bit is not None)
        return self._category(category, language), named, entitlements(bits)

    def _heading(self, language: str) -> dict[str, str]:
        event = self._event
        dates = f"{event.days} · {event.place.in_(language)}"
        return {"event_name": event.name.in_(language), "event_dates": dates}
