"""The offline pack: ordered here, made by the worker; and the ticks that come back from it."""

from dataclasses import asdict
from pathlib import Path

import msgspec
from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.designs import design_of
from event.jobs import Job, ask
from event.packing import Pack, order_pack
from event.programme import checkpoints
from event.ticks import MAX_BYTES, Report, WrongTicks, read_ticks
from forms.packing import PackForm, TicksForm
from pages import access, current, ticks_words
from pages.chores import file_of
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.packing import new_number, sealed
from pages.security import shows_form_again
from pages.wording import words
from pages.worker import wake

PACK, TICKS = "pack", "ticks"


@page.get("/pack")
@access.needs("organiser")
def pack_page() -> str:
    """What goes into the pack, and under which password."""
    return render_template("pack/order.html", form=PackForm(design_of(db.session())))


@page.post("/pack")
@access.needs("organiser")
@shows_form_again
def pack() -> Response | tuple[str, int]:
    """Order it, and go on to where it can be fetched."""
    form = PackForm(design_of(db.session()))
    if not form.validate():
        status = 400 if "csrf_token" in form.errors else 422
        return render_template("pack/order.html", form=form), status
    wanted = Pack(
        new_number(),
        form.language.data,
        form.layout.data,
        bool(form.contacts.data),
        form.password.data or "",
    )
    wish = asdict(wanted) | {"password": sealed(wanted.password)}
    wish |= {"title": _("Offline pack"), "format": "zip"}
    by = access.me().email
    job = order_pack(db.session(), current.event(), wanted, wish, by=by, at=now())
    wake()
    return redirect(url_for("organiser.job", number=job.id), 303)


@page.get("/ticks")
@access.needs("organiser")
def ticks_page() -> str:
    """Where a file of ticks is chosen."""
    return render_template("pack/ticks.html", form=TicksForm(), limit=MAX_BYTES // 1024**2)


@page.post("/ticks")
@access.needs("organiser")
@shows_form_again
def ticks() -> Response | tuple[str, int]:
    """Hand a file over to the worker; one that cannot be taken in is refused at once."""
    form = TicksForm()
    status = 400
    if form.validate():
        try:
            return _hand_over(form.file.data.read(MAX_BYTES + 1))
        except WrongTicks as wrong:
            form.file.errors = (ticks_words.problem(wrong),)
    if "csrf_token" not in form.errors:
        status = 422
    return render_template("pack/ticks.html", form=form, limit=MAX_BYTES // 1024**2), status


def _hand_over(data: bytes) -> Response:
    if len(data) > MAX_BYTES:
        raise WrongTicks("too_big")
    read_ticks(data, current.event(), current.keys().links)
    me = access.me()
    wish = {"ticks": data.decode(), "staff": me.id, "title": _("Ticks of an offline pack")}
    job = ask(db.session(), TICKS, wish, by=me.email, at=now())
    wake()
    return redirect(url_for("organiser.job", number=job.id), 303)


@page.get("/ticks/<int:number>")
@access.needs("organiser")
def ticks_report(number: int) -> str:
    """What came of a file of ticks, to whoever brought it."""
    report = _read(_report_of(number))
    names = {place.key: words(place.name) for place in db.session().scalars(checkpoints())}
    return render_template(
        "pack/report.html", report=report, names=names, why=ticks_words.why, number=int
    )


def _report_of(number: int) -> Path:
    job = db.session().get(Job, number)
    if job is None or job.kind != TICKS or job.asked_by != access.me().email or not job.result:
        abort(404)
    return file_of(job)


def _read(path: Path) -> Report:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except FileNotFoundError:
        abort(404)
