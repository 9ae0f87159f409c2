"""What a device needs to decide a scan by itself: the doors, and what badges do not say (any more).

No name and no address: a badge proves itself by its signature, and the name is printed on it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, not_, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import entitlements
from event.blanks import Blank, BlankBatch
from event.bookings import Booking
from event.doors import FEW, free_seats
from event.journal import Change
from event.person import has_place
from event.places import DOORS, door_from
from event.programme import Category, Event, Slot, categories
from event.scans import day_of

TELLING = (
    "changed", "cancelled", "reinstated", "seated",
    "badge_replaced", "blank_bound", "blank_unbound", "waits", "approved",
    "lined_up", "admitted",
)  # fmt: skip
"""What in a person's journal may make their printed badge say something that is not so."""


@dataclass(frozen=True)
class OfflineDoor:
    """A checkpoint: the `bit` of its session in a badge, and `free` seats where they are limited.

    `bit` is None where no badge says who may come in: at gates, at open sessions, and at sessions
    past the sixty-fourth. `categories` are numbers, as badges carry them; `near` is how many free
    places are few, where whoever comes takes one.
    """

    gate: bool
    rule: str = "open"
    bit: int | None = None
    free: int | None = None
    near: int | None = None
    entry: str = "free"
    area: str = ""
    days: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exceptional:
    """Somebody about whom an older badge may be wrong, as they are now."""

    revision: int
    cancelled: bool
    entitlements: int
    category: int


@dataclass(frozen=True)
class Roster:
    """`version` is what to ask from next time; `exceptions` by a person's number.

    `blanks` are the printed numbers, first and last of each printing; `bound` says whose some are.
    `groups` tells how many come along with somebody, for the few with whom anybody does.
    """

    version: int
    event: int
    doors: dict[str, OfflineDoor]
    categories: list[Category]
    exceptions: dict[int, Exceptional]
    blanks: list[tuple[int, int]]
    withdrawn: list[int]
    bound: dict[int, int]
    groups: dict[int, int]


def roster(session: Session, event: Event, *, since: int, at: datetime) -> Roster:
    """What has changed since a version; everything since 0. Blanks and groups come whole."""
    version = session.scalar(select(func.max(Change.id))) or 0
    batches = session.execute(select(BlankBatch.first, BlankBatch.count).order_by(BlankBatch.first))
    withdrawn = select(Blank.id).where(Blank.withdrawn_at.is_not(None)).order_by(Blank.id)
    bound = select(Blank.id, Blank.attendee_id).where(Blank.attendee_id.is_not(None))
    groups = select(Attendee.id, Attendee.companions).where(Attendee.companions > 0, ~_NO_PLACE)
    return Roster(
        version=version,
        event=event.number,
        doors=dict(_doors(session, day_of(event, at))),
        categories=list(session.scalars(categories())),
        exceptions=_exceptions(session, since),
        blanks=[(first, first + count - 1) for first, count in batches],
        withdrawn=list(session.scalars(withdrawn)),
        bound={number: whose for number, whose in session.execute(bound) if whose is not None},
        groups=dict(session.execute(groups).all()),
    )


def _doors(session: Session, today: date) -> Iterator[tuple[str, OfflineDoor]]:
    connection = session.connection()
    known = connection.execute(select(Category.key, Category.number))
    numbers = {row.key: row.number for row in known}
    for row in connection.execute(DOORS.add_columns(Slot.bit)).all():
        door = door_from(row)
        limited = door.capacity is not None and door.rule != "registered_only"
        yield (
            row.key,
            OfflineDoor(
                gate=door.gate,
                rule=door.rule,
                bit=row.bit,
                free=free_seats(connection, door, today) if limited else None,
                near=door.capacity // FEW if door.capacity and door.rule == "open" else None,
                entry=door.entry,
                area=door.area,
                days=door.days,
                categories=tuple(numbers[key] for key in door.categories if key in numbers),
            ),
        )


_NO_PLACE = not_(has_place())


def _exceptions(session: Session, since: int) -> dict[int, Exceptional]:
    told = select(Change.subject_id).where(
        Change.subject == "attendee", Change.verb.in_(TELLING), Change.id > since
    )
    bits = _bits(session.execute(_bits_of(told)).all())
    query = (
        select(Attendee.id, Attendee.revision, _NO_PLACE, Category.number)
        .join(Category, Category.id == Attendee.category_id)
        .where(Attendee.id.in_(told))
    )
    return {
        who: Exceptional(revision, bool(gone), entitlements(bits.get(who, ())), category)
        for who, revision, gone, category in session.execute(query)
    }


def _bits_of(people: Select[int]) -> Select[int, int | None]:
    return (
        select(Booking.attendee_id, Slot.bit)
        .join(Slot, Slot.id == Booking.slot_id)
        .where(Booking.attendee_id.in_(people))
    )


def _bits(rows: Iterable[Row[int, int | None]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, bit in rows:
        if bit is not None:
            found.setdefault(number, []).append(bit)
    return found
