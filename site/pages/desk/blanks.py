"""Giving a blank badge to a person by one scan, from either side, and taking it back."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.badges import public_key
from event.binding import (
    AlreadyBound,
    MayNotUnbind,
    NoPlace,
    NotBlank,
    Wish,
    Withdrawn,
    bind,
    may_unbind,
    scanned_blank,
    unbind,
)
from event.blanks import Blank, UnknownBlank, code_of, one_blank
from event.names import clean
from event.scans import Scan, scans_of_blank
from forms.desk import LONGEST_CODE, only_digits
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page
from pages.desk.people import SHOWN, search, someone
from pages.desk.undoing import WHOLE, past
from pages.htmx import page_or_part

LONGEST_TYPED = 10
"""Characters of a number that a person types; what is longer came from a scanner."""


@dataclass(frozen=True)
class Refusal:
    """Why a blank could not be given; `other` is the person who has it."""

    words: str
    other: Attendee | None = None


@page.route("/people/<int(max=2147483647):number>/blank", methods=["GET", "POST"])
@access.needs("desk")
def give_blank(number: int) -> str | Response | tuple[str, int]:
    """One scan on this page, and the blank is this person's."""
    person = someone(number)
    if request.method == "GET":
        return _asking(person)
    typed = request.form.get("code", "")[:LONGEST_CODE]
    refusal = _given(typed, person)
    if refusal is None:
        return redirect(f"/checkin/people/{number}", 303)
    return _asking(someone(number), typed if len(typed) <= LONGEST_TYPED else "", refusal), 409


def _asking(person: Attendee, typed: str = "", refusal: Refusal | None = None) -> str:
    return render_template(
        "desk/give_blank.html",
        person=person,
        typed=typed,
        lost=bool(request.form.get("lost")),
        wrong=refusal.words if refusal else "",
        other=refusal.other if refusal else None,
    )


def _given(typed: str, person: Attendee) -> Refusal | None:
    """Bind what was scanned; None if that worked."""
    try:
        blank = scanned_blank(
            current.event(), only_digits(typed), public_key(current.keys().badges)
        )
    except NotBlank:
        return Refusal(_("This is no blank badge, or it was not read whole. Please scan it again."))
    return bound(blank, person)


def bound(blank: int, person: Attendee) -> Refusal | None:
    """Bind a blank and say so; else why it could not be."""
    wish = Wish(blank, person.id, lost=bool(request.form.get("lost")))
    told = {"code": code_of(blank), "name": person.titled_name}
    try:
        bind(db.session(), current.event(), wish, by=access.me().email, at=now())
    except UnknownBlank:
        return Refusal(_("No blank badge %(code)s was ever printed.", **told))
    except Withdrawn:
        return Refusal(_("The blank badge %(code)s was withdrawn.", **told))
    except AlreadyBound as taken:
        owner = someone(taken.attendee_id)
        return Refusal(_("The blank badge %(code)s belongs to somebody already:", **told), owner)
    except NoPlace:
        return Refusal(_("This registration was cancelled."))
    flash(_("The blank badge %(code)s is now that of %(name)s.", **told), "good")
    return None


@page.get("/blanks/<int(max=2147483647):number>")
@access.needs("desk")
def blank(number: int) -> str:
    """One blank badge: whose it is, or a search for the person; htmx gets the results alone."""
    return _about(one(number))


def one(number: int) -> Blank:
    """The blank badge of that number; answers 404 where none was printed."""
    return db.session().scalar(one_blank(number)) or abort(404)


def _about(blank: Blank, refusal: Refusal | None = None) -> str:
    asked = clean(request.args.get("q", ""))[:100]
    found, more = search(asked)
    scans = scans_of_blank(blank.id).where(Scan.undoes_id.is_(None)).options(*WHOLE)
    return page_or_part(
        "desk/blank.html",
        "desk/_owners.html",
        blank=blank,
        undoable=may_unbind(blank, access.me(), at=now()),
        scans=past(db.session().scalars(scans.limit(SHOWN)).all()),
        asked=asked,
        found=found,
        more=more,
        wrong=refusal.words if refusal else "",
        other=refusal.other if refusal else None,
    )


@page.post("/blanks/<int(max=2147483647):number>/bind")
@access.needs("desk")
def bind_blank(number: int) -> Response | tuple[str, int]:
    """Give it to the person who was found."""
    blank = one(number)
    chosen = request.form.get("attendee", "")
    known = chosen.isascii() and chosen.isdigit() and len(chosen) < LONGEST_TYPED
    person = someone(int(chosen)) if known else abort(422)
    refusal = bound(blank.id, person)
    if refusal is None:
        return redirect(f"/checkin/people/{person.id}", 303)
    return _about(one(number), refusal), 409


@page.post("/blanks/<int(max=2147483647):number>/unbind")
@access.needs("desk")
def unbind_blank(number: int) -> Response:
    """Take it back from the wrong person; then it waits for the right one."""
    code = code_of(number)
    try:
        unbind(db.session(), current.event(), number, access.me(), at=now())
        flash(_("The blank badge %(code)s belongs to nobody again.", code=code), "good")
    except UnknownBlank:
        flash(_("The blank badge %(code)s belongs to nobody.", code=code), "warn")
    except MayNotUnbind:
        flash(_("Only a supervisor can take this one back."), "bad")
    return redirect(f"/checkin/blanks/{number}", 303)
