"""Everybody's own page: the code for the gate, the sessions chosen, and what to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Response as Answer
from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.agenda import remarks
from event.attendees import Attendee
from event.badges import facts_of, sign
from event.bookings import booked, clashes
from event.consents import Notice, notices
from event.endings import ending
from event.handing_over import predecessor_of
from event.informing import SHOWN, Agreement, acknowledge, is_to_agree
from event.line import turn_of
from event.links import WrongLink, holder
from event.offer import TAKE_PART, days
from event.programme import Category, Slot
from event.staff import TooManyAttempts, attempt
from event.waiting import turns
from exports import qr
from forms.registration import NoticeForm, purposes
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import way_from_here
from pages.clock import now
from pages.crowding import network
from pages.database import db
from pages.security import shows_form_again

GUESSES = 300
"""Wrong links in ten minutes from one network address; a ministry's people share theirs."""


@dataclass(frozen=True)
class Own:
    """One person with what they chose; `token` is the number in their QR code."""

    attendee: Attendee
    category: Category
    slots: Sequence[Slot]
    token: str


def own(secret: str) -> Own:
    """Whose page it is. Raises `WrongLink`."""
    session = db.session()
    attendee = holder(session, secret, current.keys())
    category = session.get_one(Category, attendee.category_id)
    chosen = booked(attendee.id).options(joinedload(Slot.track), joinedload(Slot.room))
    slots = session.scalars(chosen).all()
    bits = [slot.bit for slot in slots if slot.bit is not None]
    facts = facts_of(current.event(), attendee, category.number, bits)
    return Own(attendee, category, slots, sign(facts, current.keys().badges))


@page.get("/me/<secret>", strict_slashes=False)
def mine(secret: str) -> str:
    """The code first: it is what the gate asks for."""
    return _show(own(secret), secret)


@page.post("/me/<secret>")
@shows_form_again
def agree(secret: str) -> Response | tuple[str, int]:
    """Keep that the notice was read and agreed to by this link, which others may have too."""
    person = own(secret)
    form = NoticeForm(request.form)
    if not form.validate():
        return _show(person, secret), 400
    agreement = Agreement(purposes(form.agreed.data, _words()), current.language())
    acknowledge(db.session(), person.attendee, agreement, at=now(), by=SHOWN)
    return redirect(url_for(".mine", secret=secret), 303)


def _show(person: Own, secret: str) -> str:
    attendee = person.attendee
    unread = is_to_agree(db.session(), attendee, by=SHOWN)
    return render_template(
        "attendee/mine.html",
        person=person,
        secret=secret,
        code=qr.svg(person.token) if attendee.has_badge else None,
        days=tuple(days(person.slots, ZoneInfo(current.event().zone))),
        clashes=clashes(person.slots),
        notices=_words() if unread else (),
        handed=unread and predecessor_of(db.session(), attendee.id) is not None,
        ended=ending(db.session(), attendee),
        remarks=remarks(person.slots),
        waits=db.session().execute(turns(attendee.id)).all(),
        place=turn_of(db.session(), attendee),
        key=way_from_here(attendee, now()),
    )


def _words() -> Sequence[Notice]:
    """The others need the link that nobody sends on."""
    return db.session().scalars(notices().where(Notice.purpose == TAKE_PART)).all()


@page.errorhandler(WrongLink)
def no_such_page(_: WrongLink) -> tuple[str, int]:
    """Never says which part of the address was wrong; a right one is opened at any time."""
    try:
        origin = network(request.remote_addr or "") or "here"
        attempt(db.session(), f"link from {origin}", at=now(), limit=GUESSES)
    except TooManyAttempts:
        return render_template("attendee/wrong_link.html"), 429
    return render_template("attendee/wrong_link.html"), 404


@page.after_request
def keep_private(answer: Answer) -> Answer:
    """Personal pages stay out of caches and search engines."""
    if "secret" in (request.view_args or {}):
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer
