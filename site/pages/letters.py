"""What a mail says, in its reader's language: confirmation, lost link, or a letter to many."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from event.approving import DECLINED
from event.attendees import Attendee
from event.bookings import booked
from event.carriers import read_smtp_url
from event.circulars import KIND, TRIALS, addressed, filled_in
from event.envelopes import Envelope, Person
from event.finding import KIND as LINK
from event.finding import sharing
from event.handing_over import MAIL, predecessor_of
from event.line import ADMITTED, turn_of
from event.links import key_of, secret_of
from event.mail import Circular, Mail
from event.postmarks import postmark
from event.programme import Event, Slot
from event.waiting import SEATED
from pages import current
from pages.clock import now
from pages.database import db
from pages.enclosures import PICTURE, Enclosures, files_of, of_nobody, of_person
from pages.wording import day

MOST_HOLDERS = 200


@dataclass(frozen=True)
class Letter:
    """Whom a mail is for, the template that says it, what the template knows, what is enclosed."""

    name: str
    address: str
    language: str
    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    enclosed: Enclosures | None = None


def letter(mail: Mail) -> EmailMessage | None:
    """The mail to be read on a page, or None when there is nobody any more to send it to."""
    found = envelope(mail)
    return message_from_bytes(found.as_bytes(), policy=policy.default) if found else None


def envelope(mail: Mail) -> Envelope | None:
    """The mail ready to go, or None when there is nobody any more to send it to."""
    if mail.attendee_id is None:
        return _in_language(mail, None, TRIALS[mail.kind])
    asked = joinedload(Attendee.category)
    attendee = db.session().get(Attendee, mail.attendee_id, options=[asked], populate_existing=True)
    if attendee is None or not attendee.email:
        return None
    if attendee.cancelled_at is not None and mail.kind not in (DECLINED, LINK):
        return None
    return _in_language(mail, attendee, attendee.language)


def _in_language(mail: Mail, attendee: Attendee | None, language: str) -> Envelope:
    """As if somebody who reads that language had opened a page."""
    path = "/en/" if language == "en" else "/"
    with (
        current_app.test_request_context(path, base_url=site_url()),
        force_locale(language),  # else the language of the letter before would stay
    ):
        return _envelope(mail, _letter(mail, attendee, language))


def _letter(mail: Mail, attendee: Attendee | None, language: str) -> Letter:
    if mail.circular_id is not None:
        circular = db.session().get_one(Circular, mail.circular_id)
        return _to_one(circular, attendee) if attendee else _trial(mail, circular, language)
    assert attendee is not None  # noqa: S101 - only a trial is to nobody
    if mail.kind == LINK and (found := _shared(attendee)):
        return found
    if attendee.line is not None:
        return _lined_up(attendee)
    if attendee.waits and mail.kind != MAIL:
        return _without_badge(mail, attendee)
    if mail.kind.startswith(SEATED):
        return _seat(attendee, int(mail.kind.removeprefix(SEATED)))
    if mail.kind == MAIL:
        return _taken_over(attendee)
    if mail.kind == LINK:
        return _found_again(attendee)
    return _confirmation(attendee, ADMITTED if mail.kind == ADMITTED else "registered")


def _lined_up(attendee: Attendee) -> Letter:
    """How far they have come in the line for a place, whatever was to be said."""
    facts = _about(attendee) | {"place": turn_of(db.session(), attendee)}
    return Letter(attendee.name, attendee.email, attendee.language, "lined_up", facts)


def _without_badge(mail: Mail, attendee: Attendee) -> Letter:
    """To somebody who waits for an organiser's yes, or has been told no."""
    template = DECLINED if mail.kind == DECLINED else "received"
    return Letter(attendee.name, attendee.email, attendee.language, template, _about(attendee))


def _confirmation(attendee: Attendee, template: str) -> Letter:
    slots = _slots(attendee)
    facts = _about(attendee) | {"slots": slots}
    enclosed = of_person(attendee, slots)
    return Letter(attendee.name, attendee.email, attendee.language, template, facts, enclosed)


def _seat(attendee: Attendee, slot_id: int) -> Letter:
    """A seat became free for them; they may give it back."""
    slots = _slots(attendee)
    seat = next((slot for slot in slots if slot.id == slot_id), None)
    facts = _about(attendee) | {"seat": seat, "slots": slots}
    enclosed = of_person(attendee, slots)
    return Letter(attendee.name, attendee.email, attendee.language, "seated", facts, enclosed)


def _taken_over(attendee: Attendee) -> Letter:
    """Somebody handed them a place; what is kept of them they read on their page."""
    slots, former = _slots(attendee), predecessor_of(db.session(), attendee.id)
    facts = _about(attendee) | {"slots": slots, "former": former.titled_name if former else ""}
    enclosed = None if attendee.waits else of_person(attendee, slots)
    return Letter(attendee.name, attendee.email, attendee.language, MAIL, facts, enclosed)


def _found_again(attendee: Attendee) -> Letter:
    """Both links and the code."""
    facts, enclosed = _about(attendee), of_person(attendee, _slots(attendee))
    return Letter(attendee.name, attendee.email, attendee.language, "link", facts, enclosed)


def _shared(attendee: Attendee) -> Letter | None:
    """Both links of everybody who has that address, if there are several; it is on file for all.

    So it is of one who cancelled: they have no badge, but their data.
    """
    people = db.session().scalars(sharing(attendee.email).limit(MOST_HOLDERS)).all()
    if len(people) < 2 and attendee.cancelled_at is None:
        return None
    holders = [(one, page_of(one), change_page_of(one)) for one in people]
    facts = _about(attendee) | {"holders": holders}
    return Letter("", attendee.email, attendee.language, "links", facts)


def _to_one(circular: Circular, attendee: Attendee) -> Letter:
    words = _said(circular, attendee.language, _named(attendee))
    facts = _about(attendee) | words | {"number": attendee.code}
    badged = circular.with_badge and not attendee.waits
    enclosed = of_person(attendee, _slots(attendee)) if badged else None
    return Letter(attendee.name, attendee.email, attendee.language, KIND, facts, enclosed)


def _trial(mail: Mail, circular: Circular, language: str) -> Letter:
    """To the organiser, with a real person's name; nobody's link or code leaves the site."""
    first = db.session().scalar(addressed(circular.people).limit(1))
    nobody = of_nobody(language)
    sample = nobody.badge
    said = _named(first) if first else {
        "name": sample.name, "code": sample.number, "organisation": sample.organisation
    }  # fmt: skip
    facts = _said(circular, language, said)
    facts |= {"address": site_url(), "number": nobody.badge.number}
    trial = _("Trial")
    facts["subject"] = f"[{trial}] {facts['subject']}"
    enclosed = nobody if circular.with_badge else None
    return Letter("", mail.address, language, KIND, facts, enclosed)


def _said(circular: Circular, language: str, said: dict[str, str]) -> dict[str, Any]:
    subject, body = (
        filled_in(words.in_(language), said) for words in (circular.subject, circular.body)
    )
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n")]
    return {
        "subject": " ".join(subject.split()),
        "body": body,
        "paragraphs": [part for part in paragraphs if part],
        "with_badge": circular.with_badge,
    }


def _named(attendee: Attendee) -> dict[str, str]:
    """What the placeholders stand for."""
    code, organisation = attendee.code, attendee.organisation
    return {"name": called(attendee), "code": code, "organisation": organisation}


def _about(attendee: Attendee) -> dict[str, Any]:
    return {
        "attendee": attendee,
        "name": called(attendee),
        "address": page_of(attendee),
        "change": change_page_of(attendee),
    }


def called(attendee: Attendee) -> str:
    """As a letter addresses somebody: "Ông TS. Phạm Quốc Bảo"."""
    return f"{attendee.honorific} {attendee.titled_name}".strip()


def site_url() -> str:
    """Where attendees find the site, without a slash at the end: SITE_URL, else this machine."""
    known = str(current_app.config["SITE_URL"]).rstrip("/")
    return known or f"http://localhost:{current_app.config['PORT']}"


def page_of(attendee: Attendee) -> str:
    """The address of somebody's own page."""
    language = "/en" if attendee.language == "en" else ""
    return f"{site_url()}{language}/me/{secret_of(attendee, current.keys())}"


def change_page_of(attendee: Attendee) -> str:
    """The address by which they change and delete; it goes to their own mailbox alone."""
    return f"{page_of(attendee)}/change/{key_of(attendee, current.keys())}"


def sender() -> str:
    """The address that mails come from: MAIL_FROM, else the account they are sent with."""
    known = str(current_app.config["MAIL_FROM"])
    url = str(current_app.config["SMTP_URL"])
    user = read_smtp_url(url).user if url else ""
    return known or (user if "@" in user else f"ghidanh@{_host()}")


def _host() -> str:
    return urlsplit(site_url()).hostname or "localhost"


def _envelope(mail: Mail, letter: Letter) -> Envelope:
    event = current.event()
    facts = letter.facts | {"event": event, "days": _days(event), "picture": PICTURE}
    subject, _, text = render_template(f"mail/{letter.template}.txt", **facts).partition("\n")
    return Envelope(
        subject=subject,
        sender=Person(event.name.in_(letter.language), sender()),
        reader=Person(letter.name, letter.address),
        at=now(),
        mark=postmark(mail, event.number, current.keys().links),
        host=_host(),
        text=text,
        html=render_template(f"mail/{letter.template}.html", **facts),
        files=files_of(letter.enclosed) if letter.enclosed else (),
    )


def _slots(attendee: Attendee) -> list[Slot]:
    found = booked(attendee.id).options(selectinload(Slot.room))
    return list(db.session().scalars(found.execution_options(populate_existing=True)))


def _days(event: Event) -> str:
    first, last = day(event.first_day), day(event.last_day)
    return first if first == last else f"{first} – {last}"
