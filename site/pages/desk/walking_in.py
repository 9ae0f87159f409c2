"""Walk-ins: one short form, and the person is put down, let in and has a badge."""

import secrets
from collections.abc import Sequence

from flask import abort, flash, jsonify, make_response, redirect, render_template, request
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.attendees import Attendee, Registration, register
from event.badges import public_key
from event.blanks import Blank
from event.checkin import Scanned
from event.consents import notices
from event.programme import Category, Checkpoint, categories
from event.walkins import alike, walk_in
from forms.desk import WalkInForm, WrongScan
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blanks import bound, one
from pages.desk.blueprint import chosen, page
from pages.desk.verdicts import shown
from pages.security import shows_form_again

VISITOR = "visitor"


@page.route("/walk-in", methods=["GET", "POST"])
@access.needs("desk")
@shows_form_again
def walk_ins() -> tuple[str, int] | Response:
    """The form; pressed twice or reloaded, it is still one person let in once."""
    place = chosen()
    if place is None:
        return redirect("/checkin/checkpoint")
    form = _form()
    if request.method == "GET":
        form.nonce.data = secrets.token_hex(16)
        form.blank.data = request.args.get("blank", "")
        form["category"].data = _usual(form)
        return _shown(form, place), 200
    if not form.validate():
        return _shown(form, place), 422
    stated = form.registration(current.language(), _usual(form))
    twins = [] if form.confirmed.data else _twins(stated, form.press())
    if twins:
        return _shown(form, place, twins), 409
    blank = _blank(form)
    return _given(form, stated, blank) if blank else _let_in(form, stated, place)


def _form() -> WalkInForm:
    session = db.session()
    offered = categories()
    if not access.me().may("supervisor"):
        offered = offered.where(Category.public)
    return WalkInForm(tuple(session.scalars(notices())), categories=session.scalars(offered).all())


def _blank(form: WalkInForm) -> Blank | None:
    """The blank badge that was scanned before they were put down."""
    try:
        number = form.blank_number
    except WrongScan:
        abort(404)
    return one(number) if number else None


def _usual(form: WalkInForm) -> str:
    """What most who walk in come as: visitors, where the event has them."""
    keys = [category.key for category in form["category"].categories]
    return VISITOR if VISITOR in keys else keys[0]


def _twins(stated: Registration, press: str) -> Sequence[Attendee]:
    """Who this may be already; not the person whom this very form put down."""
    others = alike(stated).where(Attendee.nonce.is_distinct_from(press))
    return db.session().scalars(others.options(joinedload(Attendee.category)).limit(5)).all()


def _shown(form: WalkInForm, place: Checkpoint, twins: Sequence[Attendee] = ()) -> str:
    form.focus_first_mistake()
    return render_template(
        "desk/walk_in.html",
        form=form,
        place=place,
        blank=_blank(form),
        closed=place.slot is not None and place.slot.rule == "registered_only",
        twins=twins,
        new_nonce=lambda: secrets.token_hex(8),
    )


def _given(form: WalkInForm, stated: Registration, blank: Blank) -> Response:
    """Put down with the blank badge as their own, which counts where it was let in."""
    by = access.me().email
    person = register(db.session(), stated, at=now(), by=by, nonce=form.press()).attendee
    refusal = bound(blank.id, person)
    if refusal:
        flash(refusal.words, "bad")
    return redirect(f"/checkin/people/{person.id}", 303)


def _let_in(form: WalkInForm, stated: Registration, place: Checkpoint) -> Response:
    """The verdict: as facts for the page that sent the form by script, else as a page."""
    person = access.me()
    scanned = Scanned(
        device=access.device(),
        nonce=form.press(),
        checkpoint=place.key,
        method="search",
        scanned_at=now(),
        staff_id=person.id,
    )
    key = public_key(current.keys().badges)
    verdict = walk_in(
        db.session(), current.event(), stated, scanned, key, at=now(), by=person.email
    )
    facts = shown(verdict) | {"walked_in": True}
    if request.accept_mimetypes.best == "application/json":
        return jsonify(facts)
    nonce = secrets.token_hex(8)
    return make_response(
        render_template("desk/verdict.html", verdict=facts, place=place, nonce=nonce)
    )
