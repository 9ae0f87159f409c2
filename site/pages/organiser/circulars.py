"""Letters to many: written, looked at, tried out, sent, and followed until they have arrived."""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.circulars import (
    KIND,
    AlreadySent,
    Written,
    addressed,
    discard,
    go_on,
    pause,
    progress,
    reach,
    rewrite,
    send_all,
    stop,
    try_out,
    write,
)
from event.mail import Circular, Mail
from event.people import CODE
from forms.downloads import ExportForm
from forms.mails import CircularForm
from forms.organiser import a_number
from forms.printing import InWords
from pages import access
from pages.clock import now
from pages.database import db
from pages.htmx import page_or_part
from pages.letters import letter
from pages.organiser.blueprint import page
from pages.organiser.known import known
from pages.reading import framed
from pages.security import shows_form_again
from pages.worker import wake

LANGUAGES = ("vi", "en")
ONE = "/circulars/<int(max=2147483647):number>"


def circular_of(number: int) -> Circular:
    """The letter of that number; answers 404 where there is none."""
    return db.session().get(Circular, number) or abort(404)


@page.route("/circulars/new", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def new_circular() -> Response | str | tuple[str, int]:
    """Whom and what; nothing goes out yet."""
    form, people = CircularForm(), ExportForm(request.values, known())
    if not form.is_submitted():
        return _form(form, people)
    if not _valid(form, people):
        return _form(form, people), 400 if "csrf_token" in form.errors else 422
    kept = write(db.session(), _written(form, people), by=access.me().email, at=now())
    return _to(kept.id)


@page.route(f"{ONE}/edit", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def edit_circular(number: int) -> Response | str | tuple[str, int]:
    """Other words, or other people, as long as nothing has gone out."""
    found = circular_of(number)
    form = CircularForm(data=_typed(found))
    people = ExportForm(request.form if form.is_submitted() else _address(found.people), known())
    if not form.is_submitted():
        return _form(form, people, number)
    if not _valid(form, people):
        return _form(form, people, number), 400 if "csrf_token" in form.errors else 422
    try:
        written = _written(form, people)
        rewrite(db.session(), found, written, by=access.me().email, at=now())
    except AlreadySent:
        flash(_("This letter has gone out already and cannot be changed."), "warn")
    return _to(number)


def _address(people: Mapping[str, str]) -> Any:
    """Whom a letter is for, as a form reads it."""
    return type(request.args)(people)


def _typed(found: Circular) -> dict[str, Any]:
    return {
        "subject": found.subject.vi,
        "subject_en": found.subject.en,
        "body": found.body.vi,
        "body_en": found.body.en,
        "with_badge": found.with_badge,
    }


def _valid(form: CircularForm, people: ExportForm) -> bool:
    """Both are asked, so that all errors show at once."""
    good = form.validate(), people.validate()
    return all(good)


def _written(form: CircularForm, people: ExportForm) -> Written:
    return Written(**form.words, people=people.people, with_badge=bool(form.with_badge.data))


def _form(form: CircularForm, people: ExportForm, number: int | None = None) -> str:
    return render_template(
        "organiser/circular_form.html",
        form=form,
        people=people,
        number=number,
        reach=None if people.errors else reach(db.session(), people.people),
    )


def _to(number: int) -> Response:
    return redirect(url_for("organiser.circular", number=number), 303)


@page.get(ONE)
@access.needs("organiser")
def circular(number: int) -> str:
    """A draft with whom it will reach and how it will look; later, how far it is."""
    found = circular_of(number)
    chosen = CODE.search(request.args.get("person", ""))
    return page_or_part(
        "organiser/circular.html",
        "organiser/_circular.html",
        letter=found,
        people=InWords(known()).lines(found.people),
        reach=None if found.started_at else reach(db.session(), found.people),
        progress=progress(db.session(), number),
        per_minute=int(current_app.config["MAIL_PER_MINUTE"]),
        **_shown_for(found, int(chosen[0]) if chosen else 0),
        chosen=request.args.get("person", ""),
    )


def _shown_for(found: Circular, number: int) -> dict[str, Any]:
    """Who the letter is shown for, the subject as they get it, and the first of each language."""
    reader = _reader(found, number)
    seen = letter(_as_mail(found, reader)) if reader else None
    first = {language: _reader(found, language=language) for language in LANGUAGES}
    return {"reader": reader, "subject": seen["Subject"] if seen else "", "first": first}


def _reader(found: Circular, number: int = 0, *, language: str = "") -> Attendee | None:
    """The person it is shown for: the one asked for, else the first, or first of a language."""
    query = addressed(found.people)
    if language:
        query = query.where(Attendee.language == language)
    if number:
        query = select(Attendee).where(Attendee.id == number, Attendee.email != "")
    return db.session().scalar(query.options(joinedload(Attendee.category)).limit(1))


@page.get(f"{ONE}/preview")
@access.needs("organiser")
def circular_preview(number: int) -> Response:
    """The letter as one person will get it, for the frame on its page."""
    found = circular_of(number)
    reader = _reader(found, request.args.get("person", 0, type=a_number)) or abort(404)
    return framed(letter(_as_mail(found, reader)) or abort(404))


def _as_mail(found: Circular, reader: Attendee) -> Mail:
    """Only to be looked at."""
    return Mail(
        attendee_id=reader.id, circular_id=found.id, kind=KIND, address="", queued_at=now(), id=0
    )


@page.post(f"{ONE}/trial")
@access.needs("organiser")
def circular_trial(number: int) -> Response:
    """To the organiser who asks, nobody else."""
    me = access.me().email
    try_out(db.session(), circular_of(number), me, at=now())
    wake()
    flash(_("A trial is on its way to %(address)s.", address=me), "good")
    return _to(number)


@page.get(f"{ONE}/send")
@access.needs("organiser")
def ask_before_sending(number: int) -> Response | str:
    """To whom and how many, once more, before anything goes out."""
    found = circular_of(number)
    if found.started_at:
        return _to(number)
    return render_template(
        "organiser/send_to_all.html",
        letter=found,
        people=InWords(known()).lines(found.people),
        reach=reach(db.session(), found.people),
        **_shown_for(found, 0),
    )


@page.post(f"{ONE}/send")
@access.needs("organiser")
def circular_send(number: int) -> Response:
    """To all of them; a second press sends nothing."""
    send_all(db.session(), circular_of(number), by=access.me().email, at=now())
    wake()
    return _to(number)


@page.post(f"{ONE}/pause")
@access.needs("organiser")
def circular_pause(number: int) -> Response:
    """Leave the rest for later."""
    pause(db.session(), circular_of(number), at=now())
    return _to(number)


@page.post(f"{ONE}/go-on")
@access.needs("organiser")
def circular_go_on(number: int) -> Response:
    """Send the rest."""
    go_on(db.session(), circular_of(number))
    wake()
    return _to(number)


@page.post(f"{ONE}/stop")
@access.needs("organiser")
def circular_stop(number: int) -> Response:
    """Take the rest back for good."""
    stop(db.session(), circular_of(number), by=access.me().email, at=now())
    return _to(number)


@page.post(f"{ONE}/discard")
@access.needs("organiser")
def circular_discard(number: int) -> Response:
    """Forget a draft."""
    try:
        discard(db.session(), circular_of(number))
    except AlreadySent:
        flash(_("This letter has gone out already and cannot be changed."), "warn")
        return _to(number)
    flash(_("The draft is gone."), "good")
    return redirect(url_for("organiser.mails"), 303)
