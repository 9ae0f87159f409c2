"""Mails that came back: how the mailbox is read, and reports that an organiser brings as files."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from event.reports import mails_in, read_report
from event.returned import Told, take_note
from forms.mails import ReturnedForm
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.letters import sender
from pages.organiser.blueprint import page
from pages.returned import last_reading
from pages.security import shows_form_again

MOST = 2000
"""Mails taken from what is brought at once."""


@page.get("/mails/returned")
@access.needs("organiser")
def returned_mails() -> str:
    """When the mailbox was last read, and the form for files."""
    return _show(ReturnedForm())


@page.post("/mails/returned")
@access.needs("organiser")
@shows_form_again
def bring_returned() -> Response | tuple[str, int]:
    """Mark what came back, and say how much that was."""
    form = ReturnedForm()
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    told = _told(form.files.data)
    flash(_in_words(told), "good" if told.returned else "warn")
    if told.returned:
        return redirect(url_for("organiser.mails", state="returned"), 303)
    return redirect(url_for("organiser.returned_mails"), 303)


def _told(files: list[FileStorage]) -> Told:
    mails = [mail for file in files for mail in mails_in(file.read())][:MOST]
    reports = [read_report(mail) for mail in mails]
    return sum(take_note(db.session(), reports, current.keys().links, at=now()), Told())


def _in_words(told: Told) -> str:
    parts = [_("%(count)s mails came back and are marked now", count=told.returned)]
    if told.known:
        parts.append(_("%(count)s were known already", count=told.known))
    if told.late:
        parts.append(_("%(count)s are only late", count=told.late))
    if told.others:
        parts.append(_("%(count)s files or mails report nothing about ours", count=told.others))
    return ", ".join(parts) + "."


def _show(form: ReturnedForm) -> str:
    return render_template(
        "organiser/returned.html",
        form=form,
        reading=last_reading(),
        sender=sender(),
        limit=current_app.config["MAX_CONTENT_LENGTH"] // 1024 // 1024,
    )
