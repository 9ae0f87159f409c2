"""The register of wishes about personal data: what is due when, and who saw to it."""

from datetime import date
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

import exports
from event.attendees import Attendee
from event.data_requests import (
    DONE,
    REFUSED,
    Asked,
    DataRequest,
    answer,
    data_requests,
    settle,
    write_down,
)
from event.journal import history
from event.scans import day_of
from forms.data_requests import KINDS, WAYS, DataRequestForm
from forms.organiser import LARGEST_NUMBER, SureForm
from pages import access, current
from pages.clock import noon, now
from pages.database import db
from pages.forgetting import forget_person
from pages.organiser.blueprint import page
from pages.organiser.corrections import TYPES
from pages.organiser.stories import stories, who
from pages.security import shows_form_again
from pages.wording import day, moment

PAPER = "application/pdf"
DO = ("answered", DONE, REFUSED, "erase")


@page.route("/data/new", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def new_data_request() -> Response | tuple[str, int]:
    """Enter what came by phone, by letter or at the desk."""
    form = DataRequestForm(today=today(), known=_known, data={"received": today()})
    if not form.is_submitted():
        form.code.data = request.args.get("code", "")
        return _show(form), 200
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    event = current.event()
    asked = Asked(
        form.kind.data, form.channel.data, noon(form.received.data, event.zone), form.number,
        form.who.data or "", form.contact.data or "", form.words.data or "",
    )  # fmt: skip
    number = write_down(db.session(), event, asked, at=now(), by=access.me().email)
    flash(_("The request is entered, with its deadlines."), "good")
    return redirect(url_for("organiser.data_request", number=number), 303)


@page.get("/data/<int:number>")
@access.needs("organiser")
def data_request(number: int) -> str:
    """One wish, what can be done about it, and what was done."""
    return _one(_the_request(number))


@page.post("/data/<int:number>/<any(answered, done, refused, erase):what>")
@access.needs("organiser")
@shows_form_again
def see_to(number: int, what: str) -> Response | tuple[str, int]:
    """Note that it was answered or settled; or erase the person, which settles it."""
    wish = _the_request(number)
    if not SureForm().validate():
        return _one(wish, stale=True), 400
    by, at = access.me().email, now()
    if what == "answered":
        answer(db.session(), wish, at=at, by=by)
    elif what == "erase":
        _erase(wish)
    else:
        settle(db.session(), wish, what, at=at, by=by)
    flash(_("Noted."), "good")
    return redirect(url_for("organiser.data_request", number=number), 303)


def _erase(wish: DataRequest) -> None:
    if wish.kind != "deletion" or wish.attendee is None or wish.settled_at:
        abort(409)
    by, at = access.me().email, now()
    forget_person(wish.attendee, by)
    settle(db.session(), wish, DONE, at=at, by=by)


@page.get("/data/requests.<any(csv, xlsx, pdf):format>")
@access.needs("organiser")
def data_request_list(format: str) -> Response:
    """The whole register, to hand to whoever supervises it."""
    out = BytesIO()
    exports.formats.WRITERS[format](_table(), out)
    out.seek(0)
    kind = TYPES.get(format, PAPER)
    name = f"{_('Requests about personal data')}.{format}"
    return send_file(out, mimetype=kind, as_attachment=True, download_name=name)


def _table() -> "exports.tables.Table":
    column = exports.tables.Column
    event, language = current.event(), current.language()
    return exports.tables.Table(
        title=_("Requests about personal data"),
        columns=(
            column(_("Wish"), 12), column(_("How it came"), 10), column(_("Number"), 7),
            column(_("Received"), 10), column(_("Answer by"), 10), column(_("Settle by"), 10),
            column(_("Answered"), 16), column(_("Settled"), 16), column(_("Outcome"), 10),
        ),
        rows=[_row(wish) for wish in db.session().scalars(data_requests())],
        context=(event.name.in_(language),),
        letterhead=exports.lists.letterhead(event, now()),
        unit=_("requests"),
    )  # fmt: skip


def _row(wish: DataRequest) -> tuple[str, ...]:
    def done(at: object, by: str) -> str:
        return f"{moment(at)} · {who(by)}" if at else ""  # type: ignore[arg-type]

    return (
        str(KINDS[wish.kind]), str(WAYS[wish.channel]), f"{wish.attendee_id or 0:05d}",
        day(wish.received_at), day(wish.answer_by), day(wish.settle_by),
        done(wish.answered_at, wish.answered_by), done(wish.settled_at, wish.settled_by),
        outcome(wish),
    )  # fmt: skip


def outcome(wish: DataRequest) -> str:
    """How it ended, or what is overdue."""
    if wish.settled_at:
        return _("refused") if wish.outcome == REFUSED else _("done")
    late = {"settle": _("overdue"), "answer": _("answer overdue"), "": _("still open")}
    return late[wish.late(today())]


def today() -> date:
    """The day at the place of the event."""
    return day_of(current.event(), now())


def _known(number: int) -> bool:
    return db.session().get(Attendee, number) is not None


def _the_request(number: int) -> DataRequest:
    if number > LARGEST_NUMBER:
        abort(404)
    with_person = joinedload(DataRequest.attendee)
    return db.session().get(DataRequest, number, options=[with_person]) or abort(404)


def _show(form: DataRequestForm) -> str:
    return render_template("organiser/data_request_form.html", form=form)


def _one(wish: DataRequest, *, stale: bool = False) -> str:
    return render_template(
        "organiser/data_request.html",
        wish=wish,
        kinds=KINDS,
        ways=WAYS,
        late=wish.late(today()),
        outcome=outcome(wish),
        stories=stories(db.session().scalars(history("request", wish.id))),
        who=who,
        stale=stale,
    )
