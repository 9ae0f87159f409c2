"""Personal data as organisers see to them: the register of wishes, and when everybody is erased."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.about import about
from event.data_requests import DataRequest, data_requests
from event.erasing import erasures, rows_that_tell
from event.retention import NotYet, say_yes, take_back, yes_to
from forms.data_requests import KINDS, WAYS
from forms.organiser import SureForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.data_requests import outcome, today
from pages.organiser.stories import who
from pages.security import shows_form_again

SHOWN = 500


@page.get("/data")
@access.needs("organiser")
def personal_data() -> str:
    """The wishes with their deadlines, and the day after which everybody is erased."""
    return _show()


@page.post("/data/<any(yes, no):answer>")
@access.needs("organiser")
@shows_form_again
def agree_to_erasure(answer: str) -> Response | tuple[str, int]:
    """An organiser's yes to the nightly erasure, or its end."""
    if not SureForm().validate():
        return _show(stale=True), 400
    verb = say_yes if answer == "yes" else take_back
    try:
        verb(db.session(), current.event(), at=now(), by=access.me().email)
    except NotYet:
        return _show(), 409
    said = _("Everybody will be erased in the night after that day.")
    flash(said if answer == "yes" else _("Nobody will be erased by itself."), "good")
    return redirect(url_for("organiser.personal_data"), 303)


def _show(*, stale: bool = False) -> str:
    session, event = db.session(), current.event()
    wishes = data_requests().options(joinedload(DataRequest.attendee)).limit(SHOWN)
    return render_template(
        "organiser/personal_data.html",
        wishes=session.scalars(wishes).all(),
        kinds=KINDS,
        ways=WAYS,
        outcome=outcome,
        today=today(),
        kept=about(event),
        yes=session.scalar(yes_to(event)),
        counts=rows_that_tell(session),
        erasures=session.scalars(erasures().limit(SHOWN)).all(),
        who=who,
        stale=stale,
    )
