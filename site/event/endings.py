"""Why a registration stands no more, as far as its owner is to be told something else each time."""

from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.handing_over import successor_of
from event.journal import Change, history
from event.own_changes import may_take_back

HANDED_ON, DECLINED, OWN, OTHER = "handed_on", "declined", "own", "other"


def ending(session: Session, attendee: Attendee) -> str:
    """Handed on, not approved, cancelled by themselves, or by somebody else; "" while it stands."""
    if attendee.cancelled_at is None:
        return ""
    if successor_of(session, attendee) is not None:
        return HANDED_ON
    last = history("attendee", attendee.id).where(Change.verb.in_(("declined", "cancelled")))
    if session.scalar(last.limit(1).with_only_columns(Change.verb)) == "declined":
        return DECLINED
    return OWN if may_take_back(session, attendee) else OTHER
