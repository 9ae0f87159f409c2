"""Putting one's name down: the form, the check of each field, and the registration itself."""

import secrets

from flask import abort, g, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from event.attendees import Registered, UnknownCategory, pressed, register
from event.bookings import SeatsClash, SeatsGone, UnknownSessions
from event.links import secret_of
from event.opening import CLOSED, Opening, closed_since, opening, takes_late
from event.own_changes import stands_as
from forms.registration import CROWDED, KNOWN, UNSURE, RegistrationForm
from pages.attendee.blueprint import page
from pages.attendee.changing import remember, way_from_here
from pages.attendee.once_more import opened_at, opened_before, seal
from pages.attendee.pristine import form_page, pristine_form
from pages.attendee.shelf import shelf, shown
from pages.clock import now
from pages.crowding import in_no_time, too_many
from pages.current import keys, language
from pages.database import db
from pages.security import shows_form_again
from pages.worker import wake


@page.get("/register")
def form() -> bytes | str:
    """The form as nobody has touched it yet, or when it opens."""
    found = opening(shown().offer.event, now())
    return pristine_form() if found.now else _closed(found)


def _closed(found: Opening) -> str:
    return render_template("attendee/closed.html", opening=found)


@page.post("/register")
@shows_form_again
def put_down() -> Response | tuple[str, int]:
    """Register, and go on to the person's own page; or show the form again with what is wrong."""
    typed = _typed()
    if not _open_for(typed):
        earlier = pressed(db.session(), typed.press()) if typed.validate() else None
        return _on(earlier) if earlier else _again(typed, 403)
    if status := _held_up(typed):
        return _again(typed, status)
    stated = typed.registration(language())
    try:
        registered = register(db.session(), stated, at=now(), nonce=typed.press())
    except SeatsGone as gone:
        return _again(_looked_at_anew(), 409, gone)
    except (SeatsClash, UnknownSessions, UnknownCategory):
        return _again(_looked_at_anew(), 422)
    if not registered.first_time and not stands_as(db.session(), registered.attendee, stated):
        return _known(typed, registered)
    wake()
    remember(registered, now())
    return _on(registered)


def _on(registered: Registered) -> Response:
    return redirect(url_for(".mine", secret=secret_of(registered, keys())), 303)


def _known(typed: RegistrationForm, registered: Registered) -> tuple[str, int]:
    """Somebody went back, and sends other choices for who is registered by this form already."""
    secret, key = secret_of(registered, keys()), way_from_here(registered.attendee, now())
    typed.held_up, typed.own_page = KNOWN, url_for(".mine", secret=secret)
    if key:
        typed.own_page = url_for(".change", secret=secret, key=key)
    return _again(typed, 409)


def _open_for(typed: RegistrationForm) -> bool:
    """Whether names are taken now, or were when this form was opened, a moment before the end."""
    found = opening(shown().offer.event, now())
    if found.now:
        return True
    since = closed_since(db.session(), shown().offer.event, found)
    began = opened_at(typed, request.form.get("csrf_token"))
    if found.state == CLOSED and takes_late(since, began, at=now()):
        return True
    typed.held_up = found.state
    typed.since = since if found.state == CLOSED else found.opens_at
    return False


def _held_up(typed: RegistrationForm) -> int:
    """The status of the answer, where the form comes back: filled, so that nobody is lost."""
    if too_many():
        typed.held_up = CROWDED
        return 429
    if not typed.validate():
        return 400 if "csrf_token" in typed.errors else 422
    asked = opened_before(typed) is not None
    if not asked and (typed.website.data or in_no_time(request.form.get("csrf_token"))):
        typed.held_up = UNSURE
        return 422
    return 0


def _typed() -> RegistrationForm:
    """What was sent; a token that was found good is neither asked for again nor made anew."""
    return RegistrationForm(shown().offer, request.form, csrf=not g.get("csrf_valid", False))


def _looked_at_anew() -> RegistrationForm:
    """What was typed, checked against the programme of this moment: it changed within a second."""
    shelf().renew()
    typed = _typed()
    typed.validate()
    return typed


def _again(typed: RegistrationForm, status: int, gone: SeatsGone | None = None) -> tuple[str, int]:
    """The form with everything typed, and what is wrong at each field."""
    typed.sessions.lost(shown().offer.chosen(gone.keys) if gone else ())
    nonce = typed.nonce.data or secrets.token_urlsafe(16)
    sure = seal(nonce, opened_at(typed, request.form.get("csrf_token")))
    return form_page(typed, generate_csrf(), nonce, sure), status


@page.post("/register/check/<name>")
@shows_form_again
def check(name: str) -> str:
    """One field, as somebody left it: nothing is stored, so no token is asked."""
    typed = RegistrationForm(shown().offer, request.form)
    if name == "sessions":
        return render_template("attendee/_overlaps.html", form=typed)
    if name not in (question.key for question in typed.questions):
        abort(404)
    typed[name].validate(typed)
    return render_template("attendee/_question.html", field=typed[name])
