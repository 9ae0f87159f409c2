"""Whether people may put their own name down now: by the times of the event file, or by an
organiser's word, which stands above them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from event.about import about
from event.base import begin_writing
from event.journal import Change, history, note
from event.programme import Event

OPEN, CLOSED, SOON = "open", "closed", "soon"
WORDS = ("", OPEN, CLOSED)
"""What an organiser may say: go by the times, open, closed."""
GRACE = timedelta(minutes=15)
"""So long after the end a form is still taken that somebody had opened before it."""


@dataclass(frozen=True)
class Opening:
    """`state` is open, closed, or soon: then it opens at `opens_at`, and `closes_at` ends it."""

    state: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    @property
    def now(self) -> bool:
        """Whether the form takes names."""
        return self.state == OPEN


def opening(event: Event, at: datetime) -> Opening:
    """How it stands at a moment."""
    shown, zone = about(event), ZoneInfo(event.zone)
    opens, closes = (
        local.replace(tzinfo=zone) if local else None
        for local in (shown.registration_opens, shown.registration_closes)
    )
    if event.registration:
        return Opening(event.registration, opens, closes)
    if closes and at >= closes:
        return Opening(CLOSED, opens, closes)
    return Opening(SOON if opens and at < opens else OPEN, opens, closes)


def closed_since(session: Session, event: Event, found: Opening) -> datetime | None:
    """When registration came to its end, where that is known."""
    if event.registration != CLOSED:
        return found.closes_at
    said = history("event", event.id).where(Change.verb == "registration").limit(1)
    last = session.scalar(said)
    return last.at if last else None


def takes_late(since: datetime | None, opened_at: datetime, *, at: datetime) -> bool:
    """Whether a form came in too late only by the time that it takes to fill it in."""
    return since is not None and opened_at < since and at - since <= GRACE


def switch(session: Session, event: Event, word: str, *, at: datetime, by: str) -> None:
    """Open or close it at once, or let the times decide again. Raises `ValueError`."""
    if word not in WORDS:
        raise ValueError(word)
    begin_writing(session)
    session.refresh(event, with_for_update=True)
    if event.registration != word:
        change = [event.registration, word]
        event.registration = word
        event.version += 1
        note(session, "registration", "event", event.id, by=by, at=at, registration=change)
    session.commit()
