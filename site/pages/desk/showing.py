"""A guest without mail or link: the desk shows the code again, or sends the confirmation again."""

from flask import abort, flash, redirect, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from event.badges import token_of
from event.resending import NoAddress, send_again
from exports import qr
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page
from pages.desk.people import someone
from pages.letters import change_page_of, page_of, site_url
from pages.pictures import outside_address, picture
from pages.worker import wake


@page.get("/people/<int(max=2147483647):number>/code")
@access.needs("desk")
def show_code(number: int) -> str:
    """Large, for the guest to photograph; beside it what opens their own page on their phone."""
    attendee = someone(number)
    if not attendee.has_badge:
        abort(409)
    token = token_of(db.session(), current.event(), attendee, current.keys().badges)
    return render_template(
        "desk/code.html",
        person=attendee,
        code=qr.svg(token),
        own_page=_drawn(page_of(attendee)),
        change_page=_drawn(change_page_of(attendee)),
    )


def _drawn(address: str) -> Markup:
    """As phones at the venue reach it."""
    return picture(address.replace(site_url(), outside_address(), 1))


@page.post("/people/<int(max=2147483647):number>/mail")
@access.needs("desk")
def mail_once_more(number: int) -> Response:
    """The confirmation goes once more to the address on file; correcting it is a supervisor's."""
    attendee = someone(number)
    try:
        send_again(db.session(), attendee, attendee.email, by=access.me().email, at=now())
    except NoAddress:
        flash(_("There is no address to write to. Show the code instead."), "warn")
    else:
        wake()
        flash(_("The confirmation is on its way to %(address)s.", address=attendee.email), "good")
    return redirect(f"/checkin/people/{number}/code", 303)
