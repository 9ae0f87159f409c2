"""The link once more, for whoever lost it: it goes to the address on file, whoever asks."""

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from event.finding import ask_for_link
from event.staff import TooManyAttempts
from forms.finding import FindForm
from pages.attendee.blueprint import page
from pages.clock import now
from pages.crowding import network
from pages.database import db
from pages.security import shows_form_again
from pages.worker import wake


@page.get("/find")
def find() -> str:
    """The form."""
    return _show(FindForm())


@page.post("/find")
@shows_form_again
def look_for() -> Response | str | tuple[str, int]:
    """The same answer, in the same time, whether anybody is registered with it or not."""
    form = FindForm()
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    try:
        origin = network(request.remote_addr or "")
        ask_for_link(db.session(), form.asked.data or "", origin=origin, at=now())
    except TooManyAttempts:
        abort(429)
    wake()
    return render_template("attendee/find_asked.html", by_mail="@" in (form.asked.data or ""))


def _show(form: FindForm) -> str:
    return render_template("attendee/find.html", form=form)
