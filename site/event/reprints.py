"""Who needs a new badge, and why: never printed, or it shows something else by now."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select, tuple_
from sqlalchemy.orm import Session, aliased

from event.attendees import Attendee
from event.looks import BITS, TRACKS, Looks, bit, gone, looks_now, stale
from event.printing import BATCH, OF_A_PERSON, ON_A_BADGE, Mark, Printed, PrintRun

NEW, SAME = "new", "same"
OF_ALL = ("event", "logo")
"""What stands on every badge."""
REASONS = (
    *(NEW, "revision", "name", "degree", "organisation", "position", "category_id", "language"),
    *("tracks", "category", "track", *OF_ALL, SAME),
)
"""Columns that changed; or how a category, a track or the event is written."""


def to_print_anew(query: Select[Attendee]) -> Select[Attendee]:
    """Narrow to people who were never printed, or whose badge shows something else by now."""
    of_a_person = (getattr(Printed, name) == getattr(Attendee, name) for name in OF_A_PERSON)
    in_hand = (
        exists()
        .where(Printed.attendee_id == Attendee.id, Printed.run_id == _newest())
        .where(*of_a_person, PrintRun.id == Printed.run_id)
        .where(Printed.tracks == TRACKS, *_still_written_so())
        .correlate(Attendee)
    )
    return query.where(~in_hand)


def _newest() -> ColumnElement[int]:
    """The last run in which a person was printed."""
    last = aliased(Printed)
    newest = select(func.max(last.run_id)).where(last.attendee_id == Attendee.id)
    return newest.correlate(Attendee).scalar_subquery()


def _still_written_so() -> Iterator[ColumnElement[bool]]:
    """What badges share. The database makes each list of what is stale once, not for each person;
    single tracks are only looked at where one of them is.
    """
    run, person = PrintRun.edition, Attendee.language
    old = stale()
    categories = select(old.c.edition, old.c.language, old.c.number)
    others = select(old.c.edition, old.c.language)
    yield not_(
        tuple_(run, person, Attendee.category_id).in_(categories.where(old.c.kind == "category"))
    )
    yield not_(tuple_(run, person).in_(others.where(old.c.kind.in_(OF_ALL))))
    track = (
        exists()
        .where(old.c.kind == "track", old.c.edition == run, old.c.language == person)
        .where(Printed.tracks.bitwise_and(bit(old.c.number)) != 0)
        .correlate(Attendee, Printed, PrintRun)
    )
    yield not_(and_(tuple_(run, person).in_(others.where(old.c.kind == "track")), track))


@dataclass(frozen=True)
class Reprint:
    """Somebody who gets a badge, and the `REASONS` for it."""

    number: int
    name: str
    reasons: tuple[str, ...]


def reprints(session: Session, query: Select[Attendee]) -> Iterator[Reprint]:
    """Why each of these people would be printed, in the order of the query."""
    now = [Attendee.id, *(getattr(Attendee, name) for name in OF_A_PERSON), TRACKS]
    before = [PrintRun.edition, *(getattr(Printed, name) for name in ON_A_BADGE)]
    last = and_(Printed.attendee_id == Attendee.id, Printed.run_id == _newest())
    asked = (
        query.outerjoin(Printed, last)
        .outerjoin(PrintRun, PrintRun.id == Printed.run_id)
        .with_only_columns(*now, *before, maintain_column_froms=True)
    )
    written = _Written(session, looks_now(session))
    for number, *rest in session.execute(asked):
        shown, stood = rest[: len(ON_A_BADGE)], rest[len(ON_A_BADGE) :]
        yield Reprint(number, shown[1], written.why(shown, stood))


def tally(session: Session, marks: Sequence[Mark], looks: Looks) -> dict[str, int]:
    """How many of these badges are printed for which reason, if they are printed now."""
    written, found = _Written(session, looks), Counter[str]()
    for start in range(0, len(marks), BATCH):
        some = marks[start : start + BATCH]
        before = _before(session, [mark[0] for mark in some])
        for number, *shown in some:
            found.update(written.why(shown, before.get(number, (None,))))
    return {reason: found[reason] for reason in REASONS if found[reason]}


def _before(session: Session, numbers: Iterable[int]) -> dict[int, Sequence[Any]]:
    """What stood on the last badge of each, after the edition."""
    columns = (getattr(Printed, name) for name in ON_A_BADGE)
    query = (
        select(Attendee.id, PrintRun.edition, *columns)
        .select_from(Attendee)
        .join(Printed, and_(Printed.attendee_id == Attendee.id, Printed.run_id == _newest()))
        .join(PrintRun, PrintRun.id == Printed.run_id)
        .where(Attendee.id.in_(numbers))
    )
    return {number: stood for number, *stood in session.execute(query)}


class _Written:
    """What is written otherwise by now, read once."""

    def __init__(self, session: Session, looks: Looks) -> None:
        self._stale = gone(session, looks)
        self._tracks = [old for old in self._stale if old[1] == "track"]

    def why(self, shown: Sequence[Any], stood: Sequence[Any]) -> tuple[str, ...]:
        """`shown` is in the order of `ON_A_BADGE`, and so is `stood` after its edition."""
        edition, *before = stood
        if edition is None:
            return (NEW,)
        pairs = zip(ON_A_BADGE, shown, before, strict=True)
        changed = [name for name, now, then in pairs if now != then]
        changed += self._looks(edition, dict(zip(ON_A_BADGE, shown, strict=True)))
        return tuple(changed) or (SAME,)

    def _looks(self, edition: str, shown: dict[str, Any]) -> Iterator[str]:
        language, tracks = shown["language"], shown["tracks"]
        if (edition, "category", shown["category_id"], language) in self._stale:
            yield "category"
        if any(
            (of, said) == (edition, language) and tracks >> number % BITS & 1
            for of, _, number, said in self._tracks
        ):
            yield "track"
        yield from (kind for kind in OF_ALL if (edition, kind, 0, language) in self._stale)
