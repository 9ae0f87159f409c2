"""Registration as organisers steer it: open or closed, and who waits for their yes."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.approving import approve, asks, decline, who_wait
from event.attendees import Attendee
from event.limits import limits
from event.line import in_line
from event.opening import opening, switch
from forms.organiser import SureForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.person import held, someone
from pages.organiser.queues import standings
from pages.security import shows_form_again
from pages.worker import wake

SHOWN = 500
SAID = {"open": "open", "closed": "closed", "times": ""}


@page.get("/registration")
@access.needs("organiser")
def registration() -> str:
    """Whether it is open, the switch, and who waits for an answer."""
    return _show()


@page.post("/registration/<any(open, closed, times):word>")
@access.needs("organiser")
@shows_form_again
def switch_registration(word: str) -> Response | tuple[str, int]:
    """At once, for everybody; forms that are being filled in are told so."""
    if not SureForm().validate():
        return _show(stale=True), 400
    switch(db.session(), current.event(), SAID[word], at=now(), by=access.me().email)
    flash(_("Noted."), "good")
    return redirect(url_for("organiser.registration"), 303)


@page.get("/registration/people/<int:number>/no")
@access.needs("organiser")
def ask_before_declining(number: int) -> str | Response:
    """What a refusal does, before it is done."""
    attendee = someone(number)
    if not asks(attendee):
        flash(_("That has been done already, or is not possible any more."), "warn")
        return redirect(url_for("organiser.registration"), 303)
    return render_template("organiser/decline.html", person=attendee, seats=held(attendee))


@page.post("/registration/people/<int:number>/<any(yes, no):answer>")
@access.needs("organiser")
@shows_form_again
def answer_to(number: int, answer: str) -> Response | tuple[str, int]:
    """Yes or no; the person hears of it by mail."""
    if not SureForm().validate():
        return _show(stale=True), 400
    attendee = someone(number)
    verb = approve if answer == "yes" else decline
    if verb(db.session(), attendee, at=now(), by=access.me().email):
        wake()
        said = _("%(name)s is approved.") if answer == "yes" else _("%(name)s is not approved.")
        flash(said % {"name": attendee.titled_name}, "good")
    else:
        flash(_("That has been done already, or is not possible any more."), "warn")
    return redirect(url_for("organiser.registration"), 303)


def _show(*, stale: bool = False) -> str:
    event = current.event()
    people = who_wait().options(joinedload(Attendee.category)).limit(SHOWN)
    return render_template(
        "organiser/registration.html",
        opening=opening(event, now()),
        said=event.registration,
        people=db.session().scalars(people).all(),
        standings=list(standings(limits(db.session()), db.session().scalars(in_line()).all())),
        stale=stale,
    )
