"""People whom somebody else put down agree by the link that only they were given."""

from flask import request
from werkzeug.wrappers import Response

from event.consents import notices
from event.informing import THEMSELVES, Agreement, acknowledge
from forms.registration import NoticeForm, purposes
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import back, overview, way
from pages.clock import now
from pages.database import db
from pages.security import shows_form_again


@page.post("/me/<secret>/change/<key>/agree")
@shows_form_again
def agree_oneself(secret: str, key: str) -> Response | tuple[str, int]:
    """Keep what they agree to: taking part, and what else they tick."""
    theirs, form = way(secret, key), NoticeForm(request.form)
    if not form.validate():
        return overview(theirs, expired=True), 400
    words = db.session().scalars(notices()).all()
    agreement = Agreement(purposes(form.agreed.data, words), current.language())
    acknowledge(db.session(), theirs.attendee, agreement, at=now(), by=THEMSELVES)
    return back(theirs, "agreed")
