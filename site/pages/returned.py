"""Looks into the mailbox that answers come to, for mails of ours that came back."""

import logging
import re
from collections.abc import Callable

from flask import current_app

from event.keys import tag
from event.mailboxes import (
    Account,
    Mailbox,
    NoAnswer,
    Place,
    WrongMailboxUrl,
    opened,
    read_mailbox_url,
)
from event.reports import read_report
from event.returned import Reading, looked, read_up_to, reading_of, take_note
from pages import current
from pages.clock import now
from pages.database import db

WRONG = "mail.wrong_mailbox"
ADDRESS = re.compile(r"\S+@\S+")

log = logging.getLogger(__name__)


def read_returned(stopping: Callable[[], bool] = lambda: False) -> int:
    """Mark what came back since the last look; how many mails that were. Not before it is due."""
    reading = last_reading()
    if reading is None or reading.due_at > now():
        return 0
    place = Place(reading.validity, reading.last)
    try:
        count = _look(_account(), reading.mailbox, place, stopping)
    except NoAnswer as error:
        log.warning("Returned mails cannot be read now: %s", ADDRESS.sub("…", str(error)))
        looked(db.session(), reading.mailbox, str(error), at=now())
        return 0
    except WrongMailboxUrl:
        looked(db.session(), reading.mailbox, WRONG, at=now())
        return 0
    looked(db.session(), reading.mailbox, at=now())
    return count


def last_reading() -> Reading | None:
    """How far the mailbox was read, and what went wrong; None without the setting."""
    url = str(current_app.config["MAIL_BOUNCES"])
    if not url:
        return None
    which = tag(current.keys().links, "mailbox", url).hex()
    return reading_of(db.session(), which, at=now())


def _account() -> Account:
    return read_mailbox_url(str(current_app.config["MAIL_BOUNCES"]))


def _look(account: Account, which: str, place: Place, stopping: Callable[[], bool]) -> int:
    count = 0
    with opened(account) as mailbox:
        for portion in mailbox.since(place):
            count += _note(mailbox, portion.reports)
            read_up_to(db.session(), which, portion.reached, at=now())
            if stopping():
                break
    return count


def _note(mailbox: Mailbox, texts: dict[int, bytes]) -> int:
    """What is about our mails is marked as read there, all else is left as it was."""
    reports = [read_report(text) for text in texts.values()]
    told = take_note(db.session(), reports, current.keys().links, at=now())
    for number, one in zip(texts, told, strict=True):
        if not one.others:
            mailbox.mark_read(number)
    return sum(one.returned for one in told)
