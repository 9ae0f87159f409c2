"""How many come in at each gate: in all today, and minute by minute until now."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import CTE, Integer, Select, column, func, select, values
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from event.base import Moment
from event.headcounts import Headcount
from event.programme import Checkpoint, Event
from event.scans import ADMITTING, BlankPresence, Presence, Scan, day_of

MINUTES = 30
"""How many minutes are counted, the one that runs now among them."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Gate:
    """One gate: `people` and nameless `blanks` let in today, `counted` guests without a badge.

    `minutes` holds the entries of each of the last `MINUTES` minutes, the present one at the end.
    """

    place: Checkpoint
    people: int
    blanks: int
    counted: int
    minutes: tuple[int, ...]

    @cached_property
    def lately(self) -> int:
        """Entries in all these minutes."""
        return sum(self.minutes)


@dataclass(frozen=True)
class Flow:
    """All gates, and the starts of the minutes that they are counted by."""

    gates: list[Gate]
    starts: list[datetime]

    @property
    def anybody(self) -> bool:
        """Whether anybody came today."""
        return any(g.people or g.blanks or g.counted or g.lately for g in self.gates)


def flow_now(session: Session, event: Event, *, at: datetime) -> Flow:
    """In six queries, whatever the size of the log."""
    today, starts = day_of(event, at), starts_until(at)
    people = dict(session.execute(_passed(Presence, today)).all())
    blanks = dict(session.execute(_passed(BlankPresence, today)).all())
    counted = dict(session.execute(_counted(today)).all())
    entries = Counter({(gate, n): many for gate, n, many in session.execute(_entries(starts))})
    for gate, moment in session.execute(_taken_back(starts[0])):
        entries[gate, int((moment - starts[0]) / MINUTE)] -= 1
    places = session.scalars(gates().order_by(Checkpoint.position)).all()
    return Flow([
        Gate(
            place, people.get(place.id, 0), blanks.get(place.id, 0), counted.get(place.id, 0),
            tuple(entries[place.id, n] for n in range(MINUTES)),
        )
        for place in places
    ], starts)  # fmt: skip


def gates() -> Select[Checkpoint]:
    """Without the doors of sessions."""
    return select(Checkpoint).where(Checkpoint.kind == "gate")


def starts_until(at: datetime) -> list[datetime]:
    """Whole minutes, the one that runs now last."""
    now = at.replace(second=0, microsecond=0)
    return [now - MINUTE * back for back in reversed(range(MINUTES))]


def _passed(table: type[Presence | BlankPresence], today: date) -> Select[int, int]:
    """Asked gate by gate, so that each count reads one stretch of the index."""
    mine = table.checkpoint_id == Checkpoint.id
    many = select(func.count()).where(mine, table.day == today).correlate(Checkpoint)
    return gates().with_only_columns(Checkpoint.id, many.scalar_subquery())


def _counted(today: date) -> Select[int, int]:
    place: InstrumentedAttribute[int] = Headcount.checkpoint_id
    return select(place, func.sum(Headcount.people)).where(Headcount.day == today).group_by(place)


def _entries(starts: list[datetime]) -> Select[int, int, int]:
    """Gate, number of the minute, and how many were let in: each a stretch of the index too."""
    minutes = _table(starts)
    mine = Scan.checkpoint_id == Checkpoint.id, Scan.verdict.in_(ADMITTING)
    within = Scan.scanned_at >= minutes.c.since, Scan.scanned_at < minutes.c.until
    many = select(func.count()).where(*mine, *within).correlate(Checkpoint, minutes)
    wanted = gates().with_only_columns(Checkpoint.id, minutes.c.n, many.scalar_subquery())
    return wanted.join(minutes, minutes.c.n >= 0)


def _table(starts: list[datetime]) -> CTE:
    columns = column("n", Integer), column("since", Moment), column("until", Moment)
    rows = [(n, start, start + MINUTE) for n, start in enumerate(starts)]
    return values(*columns, name="minutes").data(rows).cte()


def _taken_back(since: datetime) -> Select[int, datetime]:
    """Gate and time of the entries that do not count; nobody takes one back before it happened."""
    undo = aliased(Scan)
    return (
        select(Scan.checkpoint_id, Scan.scanned_at)
        .join(undo, undo.undoes_id == Scan.id)
        .where(
            undo.checkpoint_id.in_(gates().with_only_columns(Checkpoint.id)),
            undo.verdict == "undone", undo.scanned_at >= since, Scan.scanned_at >= since,
        )
    )  # fmt: skip
