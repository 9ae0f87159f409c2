"""Delegations (đoàn): people who come together, their head, and how many of them have arrived."""

from datetime import datetime

from sqlalchemy import Select, String, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.attendees import Attendee
from event.base import Base, Moment, begin_writing
from event.checkin import Presence
from event.journal import note
from event.names import clean, fold


class Delegation(Base):
    """A delegation announced by an office: `expected` people, of whom some are put down by name."""

    __tablename__ = "parties"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    folded_name: Mapped[str] = mapped_column(String(200), unique=True)
    expected: Mapped[int | None]
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


class NoName(ValueError):
    """A delegation needs a name."""


def announce(session: Session, name: str, *, at: datetime, by: str) -> Delegation:
    """Find the delegation of that name, accents and case aside, or make it; does not commit."""
    name = clean(name)
    if not fold(name):
        raise NoName
    known = session.scalar(select(Delegation).where(Delegation.folded_name == fold(name)))
    if known:
        return known
    party = Delegation(name=name, folded_name=fold(name), created_at=at)
    session.add(party)
    session.flush()
    note(session, "announced", "party", party.id, by=by, at=at)
    return party


def join(
    session: Session, attendee: Attendee, party: Delegation | None, *, at: datetime, by: str
) -> None:
    """Put a person into a delegation, or take them out of theirs."""
    begin_writing(session)
    attendee.party_id = party.id if party else None
    note(
        session, "joined", "attendee", attendee.id, by=by, at=at, party=party.name if party else ""
    )
    session.commit()


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


def of_size(party: Delegation, put_down: int) -> int:
    """The number to count arrivals against: as announced, or as put down when more came."""
    return max(party.expected or 0, put_down)
