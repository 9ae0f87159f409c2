"""A delegation at the gate: its head is scanned, and one tap lets in those who came along."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from event.attendees import Attendee
from event.base import begin_writing
from event.bearers import Claim
from event.blanks import Blank
from event.checkin import Scanned, Verdict, decide, write
from event.delegations import Delegation
from event.places import Door, open_door, same_place
from event.programme import Checkpoint, Event
from event.review import look_through
from event.scans import ADMITTING, Presence, Scan, day_of, undone

MOST_AT_ONCE = 2000


class NoHead(LookupError):
    """The scan let no head of a delegation in that day, or it was taken back."""


@dataclass(frozen=True)
class Head:
    """The scan of a delegation's head, which the others come in with."""

    scan: Scan
    person: Attendee
    party: Delegation


@dataclass(frozen=True)
class Member:
    """One who may have come along: when they came in here today, and what the door said last."""

    attendee: Attendee
    arrived_at: datetime | None = None
    inside: bool = False
    scan: Scan | None = None

    @property
    def waits(self) -> bool:
        """Whether there is anything to tick."""
        return not self.inside and self.attendee.cancelled_at is None

    @property
    def refused(self) -> bool:
        """Whether the door did not let them in with the head."""
        return self.waits and self.scan is not None and self.scan.verdict not in ADMITTING


@dataclass(frozen=True)
class Tap:
    """Who of a delegation came along; `press` is the page's own, the same when it is sent again."""

    head: int
    members: Sequence[int]
    device: str
    press: str
    staff_id: int | None = None

    def nonce(self, head: Scan, member: int) -> str:
        """One for each member, of the head's own."""
        parts = f"{head.device} {head.nonce} {member} {self.press}"
        return hashlib.sha256(parts.encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Offer:
    """What the head's verdict offers: the delegation, and how many belong to it beside the head."""

    scan: int
    name: str
    others: int


def offer(session: Session, verdict: Verdict) -> Offer | None:
    """Whether the one just let in leads a delegation that has others."""
    guest = verdict.guest
    if not (verdict.admits and verdict.scan_id and guest and guest.party_id and guest.known):
        return None
    other = aliased(Attendee)
    others = (
        select(func.count(other.id))
        .where(other.party_id == Attendee.party_id, other.id != Attendee.id)
        .where(other.cancelled_at.is_(None))
        .scalar_subquery()
    )
    asked = select(Delegation.name, others).join(Attendee, Attendee.party_id == Delegation.id)
    row = session.execute(asked.where(Attendee.id == guest.id, Attendee.heads_party)).first()
    return Offer(verdict.scan_id, *row) if row and row[1] else None


def head_of(session: Session, event: Event, number: int, *, at: datetime) -> Head:
    """The scan of this number as that of a head who came in that day. Raises `NoHead`."""
    whole = (
        joinedload(Scan.attendee),
        joinedload(Scan.blank).joinedload(Blank.attendee),
        joinedload(Scan.checkpoint).joinedload(Checkpoint.slot),
    )
    standing = select(Scan).where(Scan.id == number, Scan.id.not_in(undone())).options(*whole)
    scan = session.scalar(standing)
    person = scan.person if scan and scan.verdict in ADMITTING else None
    if scan is None or person is None or not person.heads_party or person.party_id is None:
        raise NoHead(number)
    if day_of(event, scan.scanned_at) != day_of(event, at):
        raise NoHead(number)
    return Head(scan, person, session.get_one(Delegation, person.party_id))


def roll(session: Session, event: Event, head: Head, *, at: datetime) -> list[Member]:
    """All but the head, as the office put them down; the same few queries for any number."""
    people = session.scalars(_others(head)).all()
    door = open_door(session, head.scan.checkpoint.key)
    arrived = {
        row.attendee_id: (row.arrived_at, bool(row.inside))
        for row in session.execute(_arrivals(head, door, day_of(event, at)))
    }
    scans = {
        scan.attendee_id: scan
        for scan in session.scalars(
            select(Scan).where(Scan.because_id == head.scan.id).order_by(Scan.id)
        )
        if scan.undoes_id is None
    }
    nowhere = (None, False)
    return [Member(who, *arrived.get(who.id, nowhere), scans.get(who.id)) for who in people]


def _others(head: Head) -> Select[Attendee]:
    return (
        select(Attendee)
        .where(Attendee.party_id == head.party.id, Attendee.id != head.person.id)
        .order_by(Attendee.cancelled_at.is_not(None), Attendee.id)
        .limit(MOST_AT_ONCE)
    )


def _arrivals(head: Head, door: Door, day: date) -> Select[int, datetime, int]:
    """When each came in that day, by this door or another to the same place; who is inside."""
    first = func.min(Presence.first_at, type_=Presence.first_at.type)
    return (
        select(
            Presence.attendee_id,
            first.label("arrived_at"),
            func.max(case((Presence.inside, 1), else_=0)).label("inside"),
        )
        .join(Attendee, Attendee.id == Presence.attendee_id)
        .where(Attendee.party_id == head.party.id, Presence.day == day)
        .where(Presence.checkpoint_id.in_(same_place(door)))
        .group_by(Presence.attendee_id)
    )


def let_in(session: Session, event: Event, tap: Tap, *, at: datetime) -> list[Verdict]:
    """Ask the rule of the head's door for each member, and write each down, all or none.

    Who came in with this head already is not counted again. Raises `NoHead`.
    """
    head = head_of(session, event, tap.head, at=at)
    door = open_door(session, head.scan.checkpoint.key)
    connection = begin_writing(session)
    try:
        members = _held(connection, head, tap.members)
        known = _answered(connection, head, tap, members)
        verdicts = [
            known.get(who) or _decide(connection, event, head, tap, who, door, at)
            for who in members
        ]
        soon = [each.scan_id for each in verdicts if each.soon and each.scan_id is not None]
        look_through(connection, soon, at=at)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return verdicts


def _held(connection: Connection, head: Head, members: Iterable[int]) -> list[int]:
    """Those of the ticked who belong to the delegation, held to us in one order."""
    connection.execute(select(Scan.id).where(Scan.id == head.scan.id).with_for_update())
    ticked = _others(head).with_only_columns(Attendee.id).order_by(None).limit(None)
    wanted = ticked.where(Attendee.id.in_(set(members))).order_by(Attendee.id)
    return list(connection.scalars(wanted.with_for_update()))


def _answered(
    connection: Connection, head: Head, tap: Tap, members: Sequence[int]
) -> dict[int, Verdict]:
    """What was answered before: to this very press, or to another that let them in."""
    nonces = {tap.nonce(head.scan, member) for member in members}
    same_press = (Scan.device == tap.device) & Scan.nonce.in_(nonces)
    came_in = (Scan.because_id == head.scan.id) & Scan.verdict.in_(ADMITTING)
    standing = Scan.id.not_in(undone())
    rows = connection.execute(
        select(Scan.id, Scan.attendee_id, Scan.verdict, Scan.reason)
        .where(Scan.attendee_id.in_(members), or_(same_press, came_in & standing))
        .order_by(Scan.id)
    )
    return {row.attendee_id: _told(row) for row in rows if row.attendee_id}


def _told(row: Row[int, int | None, str, str]) -> Verdict:
    number, _, kind, reason = row
    return Verdict(kind, reason, scan_id=number)


def _decide(
    connection: Connection, event: Event, head: Head, tap: Tap, member: int, door: Door,
    at: datetime,
) -> Verdict:  # fmt: skip
    scanned = Scanned(
        device=tap.device,
        nonce=tap.nonce(head.scan, member),
        checkpoint=head.scan.checkpoint.key,
        method="search",
        scanned_at=at,
        attendee_id=member,
        staff_id=tap.staff_id,
        because_id=head.scan.id,
    )
    verdict = decide(connection, event, scanned, Claim(member), door)
    return write(connection, scanned, verdict, door, at)


@dataclass(frozen=True)
class Cause:
    """With whom somebody came in, and when that one was scanned."""

    scan: int
    name: str
    at: datetime


def causes(session: Session, scans: Iterable[Scan]) -> dict[int, Cause]:
    """The heads that brought these scans about, by the number of the head's scan."""
    numbers = {scan.because_id for scan in scans if scan.because_id}
    if not numbers:
        return {}
    whole = (joinedload(Scan.attendee), joinedload(Scan.blank).joinedload(Blank.attendee))
    found = session.scalars(select(Scan).where(Scan.id.in_(numbers)).options(*whole))
    return {
        scan.id: Cause(scan.id, scan.person.titled_name if scan.person else "", scan.scanned_at)
        for scan in found
    }
