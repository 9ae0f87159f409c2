"""The numbers of the event as of now: who put their name down, who came, and when they came.

People are counted once however often they pass a door; visits (lượt) count every passing. Blank
badges that belong to nobody yet are counted apart, and as their person once they are bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, case, distinct, extract, func, select
from sqlalchemy.orm import Session, contains_eager

from event.attendees import Attendee
from event.blanks import Blank
from event.programme import (
    Category,
    Checkpoint,
    Event,
    Slot,
    Track,
    categories,
    sessions,
    tracks,
)
from event.scans import BlankPresence, Presence

QUARTER = 15 * 60  # seconds


@dataclass(frozen=True)
class Tally:
    """People of one category: those who hold a place, and those of them who came."""

    category: Category
    registered: int
    arrived: int


@dataclass(frozen=True)
class SessionTally:
    """One session: `inside` passed its door, `extra` of them without a seat of their own.

    `blanks` that belong to nobody yet passed it besides.
    """

    slot: Slot
    inside: int
    extra: int
    blanks: int


@dataclass(frozen=True)
class TrackTally:
    """One track over all its sessions: seats booked and people let in, counted per session."""

    track: Track
    booked: int
    arrived: int


@dataclass(frozen=True)
class Door:
    """One gate on one day: people let in there, and how often they passed it; blanks apart."""

    place: Checkpoint
    day: date
    people: int
    visits: int
    blanks: int = 0


@dataclass(frozen=True)
class BlankTally:
    """Blank badges: `inside` were let in somewhere and belong to nobody yet."""

    issued: int
    bound: int
    withdrawn: int
    inside: int


@dataclass(frozen=True)
class Numbers:
    """All of it. `arrivals` has the people who came on `day`, by start of a quarter of an hour."""

    day: date
    tallies: Sequence[Tally]
    tracks: Sequence[TrackTally]
    sessions: Sequence[SessionTally]
    doors: Sequence[Door]
    arrivals: dict[datetime, int]
    blanks: BlankTally

    @property
    def registered(self) -> int:
        """People who hold a place."""
        return sum(tally.registered for tally in self.tallies)

    @property
    def arrived(self) -> int:
        """People who hold a place and came, on any day."""
        return sum(tally.arrived for tally in self.tallies)

    @property
    def visits(self) -> int:
        """How often a gate was passed, on all days."""
        return sum(door.visits for door in self.doors)

    @property
    def visits_that_day(self) -> int:
        """How often a gate was passed on `day`."""
        return sum(door.visits for door in self.doors if door.day == self.day)

    @property
    def arrived_that_day(self) -> int:
        """People who came on `day`."""
        return sum(self.arrivals.values())

    @property
    def seats(self) -> int:
        """Seats in sessions that have a limit."""
        return sum(tally.slot.capacity or 0 for tally in self.sessions)

    @property
    def free_seats(self) -> int:
        """Those of `seats` that nobody has taken."""
        return sum(tally.slot.free or 0 for tally in self.sessions)


def numbers_now(session: Session, day: date) -> Numbers:
    """Read all numbers, in nine queries whatever their size."""
    by_session, doors = _doors(session)
    slots = session.scalars(sessions().options(contains_eager(Slot.track))).all()
    rooms = [SessionTally(slot, *by_session.get(slot.id, (0, 0, 0))) for slot in slots]
    return Numbers(
        day=day,
        tallies=_tallies(session),
        tracks=[_track(track, rooms) for track in session.scalars(tracks())],
        sessions=rooms,
        doors=doors,
        arrivals={
            datetime.fromtimestamp(int(quarter), UTC): people
            for quarter, people in session.execute(arrivals(day))
        },
        blanks=BlankTally(*session.execute(blanks_now()).one()),
    )


def _tallies(session: Session) -> list[Tally]:
    rows = session.execute(registered_and_arrived())
    counted = {number: (registered, int(came)) for number, registered, came in rows}
    return [
        Tally(category, *counted.get(category.id, (0, 0)))
        for category in session.scalars(categories())
    ]


def _track(track: Track, rooms: Sequence[SessionTally]) -> TrackTally:
    of_track = [room for room in rooms if room.slot.track_id == track.id]
    booked = sum(room.slot.taken for room in of_track)
    return TrackTally(track, booked, sum(room.inside for room in of_track))


def _doors(session: Session) -> tuple[dict[int, tuple[int, int, int]], list[Door]]:
    """People, extras and blanks by session, and the gates day by day."""
    places = {place.id: place for place in session.scalars(select(Checkpoint))}
    people = {(place, day): rest for place, day, *rest in session.execute(at_places())}
    blanks = {(place, day): count for place, day, count in session.execute(blanks_at_places())}
    rooms: dict[int, tuple[int, int, int]] = {}
    gates = []
    for number, day in sorted({*people, *blanks}):
        place, more = places[number], blanks.get((number, day), 0)
        came, extra, visits = people.get((number, day), (0, 0, 0))
        if place.slot_id is None:
            gates.append(Door(place, day, came, int(visits), more))
        else:
            inside, extras, others = rooms.get(place.slot_id, (0, 0, 0))
            rooms[place.slot_id] = (inside + came, extras + int(extra), others + more)
    return rooms, gates


def registered_and_arrived() -> Select[int, int, int]:
    """By category: people who hold a place, and those of them who were let in anywhere."""
    came = select(Presence.id).where(Presence.attendee_id == Attendee.id).exists()
    return (
        select(Attendee.category_id, func.count(), func.sum(case((came, 1), else_=0)))
        .where(Attendee.cancelled_at.is_(None), ~Attendee.waits)
        .group_by(Attendee.category_id)
    )


def at_places() -> Select[int, date, int, int, int]:
    """By place and day: people let in, those of them without a seat of their own, and passages."""
    without_seat = case((Presence.registered, 0), else_=1)
    return (
        select(
            Presence.checkpoint_id,
            Presence.day,
            func.count(),
            func.sum(without_seat),
            func.sum(Presence.entries),
        )
        .group_by(Presence.checkpoint_id, Presence.day)
        .order_by(Presence.checkpoint_id, Presence.day)
    )


def blanks_at_places() -> Select[int, date, int]:
    """By place and day: blank badges let in that belong to nobody yet."""
    place = BlankPresence.checkpoint_id, BlankPresence.day
    return select(*place, func.count()).group_by(*place)


def blanks_now() -> Select[int, int, int, int]:
    """Blanks printed, bound, withdrawn, and let in without belonging to anybody."""
    inside = select(func.count(distinct(BlankPresence.blank_id))).scalar_subquery()
    return select(
        func.count(), func.count(Blank.attendee_id), func.count(Blank.withdrawn_at), inside
    ).select_from(Blank)


def arrivals(day: date) -> Select[int, int]:
    """People by the quarter of an hour (seconds since 1970) in which they came first that day."""
    first = (
        select(extract("epoch", func.min(Presence.first_at)).label("second"))
        .where(Presence.day == day)
        .group_by(Presence.attendee_id)
        .subquery()
    )
    quarter = (first.c.second - first.c.second % QUARTER).label("quarter")
    return select(quarter, func.count()).group_by(quarter).order_by(quarter)


def day_of_last_arrivals(event: Event) -> Select[date | None]:
    """The latest day of the event on which anybody came."""
    within = Presence.day.between(event.first_day, event.last_day)
    return select(func.max(Presence.day)).where(within)


def newest(limit: int = 10) -> Select[Attendee]:
    """The people put down last."""
    return (
        select(Attendee)
        .where(Attendee.cancelled_at.is_(None), Attendee.erased_at.is_(None), ~Attendee.waits)
        .order_by(Attendee.id.desc())
        .limit(limit)
    )
