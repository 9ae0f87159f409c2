"""People cancel, or hand their place to somebody else; each is asked about once."""

from flask import render_template
from werkzeug.wrappers import Response

from event.amendments import cancel
from event.handing_over import CameAlready, hand_over, has_come
from event.journal import ChangedMeanwhile
from event.line import how_many_in_line
from event.own_changes import THEMSELVES, may_give_back
from event.own_seats import NoPlace
from event.programme import Category
from forms.organiser import version_seen
from forms.own import HandOverForm, SureForm
from pages.attendee.blueprint import page
from pages.attendee.changing import Way, back, chosen, closed, keep_version, overview, way
from pages.clock import now
from pages.database import db
from pages.security import shows_form_again
from pages.worker import wake


@page.route("/me/<secret>/change/<key>/cancel", methods=["GET", "POST"])
@shows_form_again
def cancel_own(secret: str, key: str) -> Response | tuple[str, int]:
    """Say what follows; then do it."""
    theirs, form = way(secret, key), SureForm()
    if theirs.attendee.cancelled_at or closed():
        return overview(theirs), 409
    if not form.is_submitted():
        return _ask(theirs, form), 200
    if not form.validate():
        return _ask(theirs, form), 400
    try:
        cancel(
            db.session(), theirs.attendee, at=now(), by=THEMSELVES,
            seen=version_seen(form.seen.data),
        )  # fmt: skip
    except ChangedMeanwhile:
        form.seen.data = ""
        return _ask(theirs, form, changed=True), 409
    wake()
    return back(theirs)


def _ask(theirs: Way, form: SureForm, *, changed: bool = False) -> str:
    keep_version(form.seen, theirs.attendee)
    return render_template(
        "attendee/cancel.html",
        attendee=theirs.attendee,
        way=theirs.parts,
        slots=chosen(theirs.attendee),
        in_line=db.session().scalar(how_many_in_line()),
        form=form,
        changed=changed,
    )


@page.post("/me/<secret>/change/<key>/give-back")
@shows_form_again
def give_place_back(secret: str, key: str) -> Response | tuple[str, int]:
    """A place that came from the line, or the turn in it: one press, at any time."""
    theirs = way(secret, key)
    if not SureForm().validate():
        return overview(theirs, expired=True), 400
    if not may_give_back(db.session(), theirs.attendee):
        return overview(theirs, changed=True), 409
    cancel(db.session(), theirs.attendee, at=now(), by=THEMSELVES)
    wake()
    return back(theirs)


@page.route("/me/<secret>/change/<key>/hand-over", methods=["GET", "POST"])
@shows_form_again
def hand_on(secret: str, key: str) -> Response | tuple[str, int]:
    """Who comes instead; they get a link and a code of their own, and consent themselves."""
    theirs, form = way(secret, key), HandOverForm()
    if theirs.attendee.cancelled_at or theirs.attendee.line is not None or closed():
        return overview(theirs), 409
    if has_come(db.session(), theirs.attendee):
        return overview(theirs), 409
    if not form.is_submitted():
        return _who(theirs, form), 200
    if not form.validate():
        return _who(theirs, form), 400 if "csrf_token" in form.errors else 422
    try:
        hand_over(
            db.session(), theirs.attendee, form.successor(theirs.attendee.language),
            at=now(), by=THEMSELVES, seen=version_seen(form.seen.data),
        )  # fmt: skip
    except CameAlready:
        return overview(theirs), 409
    except (ChangedMeanwhile, NoPlace):
        form.seen.data = ""
        return _who(theirs, form, changed=True), 409
    wake()
    return back(theirs)


def _who(theirs: Way, form: HandOverForm, *, changed: bool = False) -> str:
    keep_version(form.seen, theirs.attendee)
    return render_template(
        "attendee/hand_over.html",
        attendee=theirs.attendee,
        way=theirs.parts,
        form=form,
        changed=changed,
        looked_at=db.session().get_one(Category, theirs.attendee.category_id).approval,
    )
