"""Putting the people of a file down: a portion at a time, so that others can write in between."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee, put_down
from event.base import begin_writing
from event.delegations import Delegation, announce
from event.imports.preview import Preview, compared
from event.imports.record import Import
from event.imports.rows import IGNORED, REFUSED, REPEATED, TAKEN, Row
from event.imports.sameness import already_down
from event.programme import Event
from event.waiting import hold_queues

PORTION = 50
"""People in one transaction: whoever registers or scans meanwhile waits for no more than these."""

Progress = Callable[[int, int], None]
"""Told after each portion: how many are done, and out of how many."""


@dataclass(frozen=True)
class Run:
    """How an import goes: `press` (22 characters) names the confirmation that it carries out.

    Stopped half-way and called again with the same name, it goes on with the rows that are left.
    """

    press: str = ""
    progress: Progress = lambda _done, _of: None

    def nonce(self, row: Row) -> str | None:
        """What makes a row of this confirmation one person, however often it is tried."""
        return f"{self.press}:{row.number}" if self.press else None


ALONE = Run()
"""Nobody asks how far it is, and a second call is another import."""


@dataclass(frozen=True)
class _Confirmed:
    party: str
    also: frozenset[int]
    at: datetime
    by: str
    run: Run


def take(
    session: Session,
    preview: Preview,
    *,
    party: str = "",
    also: Collection[int] = (),
    at: datetime,
    by: str,
    run: Run = ALONE,
) -> Import:
    """Put down every row that is taken, in the delegation of that name; raises its `NoName`.

    `also` are numbers of repeated rows that the organiser says are other people. Each portion is
    compared once more in its own transaction, so that the same file sent twice at once adds nobody
    twice.
    """
    confirmed = _Confirmed(party, frozenset(also), at, by, run)
    down = _down_already(session, run.press)
    rows = [row for row in _settled(session, preview, confirmed.also) if row.number not in down]
    return _carry_out(session, preview, rows, down, confirmed)


def _carry_out(
    session: Session,
    preview: Preview,
    rows: list[Row],
    down: Mapping[int, int],
    confirmed: _Confirmed,
) -> Import:
    first, *others = _portions([row for row in rows if row.status == TAKEN])
    with _turn(session):
        record = _record(session, preview, rows, down, confirmed)
        _put_down_all(session, first, record, confirmed)
    done, left = len(down) + len(first), sum(map(len, others))
    for portion in others:
        confirmed.run.progress(done, done + left)
        with _turn(session):
            _put_down_all(session, portion, record, confirmed)
        done, left = done + len(portion), left - len(portion)
    return record


def _portions(rows: list[Row]) -> list[list[Row]]:
    """At least one, even of nobody."""
    starts = range(0, max(len(rows), 1), PORTION)
    return [rows[start : start + PORTION] for start in starts]


def _down_already(session: Session, press: str) -> dict[int, int]:
    """Rows that an earlier try of this confirmation put down: number of the row, and the import."""
    if not press:
        return {}
    tried = Attendee.nonce.startswith(f"{press}:", autoescape=True)
    rows = session.execute(select(Attendee.nonce, Attendee.import_id).where(tried))
    return {int(str(nonce).rpartition(":")[2]): import_id or 0 for nonce, import_id in rows}


def _settled(session: Session, preview: Preview, also: Collection[int]) -> list[Row]:
    """The rows as they stand now."""
    anew = tuple(
        replace(row, status=TAKEN) if row.status == REPEATED else row for row in preview.rows
    )
    return [
        replace(row, status=TAKEN) if row.status == REPEATED and row.number in also else row
        for row in compared(session, anew)
    ]


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """One portion at a time, all of it or nothing; the event's row is the lock for many writers."""
    begin_writing(session)
    try:
        hold_queues(session)
        session.execute(select(Event.id).with_for_update())
        yield
        session.commit()
    except Exception:
        session.rollback()
        raise


def _record(
    session: Session,
    preview: Preview,
    rows: list[Row],
    down: Mapping[int, int],
    confirmed: _Confirmed,
) -> Import:
    """The import that was begun, or a new one: it comes with its first people, or not at all."""
    if down:
        record = session.get_one(Import, next(iter(down.values())))
    else:
        record = _new_record(session, preview, confirmed)
        record.refused, record.ignored = _count(rows, REFUSED), _count(rows, IGNORED)
    record.repeated = _count(rows, REPEATED)
    return record


def _count(rows: list[Row], status: str) -> int:
    return sum(row.status == status for row in rows)


def _new_record(session: Session, preview: Preview, confirmed: _Confirmed) -> Import:
    party = _delegation(session, preview, confirmed)
    record = Import(
        file_name=preview.file_name[-200:],
        digest=preview.digest,
        sheet=preview.sheet.name[:100],
        party_id=party.id if party else None,
        at=confirmed.at,
        by=confirmed.by,
    )
    session.add(record)
    session.flush()
    return record


def _delegation(session: Session, preview: Preview, confirmed: _Confirmed) -> Delegation | None:
    if not confirmed.party:
        return None
    delegation = announce(session, confirmed.party, at=confirmed.at, by=confirmed.by)
    if delegation.expected is None:
        delegation.expected = preview.announced
    return delegation


def _put_down_all(
    session: Session, portion: list[Row], record: Import, confirmed: _Confirmed
) -> None:
    """Those of a portion whom nobody else has put down by now."""
    names = [row.values["name"] for row in portion]
    known = already_down(session, names, apart_from=record.id)
    new = [row for row in portion if row.number in confirmed.also or not known.find(row.identity)]
    numbers = {
        row.number: put_down(
            session,
            row.registration,
            at=confirmed.at,
            by=confirmed.by,
            nonce=confirmed.run.nonce(row),
            party_id=record.party_id,
            import_id=record.id,
        )
        for row in new
    }
    _set_head(session, [numbers[row.number] for row in new if row.heads_party], record)
    record.taken += len(new)
    record.mended += sum(bool(row.mends) for row in new)
    record.repeated += len(portion) - len(new)


def _set_head(session: Session, heads: list[int], record: Import) -> None:
    """The first who is called head, unless the delegation has one already."""
    if not heads or record.party_id is None:
        return
    known = select(Attendee.id).where(Attendee.party_id == record.party_id, Attendee.heads_party)
    if session.scalar(known.limit(1)) is None:
        head = Attendee.id == heads[0]
        session.execute(update(Attendee).where(head).values(heads_party=True))
