"""People correct their own details and choose other sessions, all in one step."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.amendments import as_stated
from event.bookings import SeatsClash, SeatsGone, UnknownSessions
from event.journal import ChangedMeanwhile
from event.offer import days
from event.own_changes import correct_oneself, is_looked_at
from event.own_seats import NoPlace
from event.programme import Slot, sessions
from forms.organiser import version_seen
from forms.own import OwnForm
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import Way, back, closed, keep_version, overview, way
from pages.clock import now
from pages.database import db
from pages.security import shows_form_again
from pages.wording import phone
from pages.worker import wake


@page.route("/me/<secret>/change/<key>/details", methods=["GET", "POST"])
@shows_form_again
def correct(secret: str, key: str) -> Response | tuple[str, int]:
    """The questions of the registration, filled in; a stale page loses nothing that was typed."""
    theirs = way(secret, key)
    if theirs.attendee.cancelled_at or closed():
        return overview(theirs), 409
    before = as_stated(db.session(), theirs.attendee)
    form = _form(before)
    if request.method == "GET":
        return _show(theirs, form), 200
    if not form.validate():
        return _show(theirs, form), 400 if "csrf_token" in form.errors else 422
    try:
        _change(theirs, form, before["category"])
    except ChangedMeanwhile:
        return _again(theirs, changed=True), 409
    except NoPlace:
        return overview(theirs, changed=True), 409
    except (SeatsGone, SeatsClash, UnknownSessions):
        return _again(theirs), 409
    wake()
    return back(theirs, "saved")


def _change(theirs: Way, form: OwnForm, category: str) -> None:
    stated, seen = form.registration(category), version_seen(form.seen.data)
    correct_oneself(db.session(), theirs.attendee, stated, at=now(), seen=seen)


def _again(theirs: Way, *, changed: bool = False) -> str:
    """What was typed, beside the programme and the registration as they are at this moment."""
    form = _form(as_stated(db.session(), theirs.attendee))
    form.validate()
    if changed:
        form.seen.data = ""
    return _show(theirs, form, changed=changed)


def _form(before: dict[str, str]) -> OwnForm:
    known = dict(before) | {"phone": phone(before["phone"])}
    filled: dict[str, Any] = known | {"sessions": before["sessions"].split()}
    return OwnForm(slots=_slots(), held=filled["sessions"], data=filled)


def _slots() -> Sequence[Slot]:
    rooms_and_tracks = joinedload(Slot.room), joinedload(Slot.track)
    query = sessions().options(*rooms_and_tracks).execution_options(populate_existing=True)
    return db.session().scalars(query).unique().all()


def _show(theirs: Way, form: OwnForm, *, changed: bool = False) -> str:
    keep_version(form.seen, theirs.attendee)
    return render_template(
        "attendee/correct.html",
        attendee=theirs.attendee,
        way=theirs.parts,
        form=form,
        days=list(days(form.slots, ZoneInfo(current.event().zone))),
        changed=changed,
        looked_at=is_looked_at(db.session(), theirs.attendee),
    )
