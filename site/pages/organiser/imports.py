"""Lists that offices send in: choose a file, see row by row what it would do, then take it in."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from event.delegations import Delegation
from event.imports import Import, past_imports
from event.programme import categories
from event.sheets import MAX_BYTES, WrongFile
from forms.imports import UploadForm
from pages import access, errors
from pages.database import db
from pages.import_words import file_problem
from pages.organiser.blueprint import page
from pages.organiser.corrections import corrections_file
from pages.organiser.taking_in import LOOK, few_rows, hand_over, look
from pages.organiser.uploads import Choices, NoUpload, Upload, find, rows_to_correct, store, sweep
from pages.security import shows_form_again

USUAL = "delegate"
LISTED = 50
"""Past imports on the first page."""


@page.get("/import")
@access.needs("organiser")
def import_page() -> str:
    """Where a file is chosen, and what was taken in before."""
    return _first_page(UploadForm())


@page.post("/import")
@access.needs("organiser")
@shows_form_again
def upload() -> Response | tuple[str, int]:
    """Keep the file and go on to what it would do; one that cannot be read is refused at once."""
    form = UploadForm()
    if not form.validate():
        return _first_page(form), 400 if "csrf_token" in form.errors else 422
    data = form.file.data.read()
    sent = store(access.me().id, data, _name(form.file.data.filename), _at_first())
    sweep()
    try:
        few = few_rows(sent)
    except WrongFile as wrong:
        return cannot_read(sent, wrong, 413 if len(data) > MAX_BYTES else 422)
    return look_at(sent, few=few)


def cannot_read(sent: Upload, wrong: WrongFile, status: int = 422) -> tuple[str, int]:
    """The first page again, with what is wrong with the file."""
    sent.drop()
    form = UploadForm(formdata=None)
    form.file.errors = (file_problem(wrong),)
    return _first_page(form), status


def look_at(sent: Upload, *, few: bool) -> Response:
    """See what a file would bring, now or, for a long list, in the worker."""
    if few:
        look(db.session(), sent)
    else:
        sent.forget_preview()
        return redirect(url_for("organiser.job", number=hand_over(sent, LOOK).id), 303)
    return redirect(url_for("organiser.preview", token=sent.token), 303)


def _first_page(form: UploadForm) -> str:
    past = (
        past_imports()
        .add_columns(Delegation)
        .outerjoin(Delegation, Delegation.id == Import.party_id)
    )
    return render_template(
        "organiser/imports.html",
        form=form,
        past=db.session().execute(past.limit(LISTED)).all(),
        limit=MAX_BYTES // 1024**2,
    )


def _at_first() -> Choices:
    """Lists of offices hold delegates, where the event has that category."""
    known = [each.key for each in db.session().scalars(categories())]
    return Choices(category=USUAL if USUAL in known else next(iter(known), ""))


def _name(sent_as: str) -> str:
    """The last part of a path, whatever system it comes from."""
    return sent_as.replace("\\", "/").rpartition("/")[2][-200:] or _("list")


@page.errorhandler(413)
def too_big(error: HTTPException) -> errors.Answer:
    """More than the server reads at all; only organisers have a form to be shown again."""
    person = access.signed_in()
    if request.endpoint != "organiser.upload" or person is None or not person.may("organiser"):
        return errors.show(error)
    form = UploadForm(formdata=None)
    form.file.errors = (file_problem(WrongFile("file.too_big", limit=MAX_BYTES // 1024**2)),)
    return _first_page(form), 413


@page.get("/imports/<int:number>")
@access.needs("organiser")
def imported(number: int) -> str:
    """What came of one import, and the rows to correct."""
    session = db.session()
    record = session.get(Import, number) or abort(404)
    party = session.get(Delegation, record.party_id) if record.party_id else None
    return render_template(
        "organiser/imported.html", record=record, party=party, rest=rows_to_correct(number)
    )


@page.get("/imports/<int:number>/corrections.<any(csv, xlsx):format>")
@access.needs("organiser")
def rest_of_import(number: int, format: str) -> Response:
    """The rows that were refused, as a file."""
    rest = rows_to_correct(number) or abort(404)
    return corrections_file(rest, format)


@page.get("/import/<token>/corrections.<any(csv, xlsx):format>")
@access.needs("organiser")
def rest_of_preview(token: str, format: str) -> Response:
    """The same before anything was taken in."""
    seen = find(access.me().id, token).preview or abort(404)
    return corrections_file(seen, format)


@page.errorhandler(NoUpload)
def no_such_upload(_error: NoUpload) -> tuple[str, int]:
    """Of another account, or too long ago: which one is not told."""
    return render_template("organiser/no_upload.html"), 404
