"""What each mail is called in a list: a letter by its subject, a receipt by what it lacks."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from event.attendees import Attendee
from event.journal import Change
from event.mail import Circular, Mail
from pages.database import db
from pages.organiser.phrases import mail_kind
from pages.wording import words

CONFIRMATION = "registered"
PLACED = ("approved", "admitted")
"""Verbs of the journal after which somebody has a badge."""


def names_of(mails: Sequence[Mail]) -> dict[int, str]:
    """By number of the mail, in three queries at most however many they are."""
    subjects = _subjects({mail.circular_id for mail in mails if mail.circular_id})
    about = {mail.attendee_id for mail in mails if mail.kind == CONFIRMATION and mail.attendee_id}
    waiting, placed = _who_wait(about), _placed(about)
    return {mail.id: _name(mail, subjects, waiting, placed) for mail in mails}


def _name(
    mail: Mail, subjects: dict[int, str], waiting: set[int], placed: dict[int, datetime]
) -> str:
    if mail.circular_id in subjects:
        kind = "" if mail.kind == "circular" else f"{mail_kind(mail.kind)}: "
        return f"{kind}{subjects[mail.circular_id]}"
    person = mail.attendee_id or 0
    since = placed.get(person)
    before = since is not None and mail.done_at is not None and mail.done_at < since
    if mail.kind == CONFIRMATION and (person in waiting or before):
        return _("Receipt: no badge yet")
    return mail_kind(mail.kind)


def _subjects(numbers: set[int]) -> dict[int, str]:
    if not numbers:
        return {}
    found = db.session().scalars(select(Circular).where(Circular.id.in_(numbers)))
    return {letter.id: words(letter.subject) for letter in found}


def _who_wait(people: set[int]) -> set[int]:
    if not people:
        return set()
    waiting = or_(Attendee.waits, Attendee.line.is_not(None))
    return set(db.session().scalars(select(Attendee.id).where(Attendee.id.in_(people), waiting)))


def _placed(people: set[int]) -> dict[int, datetime]:
    """Since when those who once waited have a badge."""
    if not people:
        return {}
    last = (
        select(Change.subject_id, func.max(Change.at, type_=Change.at.type))
        .where(Change.subject == "attendee", Change.verb.in_(PLACED))
        .where(Change.subject_id.in_(people))
        .group_by(Change.subject_id)
    )
    return {row[0]: row[1] for row in db.session().execute(last)}
