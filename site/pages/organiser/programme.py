"""The programme: seen as a whole, and changed session by session without losing anybody's seat."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.about import about
from event.bookings import UnknownSessions
from event.in_use import InUse
from event.journal import ChangedMeanwhile, history, version
from event.moves import moves
from event.offer import days
from event.programme import Slot, rooms, tracks
from event.sittings import SlotFacts, WrongSession
from event.timetable import (
    add_session,
    affected,
    change_session,
    facts_of,
    free_key,
    refuse_change,
    remove_session,
)
from event.timetable import programme as whole
from event.waiting import lengths
from forms.organiser import SureForm, version_seen
from forms.programme import EventFileForm, SessionForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.numbers import days_of
from pages.organiser.phrases import KINDS, RULES
from pages.organiser.stories import stories
from pages.problems import sentence
from pages.security import shows_form_again
from pages.wording import words

NAMED = 100
"""How many of the people affected are named; the others are counted."""


@page.get("/programme")
@access.needs("organiser")
def programme() -> str:
    """The event and its sessions by day, and the event file to take along or bring."""
    return overview(EventFileForm())


def overview(form: EventFileForm, **context: Any) -> str:
    """The page, with what an event file that was sent in has to say."""
    event = current.event()
    slots = whole(db.session()).values()
    return render_template(
        "organiser/programme.html",
        event=event,
        shown=about(event),
        days=list(days(slots, zone())),
        form=form,
        waiting=dict(db.session().execute(lengths()).all()),
        **context,
    )


def zone() -> ZoneInfo:
    """The clock of the event's place."""
    return ZoneInfo(current.event().zone)


@page.route("/programme/new", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def new_session() -> Response | tuple[str, int]:
    """Add a session; its key is found by itself."""
    form = _form()
    if not form.is_submitted():
        return _show(form), 200
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    key = free_key(db.session(), form.track.data or form.kind.data)
    try:
        slot = add_session(db.session(), form.facts(key, zone()), at=now(), by=access.me().email)
    except WrongSession as wrong:
        return _wrong(form, wrong), 422
    flash(_("“%(title)s” is in the programme.", title=words(slot.title)), "good")
    return redirect(url_for("organiser.programme"), 303)


@page.route("/programme/<key>/edit", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def edit_session(key: str) -> Response | tuple[str, int]:
    """Change a session; if it moves in time or place, the people affected are listed first."""
    slot, form = _slot(key), _form()
    before = facts_of(slot)
    if request.method == "GET":
        form.fill(before, zone())
        return _show(form, slot), 200
    if not form.validate():
        return _show(form, slot), 400 if "csrf_token" in form.errors else 422
    facts = form.facts(key, zone(), before)
    if moves(slot, facts) and slot.taken and not form.confirmed.data:
        return _ask_if_possible(slot, form, facts)
    return _change(slot, form, facts)


def _ask_if_possible(slot: Slot, form: SessionForm, facts: SlotFacts) -> tuple[str, int]:
    """Nobody confirms a move that is going to be refused anyway."""
    try:
        refuse_change(db.session(), slot, facts)
    except WrongSession as wrong:
        return _wrong(form, wrong, slot), 422
    except InUse as refused:
        form.capacity.errors = (sentence(refused.problem),)
        return _show(form, slot), 409
    return _ask(slot, form, facts), 200


def _change(slot: Slot, form: SessionForm, facts: SlotFacts) -> Response | tuple[str, int]:
    try:
        change_session(
            db.session(), slot, facts, at=now(), by=access.me().email,
            seen=version_seen(form.seen.data),
        )  # fmt: skip
    except ChangedMeanwhile:
        form.confirmed.data = ""
        return _show(form, _slot(facts.key), outdated=True), 409
    except WrongSession as wrong:
        return _wrong(form, wrong, _slot(facts.key)), 422
    except InUse as refused:
        form.capacity.errors = (sentence(refused.problem),)
        return _show(form, _slot(facts.key)), 409
    except UnknownSessions:
        abort(404)
    flash(_("The change is in the programme."), "good")
    return redirect(url_for("organiser.programme"), 303)


@page.route("/programme/<key>/remove", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def remove(key: str) -> Response | tuple[str, int]:
    """Take a session out; while people hold seats in it this is refused, and they are listed."""
    slot, form = _slot(key), SureForm()
    if request.method == "GET" or not form.validate():
        return _removal(slot, form), 400 if form.errors else 200
    try:
        remove_session(db.session(), slot, at=now(), by=access.me().email)
    except InUse as refused:
        return _removal(_slot(key), form, refused=sentence(refused.problem)), 409
    except UnknownSessions:
        abort(404)
    flash(_("The session is taken out of the programme."), "good")
    return redirect(url_for("organiser.programme"), 303)


def _slot(key: str) -> Slot:
    return whole(db.session()).get(key) or abort(404)


def _version(slot: Slot) -> int:
    return db.session().scalar(version("slot", slot.id)) or 0


def _form() -> SessionForm:
    session = db.session()
    form = SessionForm()
    form.offer(
        days_of(current.event()),
        {track.key: words(track.name) for track in session.scalars(tracks())},
        {room.key: words(room.name) for room in session.scalars(rooms())},
        KINDS,
        RULES,
    )
    return form


def _wrong(form: SessionForm, wrong: WrongSession, slot: Slot | None = None) -> str:
    """Put each problem to the field it is about."""
    form.confirmed.data = ""
    for problem in wrong.problems:
        name = problem.where if problem.where in form else "title"
        field = form[name]
        field.errors = (" ".join([*field.errors, sentence(_named(problem, form))]),)
    return _show(form, slot)


def _named(problem: Any, form: SessionForm) -> Any:
    """A room by its name: its key is for files."""
    room = problem.values.get("room")
    names = dict(form.room.choices)
    return replace(problem, values={**problem.values, "room": names[room]}) if room else problem


def _show(form: SessionForm, slot: Slot | None = None, *, outdated: bool = False) -> str:
    if slot and (outdated or not form.seen.data):
        form.seen.data = str(_version(slot))
    changes = db.session().scalars(history("slot", slot.id)).all() if slot else []
    return render_template(
        "organiser/session_form.html",
        form=form,
        slot=slot,
        stories=stories(changes),
        outdated=outdated,
    )


def _ask(slot: Slot, form: SessionForm, facts: SlotFacts) -> str:
    form.confirmed.data = "yes"
    return render_template(
        "organiser/moving.html",
        slot=slot,
        facts=facts,
        form=form,
        room=dict(form.room.choices).get(facts.room or ""),
        people=people_in(slot),
    )


def _removal(slot: Slot, form: SureForm, **context: Any) -> str:
    return render_template(
        "organiser/remove_session.html", slot=slot, form=form, people=people_in(slot), **context
    )


def people_in(slot: Slot) -> Sequence[Any]:
    """Those with a seat, as far as they are named one by one."""
    return db.session().scalars(affected(slot).limit(NAMED)).all()
