"""People whom somebody else put down learn what is kept of them, and agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.base import begin_writing
from event.consents import Consent, Notice, agreed_to, consent, notices
from event.journal import note
from event.offer import TAKE_PART
from event.person import hold

THEMSELVES = "attendee"
SHOWN = "shown"
"""Who agreed, where only the link was used that shows: people send that one on."""


@dataclass(frozen=True)
class Agreement:
    """The purposes somebody agreed to, and the language they read."""

    agreed: tuple[str, ...]
    language: str


def acknowledge(
    session: Session, attendee: Attendee, agreement: Agreement, *, at: datetime, by: str
) -> None:
    """Keep that the notice was seen and agreed to; a repeat changes nothing.

    By their own link people also give again what they withdrew, and what they had left out.
    By the link that shows (`SHOWN`) nobody agrees to more than taking part. Raises `person.Erased`.
    """
    if by == SHOWN:
        agreement = Agreement(tuple({TAKE_PART} & set(agreement.agreed)), agreement.language)
    begin_writing(session)
    try:
        hold(session, attendee)
        if not is_to_agree(session, attendee, by=by):
            agreement = Agreement(_anew(session, attendee, agreement, by), agreement.language)
        if agreement.agreed:
            attendee.informed_at = attendee.informed_at or at
            consent(session, attendee.id, agreement, at=at, by=by)
            note(session, "informed", "attendee", attendee.id, by=by, at=at)
        session.commit()
    except Exception:
        session.rollback()
        raise


def _anew(session: Session, attendee: Attendee, agreement: Agreement, by: str) -> tuple[str, ...]:
    """Of the purposes agreed to, those for which no consent stands."""
    if by == SHOWN or attendee.cancelled_at is not None:
        return ()
    return tuple(one for one in agreement.agreed if not _stands(session, attendee.id, one))


def _stands(session: Session, attendee_id: int, purpose: str) -> bool:
    given = agreed_to(purpose).where(Consent.attendee_id == attendee_id).limit(1)
    return session.scalar(given) is not None


def to_give(session: Session, attendee: Attendee) -> Sequence[Notice]:
    """The notices in force to which somebody may agree besides; none before the first consent."""
    if attendee.cancelled_at is not None or is_to_agree(session, attendee, by=THEMSELVES):
        return ()
    shown = session.scalars(notices().where(Notice.purpose != TAKE_PART))
    return [one for one in shown if not _stands(session, attendee.id, one.purpose)]


def is_to_agree(session: Session, attendee: Attendee, *, by: str) -> bool:
    """Whether they have not agreed yet; by their own link, also where somebody did by the other."""
    if attendee.cancelled_at is not None:
        return False
    theirs = exists().where(Consent.attendee_id == attendee.id)
    proper, any_ = session.execute(
        select(theirs.where(Consent.given_by != SHOWN), theirs)
    ).one()  # fmt: skip
    return attendee.informed_at is None or (by != SHOWN and any_ and not proper)
