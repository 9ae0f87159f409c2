"""Work that goes on after the answer: how far it is, the file when it is done, and another try."""

from pathlib import PurePath
from urllib.parse import urlencode

from flask import abort, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from event.base import begin_writing
from event.jobs import CANCELLED, KEPT, Job, ask, asked_by, cancel, seconds_to_go
from event.printing import PrintRun, cancel_run, order_run
from pages import access, current
from pages.chores import file_of
from pages.clock import now
from pages.database import db
from pages.htmx import asked_by_htmx, go_to, page_or_part
from pages.organiser.blueprint import page
from pages.organiser.taking_in import LOOK, TAKE
from pages.organiser.uploads import NoUpload, find
from pages.worker import wake

IMPORTS = (LOOK, TAKE)
NAMES = {
    "list": _l("List"),
    "badges": _l("Badges"),
    LOOK: _l("Look at a list"),
    TAKE: _l("Import of a list"),
    "preflight": _l("Look through the badges"),
}
MAY_STOP = ("list", "badges", "preflight", "pack")
"""What leaves nothing half done behind it."""
WHY = {
    CANCELLED: _l("It was cancelled."),
    "job.gave_up": _l("It was begun three times and never came to an end."),
    "job.nobody": _l("There is nobody like that, so there are no badges."),
    "job.no_upload": _l("The file that was sent in is no longer there. Please send it again."),
    "job.wrong_ticks": _l("These ticks are of another event."),
    "job.too_wide": _l("These columns do not fit on the page. Please leave some out."),
    "job.unknown_session": _l("This session is no longer in the programme."),
}
TYPES = {
    ".csv": "text/csv",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@page.get("/work")
@access.needs("supervisor")
def work() -> str:
    """What one person asked for since yesterday."""
    mine = asked_by(access.me().email).where(Job.asked_at > now() - KEPT)
    return render_template("organiser/works.html", jobs=db.session().scalars(mine).all(), say=Say())


@page.get("/work/<int:number>")
@access.needs("supervisor")
def job(number: int) -> str | Response:
    """How far a job is. Once it is done its file comes by itself, or the page it was for."""
    found = _mine(number)
    done = found.done_at is not None and not found.failure
    if done and found.kind in IMPORTS:
        return go_to(url_for("organiser.preview", token=found.wish["upload"]))
    if done and found.kind == "ticks":
        return go_to(url_for("organiser.ticks_report", number=number))
    if done and found.kind == "preflight":
        chosen = urlencode({**found.wish["address"], "job": number})
        return go_to(f"{url_for('organiser.print_check')}?{chosen}")
    if done and asked_by_htmx():
        return go_to(url_for("organiser.job", number=number, start=1))
    return page_or_part(
        "organiser/work.html",
        "organiser/_work.html",
        job=found,
        say=Say(),
        start="start" in request.args,
    )


@page.get("/work/<int:number>/file")
@access.needs("supervisor")
def job_file(number: int) -> Response:
    """The file that a job made."""
    found = _mine(number)
    path = file_of(found)
    if not found.result or not path.is_file():
        abort(404)
    answer = send_file(
        path,
        mimetype=TYPES.get(path.suffix, "application/octet-stream"),
        as_attachment=True,
        download_name=PurePath(found.result).name,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.post("/work/<int:number>/again")
@access.needs("supervisor")
def again(number: int) -> Response:
    """The same once more, for a job that failed."""
    failed = _mine(number)
    if not failed.failure:
        return redirect(url_for("organiser.job", number=number), 303)
    anew = _once_more(failed)
    wake()
    return redirect(url_for("organiser.job", number=anew), 303)


def _once_more(failed: Job) -> int | None:
    """The number of a new job like this one; badges get a print run of their own."""
    session, by = db.session(), access.me().email
    if failed.kind == "badges":
        wish = {key: value for key, value in failed.wish.items() if key != "run"}
        return order_run(session, current.event(), wish, by=by, at=now()).job_id
    job = ask(session, failed.kind, failed.wish, by=by, at=now())
    _tell_upload(job)
    return job.id


@page.post("/work/<int:number>/cancel")
@access.needs("supervisor")
def stop_work(number: int) -> Response:
    """Stop a job; the worker leaves it within a second."""
    found, session = _mine(number), db.session()
    run = session.get(PrintRun, found.wish["run"]) if "run" in found.wish else None
    if run is not None:
        cancel_run(session, run, by=access.me().email, at=now())
    elif found.kind in MAY_STOP:
        begin_writing(session)
        cancel(session, found, at=now())
        session.commit()
    return redirect(url_for("organiser.job", number=number), 303)


def _tell_upload(job: Job) -> None:
    """The file of an import knows which job has it in hand."""
    if job.kind in IMPORTS:
        try:
            find(job.wish["staff"], job.wish["upload"]).tell(job=job.id)
        except NoUpload:
            return  # the job itself will say so


def _mine(number: int) -> Job:
    """Files hold personal data: each is for the person who asked for it."""
    found = db.session().get(Job, number)
    if found is None or found.asked_by != access.me().email:
        abort(404)
    return found


class Say:
    """What templates say of a job."""

    def name(self, job: Job) -> str:
        """What it makes."""
        return str(job.wish.get("title") or NAMES.get(job.kind, job.kind))

    def why(self, job: Job) -> str:
        """Why it failed; the general reason needs no further words."""
        return str(WHY.get(job.failure, ""))

    def state(self, job: Job) -> str:
        """waiting, working, done, cancelled or failed."""
        if job.failure == CANCELLED:
            return "cancelled"
        if job.done_at:
            return "failed" if job.failure else "done"
        return "working" if job.attempts else "waiting"

    def share(self, job: Job) -> int | None:
        """Per cent, or None as long as nobody knows."""
        return min(100, job.progress * 100 // job.total) if job.total else None

    def to_go(self, job: Job) -> int | None:
        """Seconds, or None as long as nobody knows."""
        return seconds_to_go(job, at=now())

    def may_stop(self, job: Job) -> bool:
        """Whether a button stops it."""
        return job.kind in MAY_STOP and not job.done_at

    def run(self, job: Job) -> int | None:
        """The number of its print run."""
        return job.wish.get("run")

    def file_there(self, job: Job) -> bool:
        """Whether it can be fetched."""
        return bool(job.result) and file_of(job).is_file()
