"""The event as it is offered: tracks, sessions, rooms, zones, categories, and the doors to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.base import Base, Bilingual, Moment
from event.words import Words

KEY = String(60)
RULES = ("open", "registered_first", "registered_only")
CHOSEN_KINDS = ("session", "forum")
"""What people choose themselves; matching rounds they do not."""
ENTRIES = ("free", "once", "daily", "in_out")
"""How often a checkpoint takes a badge: again at any time, once in the whole event, once a day, or
in and out, so that it is known how many are inside.
"""


class Event(Base):
    """The one event of this site. `facts` is what is only shown: organisers, activities, forums."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    number: Mapped[int]  # four bytes in every badge: another event's badge is told apart
    name: Mapped[Words] = mapped_column(Bilingual)
    theme: Mapped[Words] = mapped_column(Bilingual)
    place: Mapped[Words] = mapped_column(Bilingual)
    first_day: Mapped[date]
    last_day: Mapped[date]
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Ho_Chi_Minh")
    expected_people: Mapped[int | None]
    expected_booths: Mapped[int | None]
    places: Mapped[int | None]  # people who may come, with those they bring; see event.limits
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)
    registration: Mapped[str] = mapped_column(String(10), default="")  # see event.opening
    version: Mapped[int] = mapped_column(default=1)  # grows with each change: caches key on it

    @property
    def days(self) -> str:
        """All of them in one line: "29–30/09/2023"; what both ends share is written once."""
        first, last = self.first_day, self.last_day
        if first == last:
            return f"{last:%d/%m/%Y}"
        shared = "%d" if (first.year, first.month) == (last.year, last.month) else "%d/%m"
        begins = first.strftime(shared if first.year == last.year else "%d/%m/%Y")
        return f"{begins}–{last:%d/%m/%Y}"


class Zone(Base):
    """A part of the hall (phân khu)."""

    __tablename__ = "zones"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    name: Mapped[Words] = mapped_column(Bilingual)
    position: Mapped[int]
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)


class Track(Base):
    """A spotlight (tiêu điểm): sessions on one subject."""

    __tablename__ = "tracks"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    name: Mapped[Words] = mapped_column(Bilingual)
    colour: Mapped[str] = mapped_column(String(7))
    subjects: Mapped[list[str]] = mapped_column(JSON, default=list)  # other names people use for it
    position: Mapped[int]
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)


class Room(Base):
    """A room or hall where sessions take place."""

    __tablename__ = "rooms"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    name: Mapped[Words] = mapped_column(Bilingual)
    position: Mapped[int]
    minutes_to: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # by key of a room
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)


class Category(Base):
    """What an attendee comes as (đại biểu, khách tham quan …); its number stands in the badge's
    token.
    """

    __tablename__ = "categories"
    __table_args__ = (CheckConstraint("number between 1 and 255", name="one_byte"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    number: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Words] = mapped_column(Bilingual)
    colour: Mapped[str] = mapped_column(String(7))
    aliases: Mapped[list[str]] = mapped_column(
        JSON, default=list
    )  # other names in lists sent by offices
    public: Mapped[bool] = mapped_column(default=True)  # may people choose it themselves?
    approval: Mapped[bool] = mapped_column(default=False)  # do they wait for an organiser's yes?
    group: Mapped[bool] = mapped_column(default=False)  # an adult says how many come along
    places: Mapped[int | None]  # how many of the event's may be theirs
    position: Mapped[int]
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)


class Slot(Base):
    """A stretch of time in a room that people can book: a session (phiên) or a matching round.

    `taken` always equals the count of its bookings; `capacity` empty means open seats.
    `bit` is its place among the entitlements of a badge, given once (see `entitle`).
    """

    __tablename__ = "slots"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint("capacity is null or taken <= capacity", name="taken_within_capacity"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    kind: Mapped[str] = mapped_column(String(10), default="session")  # session, forum, round
    title: Mapped[Words] = mapped_column(Bilingual)
    chair: Mapped[Words] = mapped_column(Bilingual, default=Words(""))
    starts_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("tracks.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    rule: Mapped[str] = mapped_column(String(20), default="open")
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    entry: Mapped[str] = mapped_column(String(10), default="free")
    meetings: Mapped[int | None]  # of a matching round: how many tables meet at once
    bit: Mapped[int | None] = mapped_column(unique=True)
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)
    track: Mapped[Track | None] = relationship(lazy="raise")
    room: Mapped[Room | None] = relationship(lazy="raise")

    @property
    def free(self) -> int | None:
        """Seats left, or None where seats are open."""
        return None if self.capacity is None else self.capacity - self.taken


class EntitlementBit(Base):
    """Which session a bit of the badge means: given once, never used again, even if the session
    goes.
    """

    __tablename__ = "entitlement_bits"
    bit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot_key: Mapped[str] = mapped_column(KEY)


class Checkpoint(Base):
    """A place where badges are scanned: a gate of the event, or the door of a session.

    Gates of one `area` lead to the same place and count together; "" is the event itself. `days`
    (as in 2023-09-29) and `categories` (keys) are those let in, all of them where it is empty.
    What is said of the door of a session stands with the session: see `stated`.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("slot_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(KEY, unique=True)
    kind: Mapped[str] = mapped_column(String(10))  # gate, session
    name: Mapped[Words] = mapped_column(Bilingual)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id"))
    position: Mapped[int]
    area: Mapped[str] = mapped_column(KEY, default="")
    days: Mapped[list[str]] = mapped_column(JSON, default=list)
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    entry: Mapped[str] = mapped_column(String(10), default="free")
    capacity: Mapped[int | None]
    assumed: Mapped[list[str]] = mapped_column(JSON, default=list)
    slot: Mapped[Slot | None] = relationship(lazy="joined")

    @property
    def rule(self) -> str:
        """A gate is open with re-entry; a session's door asks what the session asks."""
        return self.slot.rule if self.slot else "open"

    @property
    def stated(self) -> "Slot | Checkpoint":
        """What says how many it holds, which categories it takes, and how often."""
        return self.slot or self


def the_event(session: Session) -> Event | None:
    """The site's event, or None before one is loaded."""
    return session.scalar(select(Event).limit(1))


def tracks() -> Select[Track]:
    """In the order of the event file."""
    return select(Track).order_by(Track.position)


def zones() -> Select[Zone]:
    """In the order of the event file."""
    return select(Zone).order_by(Zone.position)


def rooms() -> Select[Room]:
    """In the order of the event file."""
    return select(Room).order_by(Room.position)


def categories() -> Select[Category]:
    """In the order of the event file."""
    return select(Category).order_by(Category.position)


def slots() -> Select[Slot]:
    """Everything with a time and a room: in order of time, of tracks, then of rooms; forums and
    whatever else belongs to no track come after those that do.
    """
    whole = select(Slot).outerjoin(Slot.track).outerjoin(Slot.room)
    places = Track.position.nulls_last(), Room.position.nulls_last()
    return whole.order_by(Slot.starts_at, *places, Slot.id)


def sessions() -> Select[Slot]:
    """What people choose when they register: spotlight sessions and forums, not matching rounds."""
    return slots().where(Slot.kind.in_(CHOSEN_KINDS))


def checkpoints() -> Select[Checkpoint]:
    """Gates first, then the doors of sessions in order of time."""
    return select(Checkpoint).order_by(Checkpoint.slot_id.is_not(None), Checkpoint.position)
