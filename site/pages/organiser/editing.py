"""Correcting one person's details and sessions, and putting somebody new down."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from event.amendments import as_stated, change
from event.attendees import Attendee, register
from event.bookings import SeatsClash, SeatsGone, UnknownSessions
from event.consents import Notice, notices
from event.guardians import Guardianship, guardian_of
from event.journal import ChangedMeanwhile
from event.offer import days
from event.programme import Slot, categories, sessions
from forms.organiser import PersonForm, version_seen
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.actions import changes_since
from pages.organiser.blueprint import page
from pages.organiser.person import someone, version_of
from pages.organiser.stories import label, said
from pages.security import shows_form_again
from pages.wording import phone, words

LOST_RACE = (SeatsGone, SeatsClash, UnknownSessions)


@page.route("/people/new", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def new_person() -> Response | tuple[str, int]:
    """Name, organisation and category are enough; a double press puts down one person."""
    offered = _notices()
    form = _form()
    if not form.is_submitted():
        form.nonce.data = secrets.token_hex(16)
        return _show_new(form, offered), 200
    if not form.validate():
        return _show_new(form, offered), 400 if "csrf_token" in form.errors else 422
    try:
        put_down = register(
            db.session(),
            form.registration(language="vi", notices=offered),
            at=now(), by=access.me().email, nonce=form.nonce.data or None,
        )  # fmt: skip
    except LOST_RACE:
        return _show_new(_judged_again(), offered), 409
    flash(_("%(name)s is put down.", name=put_down.attendee.name), "good")
    return _to(put_down.attendee.id)


@page.route("/people/<int:number>/edit", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def edit_person(number: int) -> Response | tuple[str, int]:
    """The same questions and rules as at registration; the badge stays valid."""
    attendee = someone(number)
    if attendee.cancelled_at is not None:
        flash(_("Reinstate the registration first."), "warn")
        return _to(number)
    before = as_stated(db.session(), attendee)
    if request.method == "GET":
        return _show_edit(attendee, _form(before, filled=before)), 200
    form = _form(before)
    if not form.validate():
        return _show_edit(attendee, form), 400 if "csrf_token" in form.errors else 422
    try:
        _change(attendee, form)
    except ChangedMeanwhile:
        return _conflict(someone(number)), 409
    except LOST_RACE:
        return _show_edit(someone(number), _judged_again(before)), 409
    flash(_("The correction is kept."), "good")
    return _to(number)


def _change(attendee: Attendee, form: PersonForm) -> None:
    stated = form.registration(language=attendee.language, interests=attendee.interests)
    seen = version_seen(form.seen.data)
    change(db.session(), attendee, stated, at=now(), by=access.me().email, seen=seen)


def _to(number: int) -> Response:
    return redirect(url_for("organiser.person", number=number), 303)


def _notices() -> Sequence[Notice]:
    return db.session().scalars(notices()).all()


def _form(before: Mapping[str, str] | None = None, **options: Any) -> PersonForm:
    """A form over what is on offer now; `filled` puts in what is known so far."""
    session = db.session()
    filled = dict(options.pop("filled", {}))
    if filled:
        filled["sessions"] = filled["sessions"].split()
        filled["phone"] = phone(filled["phone"])
    return PersonForm(
        categories=session.scalars(categories()).all(),
        slots=_slots(session),
        held=(before or {}).get("sessions", "").split(),
        data=filled,
    )


def _slots(session: Session) -> Sequence[Slot]:
    rooms_and_tracks = joinedload(Slot.room), joinedload(Slot.track)
    query = sessions().options(*rooms_and_tracks).execution_options(populate_existing=True)
    return session.scalars(query).unique().all()


def _judged_again(before: Mapping[str, str] | None = None) -> PersonForm:
    """What was typed, against the programme of this moment: the last seat just went."""
    form = _form(before)
    form.validate()
    return form


def _show_new(form: PersonForm, offered: Sequence[Notice]) -> str:
    return _show(form, person=None, notices=offered)


def _show_edit(attendee: Attendee, form: PersonForm) -> str:
    if not form.seen.data:
        form.seen.data = str(version_of(attendee))
    return _show(form, person=attendee, guardian=_guardian(attendee))


def _guardian(attendee: Attendee) -> Guardianship | None:
    return guardian_of(db.session(), attendee.id)


def _conflict(attendee: Attendee) -> str:
    """What was typed stays; beside it what stands there now, and who put it there."""
    stands = as_stated(db.session(), attendee)
    form = _judged_again(stands)
    meanwhile = changes_since(attendee, form)
    form.seen.data = str(version_of(attendee))
    return _show(
        form,
        person=attendee,
        guardian=_guardian(attendee),
        meanwhile=meanwhile,
        differences=_differences(stands, form),
    )


def _differences(stands: Mapping[str, str], form: PersonForm) -> dict[str, tuple[str, str, str]]:
    """By field: what it is called, what stands there now, and what was typed instead."""
    typed = form.answers() | {"sessions": " ".join(sorted(form.sessions.data))}
    now_there = dict(stands) | {"sessions": " ".join(sorted(stands["sessions"].split()))}
    names = {
        "category": dict(form["category"].offered()),
        "sessions": {slot.key: words(slot.title) for slot in form.slots},
    }
    return {
        name: (label(name), said(name, now_there[name], names), said(name, typed[name], names))
        for name in typed
        if typed[name] != now_there[name]
    }


def _show(form: PersonForm, **context: Any) -> str:
    return render_template(
        "organiser/edit.html",
        form=form,
        days=list(days(form.slots, ZoneInfo(current.event().zone))),
        **context,
    )
