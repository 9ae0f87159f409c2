"""Delegations (đoàn): people who come together, their head, and how many of them have arrived."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, case, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.attendees import Attendee
from event.base import Base, Folded, Moment, begin_writing
from event.journal import expect, note
from event.names import clean, fold
from event.person import hold
from event.scans import Presence

MOST_EXPECTED = 100_000


class Delegation(Base):
    """A delegation announced by an office: `expected` people, of whom some are put down by name."""

    __tablename__ = "parties"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(Folded(200), unique=True)
    expected: Mapped[int | None]
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class DelegationFacts:
    """What an organiser states of a delegation, already checked by the form."""

    name: str
    expected: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class Strength:
    """How many of a delegation are put down and have arrived, and the number to count against."""

    delegation: Delegation
    put_down: int
    arrived: int
    of: int


class NoName(ValueError):
    """A delegation needs a name."""


class NameTaken(ValueError):
    """Another delegation has this name, accents and case aside."""

    def __init__(self, holder: Delegation) -> None:
        super().__init__(holder.name)
        self.holder = holder


class NotInDelegation(LookupError):
    """Only a member can be the head."""


def announce(session: Session, name: str, *, at: datetime, by: str) -> Delegation:
    """Find the delegation of that name, accents and case aside, or make it; does not commit."""
    name = clean(name)
    if not fold(name):
        raise NoName
    known = _named(session, name)
    if known:
        return known
    party = Delegation(name=name, folded_name=fold(name), created_at=at)
    session.add(party)
    session.flush()
    note(session, "announced", "party", party.id, by=by, at=at)
    return party


def found(session: Session, facts: DelegationFacts, *, at: datetime, by: str) -> Delegation:
    """Put a new delegation down. Raises `NoName`, `NameTaken`."""
    begin_writing(session)
    try:
        known = _named(session, clean(facts.name))
        if known:
            raise NameTaken(known)
        party = announce(session, facts.name, at=at, by=by)
        _write(party, facts)
        session.commit()
    except Exception:
        session.rollback()
        raise
    return party


def change_delegation(
    session: Session,
    party: Delegation,
    facts: DelegationFacts,
    *,
    at: datetime,
    by: str,
    seen: int | None = None,
) -> dict[str, list[Any]]:
    """Correct what is known of a delegation. Returns [before, after] by field.

    Raises `NoName`, `NameTaken`, `journal.ChangedMeanwhile`; then nothing has changed.
    """
    with _holding(session, party, "party", seen):
        known = _named(session, clean(facts.name))
        if known and known.id != party.id:
            raise NameTaken(known)
        before, after = asdict(facts_of(party)), asdict(_write(party, facts))
        details = {k: [before[k], after[k]] for k in before if before[k] != after[k]}
        if details:
            note(session, "changed", "party", party.id, by=by, at=at, **details)
    return details


@contextmanager
def _holding(
    session: Session, thing: Delegation | Attendee, subject: str, seen: int | None
) -> Iterator[None]:
    """The row to ourselves, and still as the reader saw it; all of it is kept, or nothing."""
    begin_writing(session)
    try:
        if isinstance(thing, Attendee):
            hold(session, thing)
        else:
            session.refresh(thing, with_for_update=True)
        expect(session, subject, thing.id, seen)
        yield
        session.commit()
    except Exception:
        session.rollback()
        raise


def facts_of(party: Delegation) -> DelegationFacts:
    """What is stated of a delegation now."""
    return DelegationFacts(
        party.name, party.expected, party.contact_name, party.contact_phone, party.contact_email
    )


def _named(session: Session, name: str) -> Delegation | None:
    return session.scalar(select(Delegation).where(Delegation.folded_name == fold(name)))


def _write(party: Delegation, facts: DelegationFacts) -> DelegationFacts:
    if not fold(facts.name):
        raise NoName
    for field, value in asdict(facts).items():
        setattr(party, field, value)
    party.name = clean(facts.name)
    party.folded_name = fold(party.name)
    return facts_of(party)


def join(
    session: Session,
    attendee: Attendee,
    party: Delegation | None,
    *,
    at: datetime,
    by: str,
    head: bool = False,
    seen: int | None = None,
) -> None:
    """Put a person into a delegation, as its head or not, or take them out of theirs.

    A delegation has one head: a new one takes the place of the old. Raises `NotInDelegation`,
    `journal.ChangedMeanwhile`.
    """
    if head and party is None:
        raise NotInDelegation
    with _holding(session, attendee, "attendee", seen):
        if (attendee.party_id, attendee.heads_party) != (party.id if party else None, head):
            _move(session, attendee, party, head=head)
            details = {"party": party.name if party else "", "head": head}
            note(session, "joined", "attendee", attendee.id, by=by, at=at, **details)


def _move(session: Session, attendee: Attendee, party: Delegation | None, *, head: bool) -> None:
    if party is not None and head:
        session.execute(
            update(Attendee)
            .where(Attendee.party_id == party.id, Attendee.id != attendee.id, Attendee.heads_party)
            .values(heads_party=False)
        )
    attendee.party_id = party.id if party else None
    attendee.heads_party = head


def delegations() -> Select[Delegation, int, int]:
    """Each delegation with how many are put down and how many of them have arrived: "18/25"."""
    arrived = select(Presence.attendee_id).where(Presence.attendee_id == Attendee.id).exists()
    return (
        select(
            Delegation,
            func.count(Attendee.id),
            func.coalesce(func.sum(case((arrived, 1), else_=0)), 0),
        )
        .outerjoin(
            Attendee,
            (Attendee.party_id == Delegation.id) & Attendee.cancelled_at.is_(None),
        )
        .group_by(Delegation.id)
        .order_by(Delegation.folded_name)
    )


def strengths(session: Session, numbers: Iterable[int] | None = None) -> dict[int, Strength]:
    """The "18/25" of the delegations of these numbers, or of all, in one query."""
    query = delegations()
    if numbers is not None:
        query = query.where(Delegation.id.in_(set(numbers)))
    return {
        party.id: Strength(party, put_down, int(arrived), of_size(party, put_down))
        for party, put_down, arrived in session.execute(query)
    }


def members(party: Delegation) -> Select[Attendee]:
    """Those who hold a place: the head first, then by rank, as the office put them down."""
    return (
        select(Attendee)
        .where(Attendee.party_id == party.id, Attendee.cancelled_at.is_(None))
        .where(Attendee.erased_at.is_(None))
        .order_by(Attendee.heads_party.desc(), Attendee.id)
    )


def heads() -> Select[Attendee]:
    """The heads of all delegations."""
    return select(Attendee).where(
        Attendee.heads_party, Attendee.party_id.is_not(None), Attendee.cancelled_at.is_(None)
    )


def of_size(party: Delegation, put_down: int) -> int:
    """The number to count arrivals against: as announced, or as put down when more came."""
    return max(party.expected or 0, put_down)
