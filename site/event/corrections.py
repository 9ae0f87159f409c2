"""Putting right what the door did: undoing a scan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.devices import Scanner
from event.programme import Event
from event.recounting import bearer_of, recount
from event.scans import PASSING, Scan, recent, undone
from event.staff import Account, Staff

WHILE_FRESH = timedelta(minutes=10)
"""How long the desk may take back its own last scan; later a supervisor does."""


Person = Staff | Account | Scanner


class UnknownScan(LookupError):
    """The scan to undo is not in the log."""


class NothingToUndo(ValueError):
    """The scan let nobody in or out."""


class MayNotUndo(PermissionError):
    """Not the last scan of this device, or too long ago, for somebody who is no supervisor."""


@dataclass(frozen=True)
class Undo:
    """A wish to take a scan back; `nonce` is the undo's own, `reason` words or a key."""

    scan_id: int
    device: str
    nonce: str
    reason: str


def undo(session: Session, event: Event, wish: Undo, person: Person, *, at: datetime) -> Scan:
    """Take a scan back by a row of its own and correct who is present; a repeat changes nothing.

    Raises `UnknownScan`, `NothingToUndo`, `MayNotUndo`.
    """
    begin_writing(session)
    try:
        row = _undo(session, event, wish, person, at)
        session.commit()
    except IntegrityError:  # two pressed at once, on PostgreSQL
        session.rollback()
        return session.scalars(select(Scan).where(Scan.undoes_id == wish.scan_id)).one()
    except BaseException:
        session.rollback()
        raise
    return row


def undo_tap(session: Session, event: Event, wish: Undo, person: Person, *, at: datetime) -> int:
    """Take back all who were let in by one press together with this scan; gives how many.

    Raises what `undo` raises; then nothing is taken back.
    """
    begin_writing(session)
    try:
        tap = _tap(session, wish.scan_id)
        if not all(may_undo(session, scan, person, wish.device, at=at) for scan in tap[-1:]):
            raise MayNotUndo(wish.scan_id)
        for scan in tap:
            session.add(_row(scan, replace(wish, nonce=f"{wish.nonce}-{scan.id}"), person, at))
        session.flush()
        for bearer in sorted({bearer_of(session, scan) or 0 for scan in tap} - {0}):
            recount(session, event, bearer)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return len(tap)


def _tap(session: Session, number: int) -> Sequence[Scan]:
    """What one press let in and still stands, the last at the end, held to us."""
    scan = session.get(Scan, number)
    if scan is None:
        raise UnknownScan(number)
    if scan.because_id is None:
        raise NothingToUndo(number)
    return session.scalars(
        select(Scan)
        .where(Scan.because_id == scan.because_id, Scan.device == scan.device)
        .where(Scan.received_at == scan.received_at, Scan.undoes_id.is_(None))
        .where(Scan.verdict.in_(PASSING), Scan.id.not_in(undone()))
        .order_by(Scan.id)
        .with_for_update()
    ).all()


def _undo(session: Session, event: Event, wish: Undo, person: Person, at: datetime) -> Scan:
    scan = session.get(Scan, wish.scan_id)
    if scan is None:
        raise UnknownScan(wish.scan_id)
    if scan.verdict not in PASSING:
        raise NothingToUndo(wish.scan_id)
    earlier = session.scalar(select(Scan).where(Scan.undoes_id == scan.id))
    if earlier is not None:
        return earlier
    if not may_undo(session, scan, person, wish.device, at=at):
        raise MayNotUndo(wish.scan_id)
    row = _row(scan, wish, person, at)
    session.add(row)
    session.flush()
    bearer = bearer_of(session, scan)
    if bearer is not None:
        recount(session, event, bearer)
    return row


def may_undo(session: Session, scan: Scan, person: Person, device: str, *, at: datetime) -> bool:
    """A supervisor any; the desk the last that its own device let in or out, while it is fresh.

    Those who came in with one head are the last together.
    """
    if person.may("supervisor"):
        return True
    if scan.device != device or at - scan.received_at > WHILE_FRESH:
        return False
    standing = recent(device).where(Scan.verdict.in_(PASSING), Scan.id.not_in(undone()))
    last = session.scalar(standing.limit(1))
    return last is not None and (last.id == scan.id or _together(last, scan))


def _together(one: Scan, other: Scan) -> bool:
    return one.because_id is not None and one.because_id == other.because_id


def _row(scan: Scan, wish: Undo, person: Person, at: datetime) -> Scan:
    return Scan(
        device=wish.device,
        nonce=wish.nonce,
        staff_id=person.id,
        method=scan.method,
        attendee_id=scan.attendee_id,
        blank_id=scan.blank_id,
        checkpoint_id=scan.checkpoint_id,
        direction=scan.direction,
        scanned_at=at,
        received_at=at,
        verdict="undone",
        reason=wish.reason[:200],
        undoes_id=scan.id,
    )
