"""How many mails visitors can have written to one address in a day, whoever types it in."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from event.finding import KIND as LINK
from event.mail import Mail

DAY = timedelta(days=1)
TO_AN_ADDRESS = 40
"""A secretary puts so many colleagues down in a day; the others' mails go the next day."""
ABOUT_A_REGISTRATION = 6
"""As often may one person's address be corrected."""
LINKS = 6
"""So often a lost link is sent to an address; one mail holds those of all who share it."""
TOO_MANY = "mail.too_many"


def room_from(session: Session, mail: Mail, address: str, *, at: datetime) -> datetime:
    """From when on this mail may go to an address: now, unless a limit of the day is reached."""
    if not mail.own:
        return at
    is_link = Mail.kind == LINK
    if mail.kind == LINK:
        return _room(session, mail, [Mail.address == address, is_link], LINKS, at)
    return max(
        _room(session, mail, [Mail.address == address, ~is_link], TO_AN_ADDRESS, at),
        _room(session, mail, [Mail.attendee_id == mail.attendee_id, ~is_link],
              ABOUT_A_REGISTRATION, at),
    )  # fmt: skip


def _room(
    session: Session, mail: Mail, alike: list[ColumnElement[bool]], most: int, at: datetime
) -> datetime:
    """When the oldest of as many as there may be is a day old."""
    went = select(Mail.tried_at).where(
        *alike, Mail.address != "", Mail.own, Mail.id != mail.id, Mail.tried_at > at - DAY
    )
    newest = went.order_by(Mail.tried_at.desc()).limit(most).subquery()
    count, oldest = session.execute(
        select(func.count(), func.min(newest.c.tried_at)).select_from(newest)
    ).one()
    return oldest + DAY if count == most else at


def held_back(session: Session, attendee_id: int) -> bool:
    """Whether a mail to somebody waits for that already."""
    waiting = select(Mail.id).where(
        Mail.attendee_id == attendee_id, Mail.done_at.is_(None), Mail.failure == TOO_MANY
    )
    return session.scalar(waiting.limit(1)) is not None
