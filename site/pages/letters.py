"""What a mail to an attendee says, in their language, with the QR code of their badge."""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy.orm import joinedload, selectinload

from event.attendees import Attendee
from event.badges import token_of
from event.bookings import booked
from event.carriers import read_smtp_url
from event.links import secret_of
from event.mail import Mail
from event.programme import Event, Slot
from exports.qr import symbol
from exports.qr_png import png
from pages import current
from pages.clock import now
from pages.database import db
from pages.wording import day

PICTURE = "badge@ghidanh"
LONGEST_LINE = 998  # bytes, by RFC 5322


def letter(mail: Mail) -> EmailMessage | None:
    """The mail ready to go, or None when there is nobody any more to send it to."""
    asked = joinedload(Attendee.category)
    attendee = db.session().get(Attendee, mail.attendee_id, options=[asked], populate_existing=True)
    if attendee is None or not attendee.email or attendee.cancelled_at is not None:
        return None
    path = "/en/" if attendee.language == "en" else "/"
    with (
        current_app.test_request_context(path, base_url=site_url()),
        force_locale(attendee.language),  # else the language of the letter before would stay
    ):
        return _message(mail, attendee, current.event())


def site_url() -> str:
    """Where attendees find the site, without a slash at the end: SITE_URL, else this machine."""
    known = str(current_app.config["SITE_URL"]).rstrip("/")
    return known or f"http://localhost:{current_app.config['PORT']}"


def page_of(attendee: Attendee) -> str:
    """The address of somebody's own page."""
    language = "/en" if attendee.language == "en" else ""
    return f"{site_url()}{language}/me/{secret_of(attendee, current.keys())}"


def sender() -> str:
    """The address that mails come from: MAIL_FROM, else the account they are sent with."""
    known = str(current_app.config["MAIL_FROM"])
    url = str(current_app.config["SMTP_URL"])
    user = read_smtp_url(url).user if url else ""
    return known or (user if "@" in user else f"ghidanh@{_host()}")


def _host() -> str:
    return urlsplit(site_url()).hostname or "localhost"


def _message(mail: Mail, attendee: Attendee, event: Event) -> EmailMessage:
    facts = {
        "attendee": attendee,
        "event": event,
        "name": f"{attendee.honorific} {attendee.titled_name}".strip(),
        "days": _days(event),
        "slots": _slots(attendee),
        "address": page_of(attendee),
        "picture": PICTURE,
    }
    subject, _, text = render_template(f"mail/{mail.kind}.txt", **facts).partition("\n")
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = formataddr((event.name.in_(attendee.language), sender()))
    message["To"] = formataddr((attendee.name, attendee.email))
    message["Date"] = format_datetime(now())
    message["Message-ID"] = f"<{event.number}.{mail.id}@{_host()}>"
    message["Auto-Submitted"] = "auto-generated"
    text = text.strip() + "\n"
    message.set_content(text, cte=_carried(text))
    page = render_template(f"mail/{mail.kind}.html", **facts)
    message.add_alternative(page, subtype="html", cte=_carried(page))
    _add_picture(message, attendee, event)
    return message


def _carried(text: str) -> str | None:
    """As it is, so that no link is broken into two lines even where a mail is read unopened.

    Lines longer than mail can carry are left to the encodings that break and join them again.
    """
    whole = all(len(line.encode()) <= LONGEST_LINE for line in text.splitlines())
    return "8bit" if whole else None


def _add_picture(message: EmailMessage, attendee: Attendee, event: Event) -> None:
    token = token_of(db.session(), event, attendee, current.keys().badges)
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(  # type: ignore[union-attr]
        png(symbol(token)), "image", "png", cid=f"<{PICTURE}>", filename=f"{attendee.code}.png"
    )


def _slots(attendee: Attendee) -> list[Slot]:
    found = booked(attendee.id).options(selectinload(Slot.room))
    return list(db.session().scalars(found.execution_options(populate_existing=True)))


def _days(event: Event) -> str:
    first, last = day(event.first_day), day(event.last_day)
    return first if first == last else f"{first} – {last}"
