"""Empties the outbox: makes each due mail and hands it over, and keeps what became of it."""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app

from event.carriers import Carrier, Cut, Refused, Unreachable, carrier
from event.envelopes import Envelope
from event.finding import KIND as LINK
from event.mail import (
    Mail,
    due_mails,
    hand_over,
    hold_back,
    next_room,
    put_back,
    refused,
    room_left,
    sent,
    take_mails,
)
from event.mail_limits import TOO_MANY, room_from
from pages.clock import now
from pages.database import db
from pages.letters import envelope
from pages.reading import file_of

BATCH = 50
WAIT = timedelta(minutes=1)
"""Until the next try, where no server answers."""

ADDRESS = re.compile(r"\S+@\S+")
"""Servers repeat whom they refuse; the log is kept free of names."""

log = logging.getLogger(__name__)


def deliver(stopping: Callable[[], bool] = lambda: False) -> int:
    """Deal with some due mails, until there is no time left; how many there were."""
    session = db.session()
    mails = take_mails(session, min(BATCH, _room()), at=now())
    if not mails:
        return 0
    waiting = iter(mails)
    with _carrier() as ours:
        for mail in waiting:
            try:
                if stopping():
                    put_back(session, [mail, *waiting], until=now())
                    break
                _deliver(ours, mail)
            except Unreachable as error:
                log.warning("No mail goes out now: %s", error)
                put_back(session, [mail, *waiting], until=now() + WAIT)
            except Cut as error:
                log.warning("Mail %s: %s", mail.id, ADDRESS.sub("…", str(error)))
                put_back(session, list(waiting), until=now() + WAIT)
    return len(mails)


def time_for_more() -> datetime | None:
    """When the provider's limit leaves room again, if mails wait for that."""
    session = db.session()
    if _room() or session.scalar(due_mails(now()).limit(1)) is None:
        return None
    return next_room(session, at=now())


def _room() -> int:
    """How many mails the provider takes now; without a limit, and into a folder, any number."""
    per_minute = int(current_app.config["MAIL_PER_MINUTE"])
    if not (per_minute and current_app.config["SMTP_URL"]):
        return BATCH
    return room_left(db.session(), per_minute, at=now())


def _carrier() -> Carrier:
    return carrier(current_app.config["SMTP_URL"], current_app.config["DATA_DIR"] / "mail")


def _deliver(ours: Carrier, mail: Mail) -> None:
    """One mail. Raises `Unreachable`, and `Cut` when what became of it is kept."""
    session = db.session()
    try:
        _send(ours, mail)
    except Cut as cut:
        refused(session, mail, str(cut), for_good=False, unsure=cut.unsure, at=now())
        raise
    except Refused as error:
        log.warning("Mail %s was refused: %s", mail.id, ADDRESS.sub("…", str(error)))
        refused(session, mail, str(error), for_good=error.for_good, at=now())
    except Unreachable:
        raise
    except Exception:  # which nobody thought of: the mails behind this one go all the same
        log.exception("Mail %s stopped half-way", mail.id)
        session.rollback()
        refused(session, mail, "mail.failed", for_good=False, unsure=True, at=now())


def _send(ours: Carrier, mail: Mail) -> None:
    ready = _ready(mail)
    room = room_from(db.session(), mail, ready.reader.address, at=now())
    if room > now() and mail.kind == LINK:
        raise Refused(TOO_MANY, for_good=True)
    if room > now():
        hold_back(db.session(), mail, TOO_MANY, until=room)
    elif hand_over(db.session(), mail, ready.reader.address, at=now()):
        ours.send(ready, mail.id)
        if not sent(db.session(), mail, at=now()):  # its reader was erased meanwhile
            file_of(mail).unlink(missing_ok=True)


def _ready(mail: Mail) -> Envelope:
    """The mail itself. One that cannot be made must not stand in the way of the others."""
    try:
        ready = envelope(mail)
    except Exception as error:
        log.exception("Mail %s could not be made", mail.id)
        raise Refused("mail.failed", for_good=False) from error
    finally:
        db.session.rollback()
    if ready is None:
        raise Refused("mail.nobody", for_good=True)
    return ready
