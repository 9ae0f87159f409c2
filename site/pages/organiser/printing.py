"""Print runs: what to look at before, which there were, and their files once more."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import msgspec
from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

import exports
from event.jobs import Job, ask, seconds_to_go
from event.journal import note
from event.layouts import Imposing
from event.people import filtered, how_many
from event.printing import PrintRun, call_trial, cancel_run, drop_file, last_run, runs
from event.reprints import Reprint, reprints
from forms.badge_options import chosen_for
from forms.downloads import ExportForm, Known
from forms.organiser import a_number
from forms.printing import WHY, InWords, how_imposed, reasons_in_words
from pages import access, current
from pages.being_written import is_held
from pages.chores import draft_of_run, file_of, file_of_run
from pages.clock import now
from pages.database import db
from pages.htmx import page_or_part
from pages.organiser.blueprint import page
from pages.organiser.known import known
from pages.organiser.person import LARGEST_NUMBER
from pages.press import digest
from pages.worker import wake

ON_A_PAGE = 50
LOOKED_AT_ONCE = 10_000
"""So many badges are looked through in about a second; more are a job for the worker."""
TO_BEGIN, TO_TELL = timedelta(seconds=5), timedelta(minutes=5)
"""So long a command may take until it writes its file, and from then on until the run is done."""
FIRST = 50
"""How many people of a kind are shown at first."""


@dataclass(frozen=True)
class Line:
    """One print run with its job, as long as there is one, and whom it was about."""

    run: PrintRun
    job: Job | None
    people: list[str]

    @property
    def state(self) -> str:
        """done, dropped, cancelled, waiting, working or failed."""
        if self.run.done_at:
            return "done" if self.run.kept else "dropped"
        if self.run.cancelled_at:
            return "cancelled"
        if self.job is None:  # from the command line, or long ago
            return "working" if self._written_by_a_command else "failed"
        if self.job.done_at:
            return "failed"
        return "working" if self.job.attempts else "waiting"

    @property
    def how(self) -> list[str]:
        """Sides, order and shift, where they are not the usual ones."""
        return how_imposed(self.run.options)

    @property
    def _written_by_a_command(self) -> bool:
        """One that was killed holds its draft no longer."""
        number, age = self.run.id, now() - self.run.at
        whole = file_of_run(number).exists() and age < TO_TELL
        return age < TO_BEGIN or whole or is_held(draft_of_run(number))

    @property
    def reasons(self) -> list[str]:
        """Why so many were printed."""
        return reasons_in_words(self.run.reasons)

    @property
    def going_on(self) -> bool:
        """Whether the worker has it before it."""
        return self.state in ("waiting", "working")

    @property
    def to_go(self) -> int | None:
        """Seconds, or None as long as nobody knows."""
        return seconds_to_go(self.job, at=now()) if self.job else None


@page.get("/prints")
@access.needs("organiser")
def prints() -> str:
    """Print runs, the newest first."""
    before = request.args.get("before", type=a_number)
    query = runs().limit(ON_A_PAGE + 1)
    if before is not None:
        query = query.where(PrintRun.id < before)
    choices = known()
    words = InWords(choices)
    found = [Line(run, job, words.lines(run.people)) for run, job in db.session().execute(query)]
    return page_or_part(
        "organiser/prints.html",
        "organiser/_prints.html",
        lines=found[:ON_A_PAGE],
        older=found[ON_A_PAGE - 1].run.id if len(found) > ON_A_PAGE else None,
        layouts=choices.design.names(current.language()),
        going_on=any(line.going_on for line in found[:ON_A_PAGE]),
        as_last=_as_last(choices),
    )


@page.get("/prints/check")
@access.needs("organiser")
def print_check() -> str | Response | tuple[str, int]:
    """What should be looked at before these badges are printed. It never stands in the way."""
    form = ExportForm(request.args, known())
    if not form.validate():
        return redirect(_choice())
    people = how_many(db.session(), form.people)
    return render_template(
        "organiser/print_check.html",
        people=people,
        layout=" · ".join((form.layout_name, *how_imposed(form.imposing.options))),
        words=InWords(known()).lines(form.people),
        report=_report(form, people),
        reprints=_reprints(form, people),
        why=WHY,
        kinds=exports.preflight.KINDS,
        wish=_wish(),
        choice=_choice(),
        show=request.args.get("show", ""),
        first=FIRST,
        job=request.args.get("job", type=a_number),
    )


def _as_last(choices: Known) -> dict[str, str]:
    """What to choose for badges like those of the last run, as it stands in an address."""
    run = last_run(db.session())
    if run is None or run.layout not in choices.design.layouts:
        return {}
    return {"layout": run.layout, **chosen_for(Imposing.wished(run.options))}


def _reprints(form: ExportForm, people: int) -> list[Reprint]:
    """Why each is printed anew, where that was asked and is not too much for a page."""
    if not form.people.get("changed") or people > LOOKED_AT_ONCE:
        return []
    return list(reprints(db.session(), filtered(form.people)))


def _choice() -> str:
    """The page where it is chosen what to print, with what was chosen."""
    return f"{url_for('organiser.exports_page')}?{urlencode(_wish())}"


def _wish() -> dict[str, str]:
    """What stands in the address, without what only this page understands."""
    own = ("job", "show")
    return {name: value for name, value in request.args.items() if value and name not in own}


def _report(form: ExportForm, people: int) -> "exports.preflight.Report | None":
    """At once, or from the job that made it; None as long as nobody has looked."""
    number = request.args.get("job", type=a_number)
    if number is not None:
        return _made(db.session().get(Job, number))
    if people > LOOKED_AT_ONCE:
        return None
    return exports.preflight.look(db.session(), form.people, form.layout.data)


def _made(job: Job | None) -> "exports.preflight.Report | None":
    if job is None or job.kind != "preflight" or job.asked_by != access.me().email:
        return abort(404)
    path = file_of(job)
    if not job.result or not path.is_file():
        return None
    return msgspec.json.decode(path.read_bytes(), type=exports.preflight.Report)


@page.post("/prints/check")
@access.needs("organiser")
def look_through() -> Response:
    """Let the worker look, where there are too many badges for a page to wait."""
    form = ExportForm(request.args, known())
    if not form.validate():
        return redirect(_choice(), 303)
    wish = {
        "people": form.people,
        "layout": form.layout.data,
        "title": _("Look through the badges"),
        "address": _wish(),
    }
    job = ask(db.session(), "preflight", wish, by=access.me().email, at=now())
    wake()
    return redirect(url_for("organiser.job", number=job.id), 303)


@page.get("/prints/<int:number>/file")
@access.needs("organiser")
def print_file(number: int) -> Response:
    """The same file again, byte for byte; who takes it is in the journal."""
    run = _run(number)
    path = file_of_run(number)
    if not run.kept or not path.is_file():
        abort(404)
    if digest(path) != run.sha256:
        flash(
            _("The file of print run %(number)s is damaged. Please print it anew.", number=number),
            "bad",
        )
        return redirect(url_for("organiser.prints"))
    note(db.session(), "exported", "run", number, by=access.me().email, at=now(), list="badges")
    db.session().commit()
    answer = send_file(
        path,
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{number} - {run.file_name}",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page.post("/prints/<int:number>/cancel")
@access.needs("organiser")
def cancel_print(number: int) -> Response:
    """Stop a run that is not done; nobody is marked as printed."""
    run = _run(number)
    if cancel_run(db.session(), run, by=access.me().email, at=now()):
        flash(_("Print run %(number)s is cancelled.", number=number), "good")
    else:
        flash(_("Print run %(number)s was over already.", number=number), "warn")
    return redirect(url_for("organiser.prints"), 303)


@page.post("/prints/<int:number>/drop")
@access.needs("organiser")
def drop_print(number: int) -> Response:
    """Keep the file no longer. That these badges were printed is still known."""
    run = _run(number)
    drop_file(db.session(), run, by=access.me().email, at=now())
    if run.dropped_at:
        file_of_run(number).unlink(missing_ok=True)
        flash(_("The file of print run %(number)s is removed.", number=number), "good")
    return redirect(url_for("organiser.prints"), 303)


@page.post("/prints/<int:number>/trial")
@access.needs("organiser")
def call_print_trial(number: int) -> Response:
    """Nobody counts as printed by it any more, so that badges are still printed for them."""
    if call_trial(db.session(), _run(number), by=access.me().email, at=now()):
        file_of_run(number).unlink(missing_ok=True)
        flash(_("Nobody counts as printed by run %(number)s any more.", number=number), "good")
    else:
        flash(_("The file of print run %(number)s is removed.", number=number), "warn")
    return redirect(url_for("organiser.prints"), 303)


def _run(number: int) -> PrintRun:
    query = select(PrintRun).where(PrintRun.id == number)
    found = db.session().scalar(query) if number <= LARGEST_NUMBER else None
    return found or abort(404)
