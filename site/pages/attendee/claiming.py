"""Whoever was handed a place without an address takes it up by a link that opens once."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.consents import Notice, notices
from event.handing_over import TakenUp, may_take_up, predecessor_of, take_up
from event.informing import Agreement
from event.links import claim_of, claimant, key_of, secret_of
from event.offer import TAKE_PART
from forms.registration import NoticeForm, purposes
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import remember
from pages.attendee.done import tell
from pages.clock import now
from pages.database import db
from pages.pictures import outside_address
from pages.security import shows_form_again


@page.get("/claim/<secret>")
def claim(secret: str) -> str | tuple[str, int]:
    """What the place is, and what is done with one's data; looking uses nothing up."""
    return _show(claimant(db.session(), secret, current.keys()), secret)


@page.post("/claim/<secret>")
@shows_form_again
def take(secret: str) -> Response | str | tuple[str, int]:
    """Agree; then on to the page that changes, with the one that shows beside it."""
    successor = claimant(db.session(), secret, current.keys())
    form = NoticeForm(request.form)
    good = form.validate()
    agreed = purposes(form.agreed.data, _words())
    if not good or TAKE_PART not in agreed:
        return _show(successor, secret, form, 400)
    try:
        take_up(db.session(), successor, Agreement(agreed, current.language()), at=now())
    except TakenUp:
        return _show(successor, secret)
    remember(successor, now())
    tell(successor.id, "agreed")
    keys = current.keys()
    both = {"secret": secret_of(successor, keys), "key": key_of(successor, keys)}
    return redirect(url_for(".change", **both), 303)  # type: ignore[arg-type]


def _words() -> Sequence[Notice]:
    return db.session().scalars(notices()).all()


def _show(
    successor: Attendee, secret: str, form: NoticeForm | None = None, status: int = 200
) -> tuple[str, int]:
    good = may_take_up(successor)
    shown = render_template(
        "attendee/claim.html",
        attendee=successor,
        former=predecessor_of(db.session(), successor.id),
        secret=secret,
        form=form or NoticeForm(),
        notices=_words() if good else (),
        good=good,
    )
    return shown, status if good else 410


@page.app_template_filter()
def claim_address(successor: Attendee) -> str:
    """What the one before sends them, as their phone reaches it."""
    language = "/en" if successor.language == "en" else ""
    return f"{outside_address()}{language}/claim/{claim_of(successor, current.keys())}"
