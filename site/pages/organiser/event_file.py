"""The whole event as a file: taken along, changed in an editor, brought back by the same rules."""

from flask import flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.dumping import NoEvent, dump
from event.eventfile import Document, WrongFile, parse
from event.loading import LoadRefused, load
from event.moves import moved
from event.sittings import Problem
from forms.programme import EventFileForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.loading_words import told
from pages.logos import drawable_in
from pages.organiser.blueprint import page
from pages.organiser.programme import overview, people_in
from pages.problems import sentence
from pages.security import shows_form_again

LARGEST = 480_000  # bytes: a large logo may stand in it


@page.get("/programme/event.toml")
@access.needs("organiser")
def event_file() -> Response:
    """What `flask event dump` writes."""
    answer = make_response(dump(db.session()))
    answer.content_type = "application/toml; charset=utf-8"
    name = f"{current.event().key}.toml"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page.post("/programme/file")
@access.needs("organiser")
@shows_form_again
def load_file() -> Response | tuple[str, int]:
    """Take a file, or refuse it whole; people whose sessions move are listed first."""
    form = EventFileForm()
    if not form.validate():
        return overview(form), 400
    data = form.file.data.read(LARGEST + 1) if form.file.data else (form.text.data or "").encode()
    if not data or len(data) > LARGEST:
        empty = _("Please choose the file.") if not data else _("An event file is far smaller.")
        form.file.errors = (empty,)
        return overview(form), 413 if data else 422
    name = form.file.data.filename if form.file.data else _("the file")
    try:
        document = drawable_in(parse(data, name), name)
        if form.file.data and (slots := moved(db.session(), document)):
            form.text.data = data.decode()
            return overview(form, moved={slot: people_in(slot) for slot in slots}), 200
        return _take(document)
    except (WrongFile, LoadRefused) as refused:
        return overview(form, problems=_lines(refused.problems)), 422
    except NoEvent:
        return _take(document)


def _take(document: Document) -> Response:
    loaded = load(db.session(), document, at=now(), by=access.me().email)
    line, keys = told(loaded)
    said = " ".join([line, ", ".join(keys)]).strip()
    flash(said, "good")
    return redirect(url_for("organiser.programme"), 303)


def _lines(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.where, sentence(problem)) for problem in problems]
