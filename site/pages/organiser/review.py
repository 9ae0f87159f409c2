"""Entries that should not both have been let in, side by side; one press says what it was."""

import secrets
from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from event.corrections import Undo, undo
from event.judging import (
    OUTCOMES,
    UnknownReview,
    how_many_wait,
    one_of,
    open_again,
    page_of,
    settle,
)
from event.review import Review
from event.strays import Stray, UnknownStray, dismiss, strays
from forms.organiser import SureForm, a_number
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.verdicts import why
from pages.htmx import asked_by_htmx
from pages.organiser.blueprint import page
from pages.organiser.entries import cases_of, device_name, names_of
from pages.security import shows_form_again
from pages.wording import local
from pages.wording import number as written

ADMITTED = {
    "in": _l("let in"),
    "back": _l("back in"),
    "extra": _l("let in, not registered"),
}
KINDS = {
    "two_gates": _l("One badge at two gates within a minute"),
    "two_devices": _l("One badge at one gate, on two devices within a minute"),
    "twice": _l("Let in twice where a badge is taken once"),
    "objection": _l("Let in without a connection; the server would have refused"),
}
JUDGED = {
    "shared": _l("Shared badge"),
    "mistake": _l("Mistake"),
    "fine": _l("Fine"),
}
PRESSES = {
    "pair": JUDGED | {"mistake": _l("Mistake: take one back…")},
    "single": {"mistake": _l("Mistake: take it back…"), "fine": _l("Fine")},
}
"""What can be said of two entries, and of a single one; after a mistake a second press follows."""
BY_MISTAKE = "by_mistake"
STRAYS = 20
IN_SECONDS = 120


@page.get("/review")
@access.needs("supervisor")
def review() -> str:
    """What waits, oldest first; or what was settled, the last one first."""
    return _list()


@page.get("/review/<int:number>")
@access.needs("supervisor")
def review_one(number: int) -> str:
    """One of them alone."""
    return _show(_find(number))


@page.post("/review/<int:number>")
@access.needs("supervisor")
@shows_form_again
def settle_review(number: int) -> Response | str | tuple[str, int]:
    """Say what it was."""
    if not SureForm().validate():
        return _show(_find(number), stale=True), 400
    outcome = request.form.get("outcome", "")
    if outcome not in OUTCOMES:
        abort(400)
    try:
        found = settle(db.session(), number, outcome, by=access.me().email, at=now())
    except UnknownReview:
        abort(404)
    return _done(found, stays=outcome == "mistake")


@page.post("/review/<int:number>/open")
@access.needs("supervisor")
@shows_form_again
def open_review(number: int) -> Response | str | tuple[str, int]:
    """Take back what was said."""
    if not SureForm().validate():
        return _show(_find(number), stale=True), 400
    try:
        return _done(open_again(db.session(), number, by=access.me().email, at=now()), stays=True)
    except UnknownReview:
        abort(404)


@page.post("/review/<int:number>/take-back")
@access.needs("supervisor")
@shows_form_again
def take_entry_back(number: int) -> Response | str | tuple[str, int]:
    """Let one of the two entries count no more; the other one stays."""
    found = _find(number)
    if not SureForm().validate():
        return _show(found, stale=True), 400
    asked = request.form.get("scan", "")
    scan = next((s for s in found.scans if str(s.id) == asked), None)
    if scan is None:
        abort(400)
    found = settle(db.session(), number, "mistake", by=access.me().email, at=now())
    if found.outcome == "mistake" and not cases_of([found])[0].gone:
        wish = Undo(scan.id, access.device(), secrets.token_hex(8), BY_MISTAKE)
        undo(db.session(), current.event(), wish, access.me(), at=now())
    return _done(_find(number), stays=True)


@page.post("/review/strays/<int:number>")
@access.needs("supervisor")
@shows_form_again
def stray_seen(number: int) -> Response | tuple[str, int]:
    """Somebody looked at a report that was not understood."""
    if not SureForm().validate():
        return _list(stale=True), 400
    try:
        dismiss(db.session(), number, by=access.me().email, at=now())
    except UnknownStray:
        abort(404)
    return redirect(url_for("organiser.review") + "#strays", 303)


def _find(number: int) -> Review:
    try:
        return one_of(db.session(), number)
    except UnknownReview:
        abort(404)


def _done(found: Review, *, stays: bool) -> Response | str:
    """The same in its place for htmx; else on to the next one, unless something is left to do."""
    if asked_by_htmx():
        return _show(found)
    if stays:
        return redirect(url_for("organiser.review_one", number=found.id), 303)
    flash(_("Settled: %(what)s.", what=JUDGED[found.outcome]), "good")
    return redirect(url_for("organiser.review"), 303)


def _show(found: Review, *, stale: bool = False) -> str:
    template = "_review_pressed.html" if asked_by_htmx() else "review_one.html"
    (case,) = cases_of([found])
    return render_template(f"organiser/{template}", case=case, stale=stale, **_words())


def _list(*, stale: bool = False) -> str:
    done = request.args.get("show") == "settled"
    shown = page_of(db.session(), done=done, after=_after())
    lost = db.session().scalars(strays().limit(STRAYS)).all()
    names = names_of([s for r in shown.reviews for s in r.scans], lost)
    return render_template(
        "organiser/review.html",
        done=done,
        cases=cases_of(shown.reviews, names),
        more=shown.more,
        later=_after() is not None,
        waiting=db.session().scalar(how_many_wait()),
        strays=[(stray, device_name(stray.device, None, names)) for stray in lost],
        strays_left=_strays_left(),
        stale=stale,
        **_words(),
    )


def _strays_left() -> int:
    unseen = select(func.count()).select_from(Stray).where(Stray.seen_at.is_(None))
    return db.session().scalar(unseen) or 0


def _words() -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "judged": JUDGED,
        "presses": PRESSES,
        "admitted": ADMITTED,
        "why": why,
        "second": _second,
        "apart": _apart,
    }


def _second(moment: datetime) -> str:
    """24-hour time to the second: entries are told apart by it."""
    return f"{local(moment):%H:%M:%S}"


def _apart(one: datetime, other: datetime) -> str:
    seconds = round(abs((other - one).total_seconds()))
    if seconds < IN_SECONDS:
        return _("%(count)s seconds apart", count=seconds)
    return _("%(count)s minutes apart", count=written(round(seconds / 60)))


def _after() -> int | None:
    try:
        return a_number(request.args.get("after", ""))
    except ValueError:
        return None
