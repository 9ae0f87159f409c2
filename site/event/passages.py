"""Who went through which door: one row for a bearer, a place and a day, first time and last time.

A bearer is a number as badges carry it: an attendee's, or from `FIRST_BLANK` on a blank's that
belongs to nobody yet. Scans may arrive in any order; who is inside follows from their times.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Connection,
    Row,
    Update,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from event.badges import FIRST_BLANK
from event.places import Door, same_place
from event.prepared import Prepared
from event.programme import Checkpoint
from event.scans import BlankPresence, Presence, Scan, is_of, undone
from event.words import Words

Passage = Row[int, int, date, datetime, datetime, bool, bool, str, str, Words]
Passages = Sequence[Passage]

TOGETHER = timedelta(minutes=1)
"""Nobody passes two gates within this time."""


@dataclass(frozen=True)
class First:
    """When and where somebody was first let in."""

    at: datetime
    place: Words


@dataclass(frozen=True)
class Ledger:
    """Where doors write down whom they let in. `column` holds the number of the bearer."""

    column: str
    ever: Prepared[int, int, date, datetime, datetime, bool, bool, str, str, Words]
    today: Prepared[int, int, date, datetime, datetime, bool, bool, str, str, Words]
    count_in: Prepared[int]
    count_again: Update
    count_out: Update


def _ledger(table: type[Presence | BlankPresence], holder: InstrumentedAttribute[int]) -> Ledger:
    here = table.id == bindparam("presence")
    ever = (
        select(
            table.id, table.checkpoint_id, table.day, table.first_at, table.last_at,
            table.registered, table.inside, Checkpoint.kind, Checkpoint.area, Checkpoint.name,
        )
        .join(Checkpoint, Checkpoint.id == table.checkpoint_id)
        .where(holder == bindparam("bearer"))
    )  # fmt: skip
    return Ledger(
        column=holder.key,
        ever=Prepared(ever),
        today=Prepared(ever.where(table.day == bindparam("day"))),
        count_in=Prepared(insert(table).returning(table.id)),
        count_again=update(table).where(here).values(_once_more(table)),
        count_out=update(table).where(here).values(inside=False),
    )


def _once_more(table: type[Presence | BlankPresence]) -> dict[str, Any]:
    moment = bindparam("moment", type_=table.first_at.type)
    return {
        "entries": table.entries + 1,
        "first_at": case((table.first_at > moment, moment), else_=table.first_at),
        "last_at": case((table.last_at < moment, moment), else_=table.last_at),
        "inside": bindparam("is_inside"),
    }


_PEOPLE = _ledger(Presence, Presence.attendee_id)
_BLANKS = _ledger(BlankPresence, BlankPresence.blank_id)


def ledger_of(bearer: int) -> Ledger:
    """People have one, blank badges that belong to nobody yet another."""
    return _PEOPLE if bearer < FIRST_BLANK else _BLANKS


def passages_of(connection: Connection, bearer: int, day: date | None) -> Passages:
    """All the places that let somebody in on a day, or on any day."""
    ledger, number = ledger_of(bearer), bearer % FIRST_BLANK
    if day is None:
        return ledger.ever(connection, bearer=number)
    return ledger.today(connection, bearer=number, day=day)


def through(rows: Iterable[Passage], door: Door) -> list[Passage]:
    """Those that led to where this door leads: by any gate of its area, or into this session."""
    if door.gate:
        return [row for row in rows if row.kind == "gate" and row.area == door.area]
    return [row for row in rows if row.checkpoint_id == door.id]


def a_moment_ago(rows: Iterable[Passage], moment: datetime) -> bool:
    """Whether they came in by any gate so near to this moment, in either direction."""
    return any(
        row.kind == "gate" and row.first_at - TOGETHER <= moment <= row.last_at + TOGETHER
        for row in rows
    )


def first_of(rows: Sequence[Passage]) -> First | None:
    """The earliest of them."""
    if not rows:
        return None
    earliest = min(rows, key=lambda row: row.first_at)
    return First(earliest.first_at, earliest.name)


def write_passage(
    connection: Connection,
    bearer: int,
    door: Door,
    day: date,
    moment: datetime,
    *,
    kind: str,
    direction: str = "in",
) -> None:
    """Count a bearer in or out without asking the rule; does not commit.

    `kind` is what they were told: "extra" has no seat of their own, "out" is a way out.
    """
    rows = through(passages_of(connection, bearer, day), door)
    Passing(bearer, door, day, moment).write(connection, rows, kind=kind, direction=direction)


@dataclass(frozen=True)
class Passing:
    """One bearer on their way through a door."""

    bearer: int
    door: Door
    day: date
    moment: datetime

    def write(
        self, connection: Connection, rows: Sequence[Passage], *, kind: str, direction: str
    ) -> None:
        """`rows` are the bearer's of that day that led to the same place."""
        if "out" in (kind, direction):
            left = (row for row in rows if row.inside and row.last_at <= self.moment)
            return self._count_out(connection, left)
        latest = all(row.last_at <= self.moment for row in rows)
        inside = latest and not self._left_later(connection)
        if inside:
            elsewhere = (row for row in rows if row.inside and row.checkpoint_id != self.door.id)
            self._count_out(connection, elsewhere)
        return self._count_in(connection, rows, registered=self._seated(kind), inside=inside)

    def _seated(self, kind: str) -> bool:
        """At a gate there are no seats to lack."""
        return self.door.gate or kind != "extra"

    def _count_in(
        self, connection: Connection, rows: Iterable[Passage], *, registered: bool, inside: bool
    ) -> None:
        ledger = ledger_of(self.bearer)
        here = next((row for row in rows if row.checkpoint_id == self.door.id), None)
        if here is not None:
            again = {"presence": here.id, "moment": self.moment}
            again["is_inside"] = inside or here.inside
            connection.execute(ledger.count_again, again)
            return
        place = {ledger.column: self.bearer % FIRST_BLANK, "checkpoint_id": self.door.id}
        when = {"day": self.day, "first_at": self.moment, "last_at": self.moment}
        ledger.count_in(
            connection, **place, **when, entries=1, registered=registered, inside=inside
        )

    def _count_out(self, connection: Connection, rows: Iterable[Passage]) -> None:
        for row in rows:
            connection.execute(ledger_of(self.bearer).count_out, {"presence": row.id})

    def _left_later(self, connection: Connection) -> bool:
        """Whether the log knows a later way out of that day: this scan arrived after it."""
        if not self.door.counts_out:
            return False
        ends = datetime.combine(self.day + timedelta(days=1), time(), ZoneInfo(self.door.zone))
        number = self.bearer % FIRST_BLANK
        mine = is_of(number) if self.bearer < FIRST_BLANK else Scan.blank_id == number
        outs = select(func.count()).where(
            mine,
            Scan.verdict == "out",
            Scan.scanned_at > self.moment,
            Scan.scanned_at < ends,
            Scan.checkpoint_id.in_(same_place(self.door)),
            Scan.id.not_in(undone()),
        )
        return bool(connection.scalar(outs))
