"""The outbox as organisers see it: what goes to whom, what became of it, and each mail to read."""

from typing import Any

from flask import (
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.circulars import STOPPED, circulars
from event.mail import Circular, Mail
from event.resending import try_again
from forms.organiser import a_number
from pages import access
from pages.clock import now
from pages.database import db
from pages.htmx import page_or_part
from pages.letters import sender
from pages.organiser.blueprint import page
from pages.organiser.mail_names import names_of
from pages.reading import as_sent, body_of, file_of, files_of, framed
from pages.returned import last_reading
from pages.worker import wake

ON_A_PAGE = 50
STATES = {
    "waiting": (Mail.done_at.is_(None), Mail.failure == ""),
    "again": (Mail.done_at.is_(None), Mail.failure != ""),
    "sent": (Mail.done_at.is_not(None), Mail.failure == ""),
    "failed": (
        Mail.done_at.is_not(None),
        Mail.returned_at.is_(None),
        Mail.failure.not_in(["", STOPPED, "mail.invented"]),
    ),
    "returned": (Mail.returned_at.is_not(None),),
    "unsure": (Mail.unsure > 0,),
}
"""What a mail can be asked for by, with what makes it so."""


@page.get("/mails")
@access.needs("organiser")
def mails() -> str:
    """The newest first, narrowed to a state or to one letter; above them the letters to many."""
    asked = _asked()
    before = request.args.get("before", type=a_number)
    query = _narrowed(asked).limit(ON_A_PAGE + 1)
    if before is not None:
        query = query.where(Mail.id < before)
    found = db.session().execute(query).all()
    return page_or_part(
        "organiser/mails.html",
        "organiser/_mails.html",
        rows=found[:ON_A_PAGE],
        names=names_of([row[0] for row in found[:ON_A_PAGE]]),
        asked=asked,
        counts=_counts(asked),
        older=found[ON_A_PAGE - 1][0].id if len(found) > ON_A_PAGE else None,
        letters=db.session().scalars(circulars()).all(),
        by_smtp=bool(current_app.config["SMTP_URL"]),
        sender=sender(),
        reading=last_reading(),
    )


def _asked() -> dict[str, str]:
    """State and letter, as they stand in the address."""
    asked = {name: request.args.get(name, "") for name in ("state", "circular")}
    if asked["state"] not in (*STATES, ""):
        abort(400)
    try:
        a_number(asked["circular"] or "0")
    except ValueError:
        abort(400)
    return {name: value for name, value in asked.items() if value}


def _narrowed(asked: dict[str, str]) -> Select[Mail, Attendee | None]:
    query = select(Mail, Attendee).outerjoin(Attendee, Attendee.id == Mail.attendee_id)
    query = query.where(*_conditions(asked)).order_by(Mail.id.desc())
    return query.where(*STATES[asked["state"]]) if "state" in asked else query


def _conditions(asked: dict[str, str]) -> list[Any]:
    return [Mail.circular_id == int(asked["circular"])] if "circular" in asked else []


def _counts(asked: dict[str, str]) -> dict[str, int]:
    """How many mails are in each state."""
    sums = [func.count().filter(*conditions) for conditions in STATES.values()]
    row = db.session().execute(select(*sums).select_from(Mail).where(*_conditions(asked))).one()
    return dict(zip(STATES, row, strict=True))


@page.app_template_filter()
def is_a_file(mail: Mail) -> bool:
    """Whether it lies on this site instead of having gone out."""
    return file_of(mail).is_file()


def mail_of(number: int) -> Mail:
    """The mail of that number; answers 404 where there is none."""
    return db.session().get(Mail, number) or abort(404)


@page.get("/mails/<int(max=2147483647):number>")
@access.needs("supervisor")
def mail(number: int) -> str:
    """One mail: to whom, what became of it, and all that is in it."""
    found = mail_of(number)
    message = as_sent(found)
    return render_template(
        "organiser/mail.html",
        mail=found,
        name=names_of([found])[number],
        person=db.session().get(Attendee, found.attendee_id) if found.attendee_id else None,
        letter=db.session().get(Circular, found.circular_id) if found.circular_id else None,
        message=message,
        text=body_of(message, "plain") if message else "",
        files=files_of(message) if message else [],
        is_file=file_of(found).is_file(),
    )


@page.get("/mails/<int(max=2147483647):number>/page")
@access.needs("supervisor")
def mail_page(number: int) -> Response:
    """Its HTML, for the frame on the page above."""
    return framed(as_sent(mail_of(number)) or abort(404))


@page.get("/mails/<int(max=2147483647):number>/files/<int(max=99):which>")
@access.needs("supervisor")
def mail_file(number: int, which: int) -> Response:
    """One of the files that hang on it."""
    message = as_sent(mail_of(number)) or abort(404)
    files = files_of(message)
    if which >= len(files):
        abort(404)
    answer = make_response(files[which].data)
    answer.mimetype = files[which].kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{files[which].name}"'
    return answer


@page.post("/mails/<int(max=2147483647):number>/again")
@access.needs("supervisor")
def mail_again(number: int) -> Response:
    """Try a mail once more that waits or was given up."""
    try_again(db.session(), mail_of(number), at=now())
    wake()
    flash(_("It is tried again now."), "good")
    return redirect(url_for("organiser.mail", number=number), 303)
