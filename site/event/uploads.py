"""What a device kept while it could not reach us: taken in together, as the device decided it.

A guest who was let in is in: the log says what they were told, and beside it what speaks against
it. Any part may come twice, late or in another order, and the log is the same in the end.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import FIRST_BLANK, Seal
from event.base import begin_writing
from event.bearers import Claim, look_up
from event.checkin import NonceReused, Scanned, Verdict, claim_of, decide, misread, recall, write
from event.doors import Door, UnknownCheckpoint, objection_to, open_door, write_passage
from event.headcounts import Counted, NonceOfAnother, NothingToTakeBack, take_count
from event.programme import Event
from event.recounting import recount
from event.review import look_through
from event.scans import PASSING, Scan, day_of

MOST = 200
"""Reports in one upload."""
TRIES = 3
AMENDED = "~"
"""After a nonce: what the device decided of a scan that the server had answered otherwise."""


@dataclass(frozen=True)
class Untaken:
    """A report that cannot be taken; `why`: checkpoint, nonce or nothing_to_take_back."""

    why: str


Report = Scanned | Counted
Result = Verdict | Untaken | None
"""What a scan came to; None for people who were counted."""
Beside = Callable[[Sequence[Result]], None]


@dataclass(frozen=True)
class _Kept:
    """One scan of an upload with what can be known of it before anything is written."""

    scanned: Scanned
    claim: Claim
    door: Door


@dataclass(frozen=True)
class _Upload:
    """The upload as the steps need it: `known` nonces are in the log."""

    session: Session
    event: Event
    connection: Connection
    known: set[str]
    at: datetime


def take_in(
    session: Session,
    event: Event,
    reports: Sequence[Report],
    key: Seal,
    *,
    at: datetime,
    beside: Beside = lambda _: None,
) -> list[Result]:
    """Write reports of one device down, all in one transaction; a result for each, in their order.

    `beside` writes what belongs into the same transaction, after the results.
    """
    doors = _doors(session, (report.checkpoint for report in reports))
    read = [_read(event, report, doors, key) for report in reports]
    for _ in range(TRIES - 1):
        try:
            return _take_once(session, event, read, at, beside)
        except (IntegrityError, OperationalError) as error:
            if not _lost_a_race(error):
                raise
    return _take_once(session, event, read, at, beside)


def _take_once(
    session: Session,
    event: Event,
    read: Sequence[_Kept | Counted | Untaken],
    at: datetime,
    beside: Beside,
) -> list[Result]:
    try:
        results = _take_all(session, event, read, at)
        beside(results)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return results


def _lost_a_race(error: DBAPIError) -> bool:
    """The same upload twice at once, or two that waited for each other (PostgreSQL's 40P01)."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", "") == "40P01"


def _doors(session: Session, keys: Iterable[str]) -> dict[str, Door]:
    doors = {}
    for key in set(keys):
        try:
            doors[key] = open_door(session, key)
        except UnknownCheckpoint:
            continue
    return doors


def _read(
    event: Event, report: Report, doors: Mapping[str, Door], key: Seal
) -> _Kept | Counted | Untaken:
    """Signatures are read before anybody waits for the write lock."""
    if report.checkpoint not in doors:
        return Untaken("checkpoint")
    if isinstance(report, Counted):
        return report
    return _Kept(report, claim_of(event, report, key), doors[report.checkpoint])


def _take_all(
    session: Session, event: Event, read: Sequence[_Kept | Counted | Untaken], at: datetime
) -> list[Result]:
    connection = begin_writing(session)
    scans = [each for each in read if isinstance(each, _Kept)]
    _hold(connection, scans)
    upload = _Upload(session, event, connection, _known(connection, scans), at)
    results = [_take(upload, each) for each in read]
    session.flush()
    numbers = [r.scan_id for r in results if isinstance(r, Verdict) and r.scan_id is not None]
    look_through(connection, numbers, at=at)
    return results


def _hold(connection: Connection, scans: Iterable[_Kept]) -> None:
    """Always in one order, so that two uploads on PostgreSQL never wait for each other."""
    people = {kept.claim.bearer for kept in scans if 0 < kept.claim.bearer < FIRST_BLANK}
    held = select(Attendee.id).where(Attendee.id.in_(people)).order_by(Attendee.id)
    connection.execute(held.with_for_update()).all()


def _known(connection: Connection, scans: Sequence[_Kept]) -> set[str]:
    if not scans:
        return set()
    nonces = [kept.scanned.nonce for kept in scans]
    ours = Scan.nonce.in_([*nonces, *(nonce + AMENDED for nonce in nonces)])
    mine = select(Scan.nonce).where(Scan.device == scans[0].scanned.device, ours)
    return set(connection.scalars(mine))


def _take(upload: _Upload, report: _Kept | Counted | Untaken) -> Result:
    if isinstance(report, Untaken):
        return report
    try:
        if isinstance(report, _Kept):
            return _take_scan(upload, report)
        take_count(upload.session, upload.event, report, at=upload.at)
    except (NonceReused, NonceOfAnother):
        return Untaken("nonce")
    except NothingToTakeBack:
        return Untaken("nothing_to_take_back")
    return None


def _take_scan(upload: _Upload, kept: _Kept) -> Verdict:
    scanned, connection = kept.scanned, upload.connection
    if scanned.nonce in upload.known:
        return _again(upload, kept)
    upload.known.add(scanned.nonce)
    if scanned.decided:
        verdict = _as_decided(connection, upload.event, kept)
    else:
        verdict = decide(connection, upload.event, scanned, kept.claim, kept.door)
        verdict = replace(verdict, objection=scanned.objection if verdict.admits else "")
    return write(connection, scanned, verdict, kept.door, upload.at)


def _as_decided(connection: Connection, event: Event, kept: _Kept) -> Verdict:
    """What the guest was told holds; only a code that means nobody here stays one."""
    scanned, claim, door = kept.scanned, kept.claim, kept.door
    if claim.reason:
        return misread(claim)
    guest, objection = look_up(connection, claim)
    if guest is None:
        return Verdict("help", objection)
    told = Verdict(scanned.decided, scanned.decided_why, guest)
    if scanned.decided not in PASSING:
        return told
    moment, direction = scanned.scanned_at, scanned.direction
    day = day_of(event, moment)
    objection = objection or scanned.objection
    if not objection:
        _, objection = objection_to(connection, guest.id, door, day, direction=direction)
    kind = scanned.decided
    write_passage(connection, guest.id, door, day, moment, kind=kind, direction=direction)
    return replace(told, objection=objection)


def _again(upload: _Upload, kept: _Kept) -> Verdict:
    """A scan that is in the log. Where the device decided otherwise meanwhile, that is added.

    The server's answer did not arrive; what happened at the door is what the device said.
    """
    scanned = kept.scanned
    answered = recall(upload.session, upload.event, scanned, kept.claim, kept.door)
    if not scanned.decided or scanned.nonce + AMENDED in upload.known:
        return answered
    upload.known.add(scanned.nonce + AMENDED)
    if answered.kind not in PASSING and scanned.decided in PASSING:
        mine = replace(scanned, nonce=scanned.nonce + AMENDED)
        verdict = _as_decided(upload.connection, upload.event, replace(kept, scanned=mine))
        return write(upload.connection, mine, verdict, kept.door, upload.at)
    if answered.admits and scanned.decided not in PASSING:
        return _turned_back(upload, kept, answered)
    return answered


def _turned_back(upload: _Upload, kept: _Kept, answered: Verdict) -> Verdict:
    """The server let somebody in who was then turned back at the door."""
    scan = upload.session.get_one(Scan, answered.scan_id)
    if upload.session.scalar(select(Scan.id).where(Scan.undoes_id == scan.id)) is not None:
        return answered
    upload.session.add(_undoing(scan, kept.scanned, upload.at))
    upload.session.flush()
    if answered.guest is not None:
        recount(upload.session, upload.event, answered.guest.id)
    return replace(answered, kind=kept.scanned.decided, reason=kept.scanned.decided_why)


def _undoing(scan: Scan, scanned: Scanned, at: datetime) -> Scan:
    return Scan(
        device=scan.device,
        nonce=scan.nonce + AMENDED,
        staff_id=scan.staff_id,
        method=scan.method,
        attendee_id=scan.attendee_id,
        blank_id=scan.blank_id,
        checkpoint_id=scan.checkpoint_id,
        scanned_at=scanned.scanned_at,
        device_at=scanned.device_at,
        received_at=at,
        provisional=True,
        verdict="undone",
        reason="turned_back",
        undoes_id=scan.id,
    )
