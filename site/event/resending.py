"""The confirmation once more, to the address on file or to a corrected one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, search_text
from event.base import begin_writing
from event.journal import expect, note
from event.mail import Mail, queue_mail
from event.person import hold

KIND = "registered"


class NoAddress(ValueError):
    """There is no address to write to, or the registration is cancelled."""


def send_again(
    session: Session,
    attendee: Attendee,
    email: str,
    *,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> bool:
    """Queue the confirmation, after correcting the address if it is another one.

    False if it waits to go out already: that one then goes to the corrected address. Raises
    `NoAddress`, `journal.ChangedMeanwhile`, `person.Erased`.
    """
    begin_writing(session)
    try:
        queued = _send_again(session, attendee, email, by, at, seen)
        session.commit()
    except Exception:
        session.rollback()
        raise
    return queued


def _send_again(
    session: Session, attendee: Attendee, email: str, by: str, at: datetime, seen: int | None
) -> bool:
    hold(session, attendee)
    expect(session, "attendee", attendee.id, seen)
    if not email or attendee.cancelled_at is not None:
        raise NoAddress(attendee.id)
    if email != attendee.email:
        before, attendee.email = attendee.email, email
        attendee.found_by = search_text(
            Registration(
                attendee.name, email=email, phone=attendee.phone,
                organisation=attendee.organisation,
            )
        )  # fmt: skip
        note(session, "changed", "attendee", attendee.id, by=by, at=at, email=[before, email])
    if _waiting(session, attendee.id, at):
        return False
    queue_mail(session, attendee.id, KIND, at=at)
    note(session, "mailed_again", "attendee", attendee.id, by=by, at=at)
    return True


def _waiting(session: Session, attendee_id: int, at: datetime) -> bool:
    """Bring a confirmation that has not gone out yet forward, if there is one."""
    waiting = select(Mail).where(
        Mail.attendee_id == attendee_id, Mail.kind == KIND, Mail.done_at.is_(None)
    )
    found = session.scalars(waiting).all()
    for mail in found:
        mail.due_at, mail.own = min(mail.due_at, at), False
    return bool(found)


def try_again(session: Session, mail: Mail, *, at: datetime) -> None:
    """A mail that waits, was given up, or came back goes out now, above the limits of a day.

    One that came back is queued anew, so that it is told apart from what the report was about.
    """
    begin_writing(session)
    session.refresh(mail, with_for_update=True)
    if not mail.in_hand and (mail.done_at is None or mail.failure):
        mail.queued_at = at if mail.returned_at else mail.queued_at
        mail.done_at, mail.due_at, mail.attempts, mail.failure = None, at, 0, ""
        mail.returned_at, mail.own = None, False
    session.commit()
