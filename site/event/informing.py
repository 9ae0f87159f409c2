"""People whom somebody else put down learn what is kept of them, on first opening their page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.base import begin_writing
from event.consents import consent
from event.journal import note


@dataclass(frozen=True)
class Agreement:
    """The purposes somebody agreed to, and the language they read."""

    agreed: tuple[str, ...]
    language: str


def acknowledge(
    session: Session, attendee: Attendee, agreement: Agreement, *, at: datetime
) -> None:
    """Keep that the person saw the notice and agreed; a repeat changes nothing."""
    begin_writing(session)
    session.refresh(attendee, with_for_update=True)
    if attendee.informed_at is None:
        attendee.informed_at = at
        consent(session, attendee.id, agreement, at=at, by="attendee")
        note(session, "informed", "attendee", attendee.id, by="attendee", at=at)
    session.commit()
