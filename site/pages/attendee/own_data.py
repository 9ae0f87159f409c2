"""Everybody's own data: seen from the page; taken along and erased by the second link."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.base import begin_writing
from event.consents import consents_of, withdraw
from event.data_requests import done_at_once
from event.informing import to_give
from event.journal import TAKEN_ALONG, note
from event.links import holder
from event.offer import TAKE_PART
from event.own_data import all_of
from forms.own_data import EraseForm, PressForm
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import way
from pages.attendee.done import SAID, tell
from pages.attendee.done import told as just_done
from pages.attendee.own_words import as_files, told
from pages.clock import now
from pages.database import db
from pages.forgetting import forget_person
from pages.security import shows_form_again

BY = "attendee"
OF_A_MINOR = "guardian"
"""That there is one tells an age."""


@page.get("/me/<secret>/data")
def data(secret: str) -> str:
    """What kinds of data there are, with how many: people forward this link, so no values."""
    attendee = holder(db.session(), secret, current.keys())
    held = all_of(db.session(), attendee)
    counts = {name: len(rows) for name, rows in held.items() if name != OF_A_MINOR}
    return render_template("attendee/data.html", attendee=attendee, secret=secret, counts=counts)


@page.get("/me/<secret>/change/<key>/data")
def own_data(secret: str, key: str) -> str:
    """All of it, in words, and what can be done with it."""
    return _show(_keeper(secret, key), secret, key)


@page.post("/me/<secret>/change/<key>/data.<any(zip, json, csv):format>")
@shows_form_again
def own_copy(secret: str, key: str, format: str) -> Response | tuple[str, int]:
    """A copy: JSON for programs, CSV for spreadsheets, both in one ZIP. It stands in the register,
    so it needs a press.
    """
    attendee = _keeper(secret, key)
    if not PressForm(request.form).validate():
        return _show(attendee, secret, key, stale=True), 400
    answer = as_files(all_of(db.session(), attendee), format, attendee.code)
    _enter("access", attendee, TAKEN_ALONG)
    return answer


@page.post("/me/<secret>/change/<key>/withdraw/<purpose>")
@shows_form_again
def withdraw_consent(secret: str, key: str, purpose: str) -> Response | tuple[str, int]:
    """End the consent to one purpose; without that to take part there is no place to keep."""
    attendee = _keeper(secret, key)
    if purpose == TAKE_PART:
        return redirect(url_for(".erase_me", secret=secret, key=key), 303)
    if not PressForm(request.form).validate():
        return _show(attendee, secret, key, stale=True), 400
    if withdraw(db.session(), attendee.id, purpose, at=now(), by=BY):
        _enter("withdrawal", attendee)
        tell(attendee.id, "withdrawn")
    return redirect(url_for(".own_data", secret=secret, key=key, _anchor="consents"), 303)


@page.route("/me/<secret>/change/<key>/erase", methods=["GET", "POST"])
@shows_form_again
def erase_me(secret: str, key: str) -> str | tuple[str, int]:
    """Say what goes and what remains, ask once, and erase."""
    attendee = _keeper(secret, key)
    form = EraseForm(request.form)
    if request.method == "GET" or not form.validate():
        shown = {"attendee": attendee, "secret": secret, "key": key, "form": form}
        status = 200 if request.method == "GET" else 400 if "csrf_token" in form.errors else 422
        return render_template("attendee/erase.html", **shown), status
    number = attendee.code
    _enter("deletion", attendee)
    forget_person(attendee, BY)
    return render_template("attendee/erased.html", number=number)


def _keeper(secret: str, key: str) -> Attendee:
    return way(secret, key).attendee


def _enter(kind: str, attendee: Attendee, verb: str = "") -> None:
    """Into the organisers' register, as settled: what, whose number and when, nothing else."""
    session = db.session()
    begin_writing(session)
    done_at_once(session, current.event(), kind, attendee.id, at=now())
    if verb:
        note(session, verb, "attendee", attendee.id, by=BY, at=now())
    session.commit()


def _show(attendee: Attendee, secret: str, key: str, *, stale: bool = False) -> str:
    session, done = db.session(), just_done(attendee.id)
    return render_template(
        "attendee/own_data.html",
        attendee=attendee,
        secret=secret,
        key=key,
        groups=told(all_of(session, attendee)),
        consents=session.execute(consents_of(attendee.id)).all(),
        offered=to_give(session, attendee),
        stale=stale,
        done=SAID[done[0]] if done else "",
    )
