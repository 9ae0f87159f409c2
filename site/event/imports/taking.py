"""Putting the people of a file down: all good rows in one transaction, under one import."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, draft, follow_up
from event.base import begin_writing
from event.delegations import Delegation, announce
from event.imports.preview import Preview, compared
from event.imports.record import Import
from event.imports.rows import IGNORED, REFUSED, REPEATED, TAKEN, Row
from event.programme import Event


def take(
    session: Session,
    preview: Preview,
    *,
    party: str = "",
    also: Collection[int] = (),
    at: datetime,
    by: str,
) -> Import:
    """Put down every row that is taken, in the delegation of that name; raises its `NoName`.

    `also` are numbers of repeated rows that the organiser says are other people. All are compared
    again first, so that the same file sent twice at once adds nobody twice.
    """
    _take_turn(session)
    try:
        delegation = _delegation(session, preview, party, at=at, by=by) if party else None
        rows = _settled(session, preview, also)
        record = _record(preview, rows, delegation, at=at, by=by)
        _put_down_all(session, [row for row in rows if row.status == TAKEN], record)
        session.commit()
    except Exception:
        session.rollback()
        raise
    return record


def _take_turn(session: Session) -> None:
    """One import at a time: where many can write, the event's row is the lock, held to the end."""
    begin_writing(session)
    session.execute(select(Event.id).with_for_update())


def _delegation(
    session: Session, preview: Preview, name: str, *, at: datetime, by: str
) -> Delegation:
    delegation = announce(session, name, at=at, by=by)
    if delegation.expected is None:
        delegation.expected = preview.announced
    return delegation


def _settled(session: Session, preview: Preview, also: Collection[int]) -> list[Row]:
    """The rows as they stand now, inside the transaction."""
    anew = tuple(
        replace(row, status=TAKEN) if row.status == REPEATED else row for row in preview.rows
    )
    return [
        replace(row, status=TAKEN) if row.status == REPEATED and row.number in also else row
        for row in compared(session, anew)
    ]


def _record(
    preview: Preview, rows: list[Row], party: Delegation | None, *, at: datetime, by: str
) -> Import:
    def count(status: str) -> int:
        return sum(row.status == status for row in rows)

    return Import(
        file_name=preview.file_name[-200:],
        digest=preview.digest,
        sheet=preview.sheet.name[:100],
        party_id=party.id if party else None,
        at=at,
        by=by,
        taken=count(TAKEN),
        mended=sum(row.status == TAKEN and bool(row.mends) for row in rows),
        repeated=count(REPEATED),
        refused=count(REFUSED),
        ignored=count(IGNORED),
    )


def _put_down_all(session: Session, rows: list[Row], record: Import) -> None:
    """As `put_down` does, but written in one go."""
    session.add(record)
    session.flush()
    with session.no_autoflush:
        attendees = [
            draft(
                session,
                row.registration,
                at=record.at,
                by=record.by,
                party_id=record.party_id,
                import_id=record.id,
            )
            for row in rows
        ]
    session.add_all(attendees)
    session.flush()
    for attendee, row in zip(attendees, rows, strict=True):
        follow_up(session, attendee, row.registration, at=record.at, by=record.by)
    _set_head(session, attendees, rows, record)


def _set_head(session: Session, attendees: list[Attendee], rows: list[Row], record: Import) -> None:
    """The first who is called head, unless the delegation has one already."""
    heads = (each for each, row in zip(attendees, rows, strict=True) if row.heads_party)
    head = next(heads, None)
    if head is None or record.party_id is None:
        return
    known = select(Attendee.id).where(Attendee.party_id == record.party_id, Attendee.heads_party)
    if session.scalar(known.limit(1)) is None:
        head.heads_party = True
