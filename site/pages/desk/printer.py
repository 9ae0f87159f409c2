"""The printer at the desk: a page that takes badges from the queue and prints them one by one."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

import exports
from event import printqueue
from event.attendees import Attendee, everyone
from event.designs import design_of
from event.looks import TracksShown, looks_now
from event.names import clean
from event.printed_at_desk import drawn, printed
from event.printing import Mark
from event.printqueue import Beat, Elsewhere, Printer, PrintJob
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page
from pages.press import marked

SHOWN = 100
LATELY = 10
LONGEST_MARK = 40


@dataclass(frozen=True)
class Line:
    """A badge in the queue, and how it stands."""

    job: PrintJob
    state: str
    minutes: int


def mine() -> Printer | None:
    """The printer of this browser, if it was named."""
    return db.session().scalar(select(Printer).where(Printer.device == access.device()))


@page.get("/printer")
@access.needs("desk")
def printer() -> str:
    """Where this browser prints, and the queue."""
    return render_template(
        "desk/printer.html",
        printer=mine(),
        mark=secrets.token_hex(8),
        others=printqueue.openings(db.session(), at=now()),
        **_queue(),
    )


@page.get("/printer/queue")
@access.needs("desk")
def print_queue() -> str:
    """The list alone, which renews itself."""
    return render_template("desk/_queue.html", **_queue())


def _queue() -> dict[str, Any]:
    whole = (joinedload(PrintJob.attendee), joinedload(PrintJob.printer))
    session = db.session()
    to_come = session.scalars(printqueue.to_print().options(*whole).limit(SHOWN))
    over = session.scalars(printqueue.lately().options(*whole).limit(LATELY))
    return {"to_come": [_line(job) for job in to_come], "over": [_line(job) for job in over]}


def _line(job: PrintJob) -> Line:
    age = now() - (job.over_at or job.queued_at)
    return Line(job, job.state(now()), max(0, int(age.total_seconds() // 60)))


@page.post("/printer")
@access.needs("desk")
def open_printer() -> AnyResponse:
    """Name it, and guests are sent here; or close it."""
    known = mine()
    if request.form.get("close"):
        if known:
            printqueue.close_printer(db.session(), known)
            flash(_("This printer is closed. What waits is printed where another is open."), "good")
        return redirect("/checkin/printer", 303)
    name = clean(request.form.get("name", ""))[: printqueue.LONGEST_NAME]
    if not name:
        flash(_("Give the desk a name that guests will find, such as Desk 1."), "bad")
        return redirect("/checkin/printer", 303)
    printqueue.open_printer(db.session(), access.device(), name, at=now())
    return redirect("/checkin/printer", 303)


@page.post("/printer/beat")
@access.needs("desk")
def printer_beat() -> Response | tuple[Response, int]:
    """A sign of life every few seconds; the answer is the next badge to print, if there is one."""
    sign = Beat(
        access.device(),
        clean(request.form.get("page", ""))[:LONGEST_MARK] or abort(400),
        fresh=bool(request.form.get("fresh")),
    )
    try:
        job = printqueue.beat(db.session(), sign, at=now())
    except Elsewhere:
        return jsonify(elsewhere=True), 409
    return jsonify(job=job.id if job else None)


@page.post("/printer/jobs/<int(max=2147483647):number>/draw")
@access.needs("desk")
def draw_badge(number: int) -> Response:
    """The badge as a picture that prints, and a note of what stands on it."""
    job = _job(number)
    marks: list[Mark] = []
    looks, tracks = looks_now(db.session()), TracksShown(db.session())
    only = everyone().where(Attendee.id == job.attendee_id)
    faces = exports.faces.faces(
        db.session(), current.event(), current.keys().badges, only,
        lambda row: marks.append(marked(row, tracks)),
    )  # fmt: skip
    badge = next(faces, None) or abort(409)
    design = design_of(db.session())
    picture = exports.badge_picture.badge_svg(badge, design)
    drawn(db.session(), job, marks[0], looks, design.single)
    return Response(picture, content_type="image/svg+xml")


@page.post("/printer/jobs/<int(max=2147483647):number>")
@access.needs("desk")
def end_job(number: int) -> AnyResponse:
    """What became of a badge: done, failed, cancel or again."""
    job, session = _job(number), db.session()
    match request.form.get("became", ""):
        case "done":
            printed(session, job, by=access.me().email, at=now())
        case "failed":
            printqueue.fail(session, job, at=now())
        case "cancel":
            printqueue.cancel(session, job, at=now())
        case "again":
            printqueue.put_back(session, job, at=now())
        case _:
            abort(422)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(over=job.over)
    return redirect("/checkin/printer", 303)


def _job(number: int) -> PrintJob:
    return db.session().get(PrintJob, number) or abort(404)


@page.get("/printer/paper.css")
@access.needs("desk")
def paper_css() -> Response:
    """The sheet that the badge is printed on: as large as the badge, without margins."""
    design = design_of(db.session())
    width, height = design.layouts[design.single].paper
    text = f"@page {{ size: {width:g}mm {height:g}mm; margin: 0; }}\n"
    return Response(text, content_type="text/css; charset=utf-8")
