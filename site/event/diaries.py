"""What somebody's calendar must know of the past: how often it changed, and what it showed once."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from event.journal import Change
from event.programme import Slot

ALTERING = ("changed", "cancelled", "reinstated", "seated")


def _altering(attendee_id: int) -> Select[Change]:
    mine = (Change.subject == "attendee") & (Change.subject_id == attendee_id)
    return select(Change).where(mine, Change.verb.in_(ALTERING))


def edition_of(session: Session, attendee_id: int) -> tuple[int, list[str]]:
    """How often their sessions may have changed, and the keys of all they ever gave up."""
    changes = session.scalars(_altering(attendee_id)).all()
    seats = [change.details["sessions"] for change in changes if "sessions" in change.details]
    return len(changes), sorted({key for before, _ in seats for key in before.split()})


def given_up(session: Session, keys: list[str], held: list[str]) -> list[Slot]:
    """Of these sessions those that they have no more, as far as there still are any."""
    gone = [key for key in keys if key not in held]
    if not gone:
        return []
    slots = select(Slot).where(Slot.key.in_(gone)).options(joinedload(Slot.room))
    return list(session.scalars(slots.order_by(Slot.starts_at, Slot.id)))
