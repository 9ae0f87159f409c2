"""What is on offer at one moment: the programme with its free seats, and what people agree to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from event.consents import Notice, notices
from event.limits import Limits, limited, limits
from event.programme import (
    Category,
    Event,
    Slot,
    Track,
    Zone,
    categories,
    sessions,
    slots,
    the_event,
    tracks,
    zones,
)

TAKE_PART = "take_part"
"""The purpose without which nobody can be registered; every other one is free to choose."""


@dataclass(frozen=True)
class Stretch:
    """Sessions that begin and end together."""

    starts_at: datetime
    ends_at: datetime
    sessions: tuple[Slot, ...]


@dataclass(frozen=True)
class Day:
    """One day of the programme at the place of the event."""

    date: date
    stretches: tuple[Stretch, ...]


Stamp: TypeAlias = tuple[object, ...]
"""Two offers with the same stamp look the same."""


@dataclass(frozen=True)
class Offer:
    """Rows apart from any database session: they may be kept, and read by every request.

    `categories` are those that people may choose themselves; `rounds` are shown, not chosen.
    `limits` is None where everybody may come.
    """

    stamp: Stamp
    event: Event
    limits: Limits | None
    categories: tuple[Category, ...]
    sessions: tuple[Slot, ...]
    rounds: tuple[Slot, ...]
    notices: tuple[Notice, ...]
    tracks: tuple[Track, ...]
    zones: tuple[Zone, ...]

    def chosen(self, keys: Iterable[str]) -> list[Slot]:
        """The sessions of these keys, in order of time; unknown keys are left out."""
        wanted = set(keys)
        return [slot for slot in self.sessions if slot.key in wanted]

    def full(self) -> list[Category]:
        """The categories in which all places are taken."""
        known = self.limits.categories if self.limits else {}
        return [row for row in self.categories if row.id in known and known[row.id].full]

    def days(self) -> tuple[Day, ...]:
        """The programme by day and time."""
        return tuple(days(self.sessions, ZoneInfo(self.event.zone)))


def days(chosen: Iterable[Slot], zone: ZoneInfo) -> Iterator[Day]:
    """Sessions in order of time, grouped by day and by hours."""
    ordered = sorted(chosen, key=lambda slot: (slot.starts_at, slot.ends_at))
    for day, of_day in groupby(ordered, key=lambda slot: slot.starts_at.astimezone(zone).date()):
        hours = groupby(of_day, key=lambda slot: (slot.starts_at, slot.ends_at))
        yield Day(day, tuple(Stretch(*times, tuple(at_once)) for times, at_once in hours))


def read_stamp(session: Session) -> Stamp:
    """What tells an offer from the one before, in three small queries, and one where places are
    limited.
    """
    event = session.execute(select(Event.id, Event.version, limited().label("limited"))).first()
    words = session.scalar(select(func.max(Notice.id)))
    seats = session.execute(select(Slot.id, Slot.taken).order_by(Slot.id)).all()
    return event, words, tuple(seats), limits(session).told() if event and event.limited else None


def read_offer(session: Session) -> Offer | None:
    """The offer as of now, or None before an event is loaded; ends what the session has read."""
    stamp = read_stamp(session)
    event = the_event(session)
    if event is None:
        return None
    beside = contains_eager(Slot.track), contains_eager(Slot.room)
    offer = Offer(
        stamp=stamp,
        event=event,
        limits=limits(session) if stamp[-1] is not None else None,
        categories=tuple(session.scalars(categories().where(Category.public))),
        sessions=tuple(session.scalars(sessions().options(*beside))),
        rounds=tuple(session.scalars(slots().options(*beside).where(Slot.kind == "round"))),
        notices=tuple(session.scalars(notices())),
        tracks=tuple(session.scalars(tracks())),
        zones=tuple(session.scalars(zones())),
    )
    session.expunge_all()
    return offer
