"""A consent that somebody withdraws by phone, by letter or at the desk."""

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.consents import withdraw
from event.offer import TAKE_PART
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.person import someone


@page.post("/people/<int:number>/withdraw/<purpose>")
@access.needs("supervisor")
def withdraw_for(number: int, purpose: str) -> Response:
    """End it; the journal keeps who noted that. Without the one to take part, data are erased."""
    attendee = someone(number)
    if purpose == TAKE_PART:
        abort(409)
    if withdraw(db.session(), attendee.id, purpose, at=now(), by=access.me().email):
        flash(_("The consent is withdrawn: no list for this purpose names them any more."), "good")
    return redirect(url_for("organiser.person", number=number), 303)
