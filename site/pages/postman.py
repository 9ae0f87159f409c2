"""Empties the outbox: makes each due mail and hands it over, and keeps what became of it."""

import logging
from datetime import timedelta
from email.message import EmailMessage

from flask import current_app

from event.carriers import Carrier, Refused, Unreachable, carrier
from event.mail import Mail, put_back, refused, sent, take_mails
from pages.clock import now
from pages.database import db
from pages.letters import letter

BATCH = 20
WAIT = timedelta(minutes=1)
"""Until the next try, where no server answers."""

log = logging.getLogger(__name__)


def deliver(limit: int = BATCH) -> int:
    """Deal with up to `limit` due mails; how many there were."""
    session = db.session()
    mails = take_mails(session, limit, at=now())
    if not mails:
        return 0
    waiting = iter(mails)
    with _carrier() as ours:
        try:
            for mail in waiting:
                _deliver(ours, mail)
        except Unreachable as error:
            log.warning("No mail goes out now: %s", error)
            put_back(session, [mail, *waiting], until=now() + WAIT)
    return len(mails)


def _carrier() -> Carrier:
    return carrier(current_app.config["SMTP_URL"], current_app.config["DATA_DIR"] / "mail")


def _deliver(ours: Carrier, mail: Mail) -> None:
    session = db.session()
    try:
        ours.send(_letter(mail), mail.id)
    except Refused as error:
        log.warning("Mail %s was refused: %s", mail.id, error)
        refused(session, mail, str(error), for_good=error.for_good, at=now())
    else:
        sent(session, mail, at=now())


def _letter(mail: Mail) -> EmailMessage:
    """The mail itself. One that cannot be made must not stand in the way of the others."""
    try:
        message = letter(mail)
    except Exception as error:
        log.exception("Mail %s could not be made", mail.id)
        raise Refused("mail.failed", for_good=False) from error
    finally:
        db.session.rollback()
    if message is None:
        raise Refused("mail.nobody", for_good=True)
    return message
