"""Entries that should not both have been let in: found whichever of them we hear of last."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    Connection,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from event.badges import FIRST_BLANK
from event.base import Base, Moment
from event.blanks import Blank
from event.passages import TOGETHER
from event.programme import Checkpoint, Event, Slot
from event.recounting import BEARER
from event.scans import ADMITTING, Scan

AFRESH = {"in", "extra"}
"""Let in as somebody who was not there yet."""


class Review(Base):
    """Two entries, the earlier one `first`, or a single one that a device decided by itself.

    A single one is not shown as long as a pair with it stands (`judging.waiting`).

    `kind`: two_gates or two_devices (at one gate), within a minute; twice, where people may come in
    once; objection, where the server would have refused.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        Index(
            "uq_reviews_single", "first_id", unique=True,
            sqlite_where=text("second_id IS NULL"), postgresql_where=text("second_id IS NULL"),
        ),
        Index("ix_reviews_settled", "settled_at", "id"),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    first_id: Mapped[int] = mapped_column(ForeignKey("scans.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"))
    found_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(8), default="")
    first: Mapped[Scan] = relationship(foreign_keys=[first_id], lazy="raise")
    second: Mapped[Scan | None] = relationship(foreign_keys=[second_id], lazy="raise")

    @property
    def scans(self) -> list[Scan]:
        """One or two, in order of time."""
        return [self.first, self.second] if self.second else [self.first]


class _Entry(NamedTuple):
    """Somebody was let in; `bearer` as in `event.doors.enter`, by whom the badge belongs to now."""

    id: int
    bearer: int
    checkpoint: int
    at: datetime
    device: str
    verdict: str
    provisional: bool
    objected: bool


class _Place(NamedTuple):
    """Where it was: gates of one area are one `place`; `once` is how often it takes a badge."""

    gate: bool
    place: tuple[int, str]
    once: str  # "ever", in a "day", or ""


def look_through(connection: Connection, scan_ids: Sequence[int], *, at: datetime) -> None:
    """Find what these scans should not have been let in beside; does not commit.

    Part of the transaction that wrote them, in which their people are held: then whichever of two
    uploads ends last sees both entries. The same scans again change nothing.
    """
    fresh = _entries(connection, _FRESH, ids=scan_ids) if scan_ids else []
    if not fresh:
        return
    beside = _beside(connection, {entry.bearer for entry in fresh})
    doubles = _doubles(connection, fresh, beside)
    singles = [("objection", entry.id, None) for entry in fresh if entry.objected]
    rows = [{"kind": k, "first_id": f, "second_id": s, "found_at": at}
            for k, f, s in (*doubles, *singles)]  # fmt: skip
    if rows:
        connection.execute(_ADD[connection.dialect.name], rows)


_ADD = {
    "sqlite": sqlite.insert(Review).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Review).on_conflict_do_nothing(),
}


_UNDO = aliased(Scan)
_ENTRIES = (
    select(
        Scan.id, BEARER, Scan.checkpoint_id, Scan.scanned_at, Scan.device, Scan.verdict,
        Scan.provisional, Scan.provisional & (Scan.objection != ""),
    )
    .outerjoin(Blank, Blank.id == Scan.blank_id)
    .where(Scan.verdict.in_(ADMITTING), Scan.direction == "in", BEARER.is_not(None))
    .where(~exists().where(_UNDO.undoes_id == Scan.id))
)  # fmt: skip
"""Those that count: taken back they do not, and going out is no entry."""


def _listed(name: str) -> BindParameter[Sequence[int]]:
    return bindparam(name, expanding=True)


_FRESH = _ENTRIES.where(Scan.id.in_(_listed("ids")))
_BOUND = select(Blank.id).where(Blank.attendee_id.in_(_listed("people")))
_THEIRS = or_(Scan.attendee_id.in_(_listed("people")), Scan.blank_id.in_(_BOUND))
_BESIDE = _ENTRIES.where(_THEIRS)
_BESIDE_BLANKS = _ENTRIES.where(or_(_THEIRS, Scan.blank_id.in_(_listed("blanks"))))
"""Of one's own badge, and of blanks that belong to somebody by now; and of nobody's blanks."""


def _entries(
    connection: Connection, statement: Select[*tuple[Any, ...]], **numbers: Sequence[int]
) -> list[_Entry]:
    return [_Entry(*row) for row in connection.execute(statement, numbers)]


def _beside(connection: Connection, bearers: Iterable[int]) -> list[_Entry]:
    people = [bearer for bearer in bearers if bearer < FIRST_BLANK]
    blanks = [bearer - FIRST_BLANK for bearer in bearers if bearer >= FIRST_BLANK]
    if not blanks:
        return _entries(connection, _BESIDE, people=people)
    return _entries(connection, _BESIDE_BLANKS, people=people, blanks=blanks)


def _doubles(
    connection: Connection, fresh: Sequence[_Entry], beside: Sequence[_Entry]
) -> list[tuple[str, int, int]]:
    """Kind and both scans of each pair, in order of time."""
    pairs = _pairs(fresh, beside)
    if not pairs:
        return []
    places, zone = _places(connection), _zone(connection)
    kinds = [_kind(one, other, places, zone) for one, other in pairs]
    return [(k, one.id, other.id) for k, (one, other) in zip(kinds, pairs, strict=True) if k]


def _pairs(fresh: Iterable[_Entry], beside: Iterable[_Entry]) -> list[tuple[_Entry, _Entry]]:
    """Each with what its bearer did elsewhere or on another device; the earlier one first."""
    of_bearer: dict[int, list[_Entry]] = {}
    for entry in beside:
        of_bearer.setdefault(entry.bearer, []).append(entry)
    pairs = {
        (one, other) if (one.at, one.id) < (other.at, other.id) else (other, one)
        for one in fresh
        for other in of_bearer[one.bearer]
        if (one.checkpoint, one.device) != (other.checkpoint, other.device)
    }
    return sorted(pairs, key=lambda pair: (pair[0].at, pair[0].id, pair[1].id))


_PLACES = select(
    Checkpoint.id, Checkpoint.slot_id, Checkpoint.area, Slot.capacity,
    func.coalesce(Slot.entry, Checkpoint.entry),
).outerjoin(Slot, Slot.id == Checkpoint.slot_id)  # fmt: skip


def _places(connection: Connection) -> dict[int, _Place]:
    return {
        number: _Place(
            slot is None,
            (0, area) if slot is None else (number, ""),
            _ONCE.get(entry, "" if seats is None else "day"),
        )
        for number, slot, area, seats, entry in connection.execute(_PLACES)
    }


_ONCE = {"once": "ever", "daily": "day"}


def _zone(connection: Connection) -> ZoneInfo:
    return ZoneInfo(connection.scalars(select(Event.zone)).one())


def _kind(one: _Entry, other: _Entry, places: Mapping[int, _Place], zone: ZoneInfo) -> str:
    """Why both should not have been let in, or "" where it is ordinary."""
    here, there = places[one.checkpoint], places[other.checkpoint]
    together = here.gate and there.gate and other.at - one.at <= TOGETHER
    if together and one.checkpoint != other.checkpoint:
        return "two_gates"
    if here.place == there.place and _twice(one, other, {here.once, there.once}, zone):
        return "twice"
    return "two_devices" if together else ""


def _twice(one: _Entry, other: _Entry, once: Collection[str], zone: ZoneInfo) -> bool:
    """Both came in afresh where people do so once; no device alone can have seen that."""
    if one.device == other.device or not (one.provisional or other.provisional):
        return False
    if not {one.verdict, other.verdict} <= AFRESH:
        return False
    days = {moment.astimezone(zone).date() for moment in (one.at, other.at)}
    return "ever" in once or ("day" in once and len(days) == 1)
